import { Hono } from 'hono'
import { listBookings, listPropertyChanges, type EnvironmentRow } from '../../db/queries/environments.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { findPool } from '../../db/queries/pools.ts'
import { can } from '../../engine/access.ts'
import { readLosing } from '../../engine/environments/losing.ts'
import { dayMs, localOf } from '../../engine/time.ts'
import { mondayOf, week, weekOf } from '../calendar-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import { columns, linkButton, notice, sayMoment, section, type Content } from '../parts.ts'
import { bookingTable } from './bookings.ts'
import { booking } from './environment-booking.ts'
import { properties, readEnvironment, settings } from './environment-forms.ts'

/** One environment: who has it, when it is free, and what is in it. */
export const environment = new Hono<WebEnv>().get('/environments/:id', async (c) => {
  const { ctx, view } = c.var
  const found = await readEnvironment(ctx, c.req.param('id'))
  const monday = mondayOf(localOf(view.now, view.person.zone).day)
  const { from, to } = weekOf(monday, view.person.zone)
  const [shown, bookings, history, people, manages, mayUnshare, losing, pool] = await Promise.all([
    listBookings(ctx.db, {
      orgId: ctx.orgId,
      environmentId: found.id,
      from,
      to,
      states: ['booked', 'active', 'expired', 'released'],
    }),
    listBookings(ctx.db, {
      orgId: ctx.orgId,
      environmentId: found.id,
      from: new Date(view.now.getTime() - 7 * dayMs),
      states: ['booked', 'active', 'released', 'expired', 'cancelled'],
    }),
    listPropertyChanges(ctx.db, found.id),
    listPeople(ctx.db, ctx.orgId),
    can(ctx, 'manage_environments', { poolId: found.poolId }),
    can(ctx, 'manage_environments'),
    readLosing(ctx, found.id),
    findPool(ctx.db, { orgId: ctx.orgId, id: found.poolId }),
  ])
  const form = found.available ? await booking(ctx, { found, view, query: c.req.query() }) : null
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return show(
    c,
    found.name,
    [
      holding(found, view),
      section('This week', week([found], shown, { monday, view })),
      form ? section('Book', form) : null,
      columns(
        [
          [section('Bookings', bookingTable(bookings.toReversed(), view))],
          [
            section(
              'Properties',
              properties(found, {
                view,
                manages,
                history: history.map((one) => ({ ...one, who: names.get(one.personId ?? '') ?? 'a job' })),
              }),
            ),
            manages
              ? section('Settings', settings(found, { view, poolName: pool?.name ?? 'its pool', losing, mayUnshare }))
              : null,
          ],
        ],
        'wide',
      ),
    ],
    {
      trail: [['/environments', 'Environments']],
      lead: `${found.type} · bookings of ${found.maxHours} hours at most`,
      actions: [
        found.resourceId ? linkButton(`/resources/${found.resourceId}`, 'Resource') : '',
        linkButton(`/events?kind=environment&id=${found.id}`, 'Events'),
      ],
    },
  )
})

function holding(found: EnvironmentRow, view: View): Content {
  const { current } = found
  if (!current)
    return notice(
      found.available ? 'good' : 'plain',
      found.available ? `${found.name} is free now.` : `${found.name} cannot be booked now.`,
    )
  const until = `${found.name} is in use by ${current.holder} until ${sayMoment(current.endsAt, view.person.zone)}${current.reason ? ` (${current.reason})` : ''}.`
  return notice('warn', until)
}
