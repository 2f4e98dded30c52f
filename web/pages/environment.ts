import { Hono } from 'hono'
import {
  findBooking,
  findEnvironment,
  listBookings,
  listPropertyChanges,
  type BookingRow,
  type EnvironmentRow,
} from '../../db/queries/environments.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { can } from '../../engine/access.ts'
import type { Context } from '../../engine/context.ts'
import { bookEnvironment, extendBooking, releaseBooking, reviveBooking } from '../../engine/environments/bookings.ts'
import {
  ChangeEnvironment,
  changeEnvironment,
  deleteEnvironment,
  setProperties,
} from '../../engine/environments/environment.ts'
import { notFound } from '../../engine/errors.ts'
import { dayMs, localOf } from '../../engine/time.ts'
import { act } from '../act.ts'
import { bookingForm, slotOf } from '../booking-parts.ts'
import { mondayOf, week, weekOf } from '../calendar-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, readForm, textInput } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  badge,
  columns,
  facts,
  fold,
  link,
  linkButton,
  money,
  moment,
  notice,
  quiet,
  row,
  sayMoment,
  section,
  table,
  twoLines,
  type Content,
} from '../parts.ts'
import { stateBadge } from './environments.ts'

const Change = ChangeEnvironment.pick({ name: true, hourlyCost: true, maxHours: true, active: true })

/** One environment: who has it, when it is free, and what is in it. */
export const environment = new Hono<WebEnv>()
  .get('/environments/:id', async (c) => {
    const { ctx, view } = c.var
    const found = await readEnvironment(ctx, c.req.param('id'))
    const monday = mondayOf(localOf(view.now, view.person.zone).day)
    const { from, to } = weekOf(monday, view.person.zone)
    const [shown, bookings, history, people, manages] = await Promise.all([
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
    ])
    const names = new Map(people.map(({ id, name }) => [id, name]))
    return show(
      c,
      found.name,
      [
        holding(found, view),
        section('This week', week([found], shown, { monday, view })),
        found.available ? section('Book', bookingForm(view, { environments: [found] })) : null,
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
              manages ? section('Settings', settings(found, view)) : null,
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
  .post('/environments/:id/change', async (c) => {
    const { id } = await readEnvironment(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/environments/${id}`,
      form: 'change',
      run: async (ctx, values) => {
        const changed = await changeEnvironment(ctx, { environmentId: id, ...Change.parse(readForm(Change, values)) })
        return `${changed.name} was changed.`
      },
    })
  })
  .post('/environments/:id/properties', async (c) => {
    const { id } = await readEnvironment(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/environments/${id}`,
      form: 'property',
      run: async (ctx, { name = '', value = '' }) => {
        await setProperties(ctx, { environmentId: id, properties: { [name]: value === '' ? null : value } })
        return value === '' ? `${name} was removed.` : `${name} is now ${value}.`
      },
    })
  })
  .post('/environments/:id/delete', async (c) => {
    const { id, name } = await readEnvironment(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/environments/${id}`,
      run: async (ctx) => {
        await deleteEnvironment(ctx, { environmentId: id })
        return { say: `${name} was deleted with its bookings.`, goTo: '/environments' }
      },
    })
  })
  .post('/bookings', async (c) => {
    const { ctx, view } = c.var
    const { environment: id = '' } = (await c.req.parseBody()) as { environment?: string }
    const found = await readEnvironment(ctx, id)
    return act(c, {
      back: `/environments/${found.id}`,
      form: 'book',
      run: async (ctx, values) => {
        const slot = slotOf(values, view.person.zone)
        const made = await bookEnvironment(ctx, { environmentId: found.id, ...slot, reason: values['reason'] ?? '' })
        return `${found.name} is yours until ${sayMoment(made.endsAt, view.person.zone)}.`
      },
    })
  })
  .post('/bookings/:id/:verb', async (c) => {
    const { ctx, view } = c.var
    const booking = await findBooking(ctx.db, { orgId: ctx.orgId, id: c.req.param('id') })
    const verb = bookingVerbs[c.req.param('verb')]
    if (!booking || !verb) throw notFound('There is no such booking. Nothing was changed.')
    return act(c, { back: `/environments/${booking.environmentId}`, run: (ctx) => verb(ctx, booking, view) })
  })

const bookingVerbs: Record<string, (ctx: Context, booking: BookingRow, view: View) => Promise<string>> = {
  async release(ctx, { id, environment }) {
    await releaseBooking(ctx, { bookingId: id })
    return `${environment} is free again.`
  },
  async extend(ctx, { id, environment }, view) {
    const { endsAt } = await extendBooking(ctx, { bookingId: id, minutes: 60 })
    return `${environment} is held until ${sayMoment(endsAt, view.person.zone)}.`
  },
  async revive(ctx, { id, environment }) {
    await reviveBooking(ctx, { bookingId: id })
    return `The booking of ${environment} holds again.`
  },
}

async function readEnvironment(ctx: Context, id: string): Promise<EnvironmentRow> {
  const found = id ? await findEnvironment(ctx.db, { orgId: ctx.orgId, id, now: ctx.now() }) : null
  if (!found) throw notFound('There is no such environment in this organization.')
  return found
}

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

const states = {
  offered: 'plain',
  waiting: 'plain',
  booked: 'info',
  active: 'warn',
  released: 'plain',
  expired: 'plain',
  cancelled: 'plain',
} as const

function bookingTable(bookings: BookingRow[], view: View): Content {
  const forms = (one: BookingRow): Content => {
    const at = (verb: string) => `/bookings/${one.id}/${verb}`
    if (one.state === 'booked' || one.state === 'active')
      return row([
        postButton(view, { action: at('extend'), submit: '+1 hour' }),
        postButton(view, { action: at('release'), submit: one.state === 'active' ? 'Release' : 'Cancel' }),
      ])
    return (one.state === 'released' || one.state === 'cancelled') && one.plannedEndsAt > view.now
      ? postButton(view, { action: at('revive'), submit: 'Undo' })
      : null
  }
  return table<BookingRow>(
    [
      { title: 'From', head: true, cell: (one) => moment(one.startsAt, view) },
      { title: 'To', cell: (one) => moment(one.endsAt, view) },
      { title: 'Who', cell: (one) => twoLines(one.holder, one.reason) },
      { title: 'State', cell: (one) => badge(one.state, states[one.state]) },
      { title: 'Change', cell: forms },
    ],
    bookings,
    { caption: 'Bookings of the last week and from now on', empty: 'Nobody has booked it in the last week.' },
  )
}

type PropertyChange = Awaited<ReturnType<typeof listPropertyChanges>>[number] & { who: string }

function properties(
  found: EnvironmentRow,
  { view, manages, history }: { view: View; manages: boolean; history: PropertyChange[] },
): Content {
  const items = Object.entries(found.properties)
  const said = history.slice(0, 20).map(({ who, at, changes }) => [
    moment(at, view),
    ` ${who}: `,
    Object.entries(changes)
      .map(([name, { old, new: now }]) => `${name} ${old ?? '–'} → ${now ?? 'removed'}`)
      .join(', '),
  ])
  return [
    items.length ? facts(items) : quiet('It has no properties yet: versions, addresses, whatever people should know.'),
    manages
      ? form(view, {
          name: 'property',
          action: `/environments/${found.id}/properties`,
          submit: 'Set',
          inline: true,
          tone: 'plain',
          more: [
            textInput('name', 'Property', { required: true }),
            textInput('value', 'Value', { placeholder: 'empty removes it' }),
          ],
        })
      : null,
    said.length
      ? fold(
          'History',
          said.map((line) => quiet(line)),
        )
      : null,
  ]
}

function settings(found: EnvironmentRow, view: View): Content {
  const { name, hourlyCost, maxHours, active } = found
  return [
    facts([
      ['Cost per hour', money(hourlyCost, view.organization.currency)],
      ['Announced in', found.channel ?? 'no channel'],
      ['Pool', link(`/pools/${found.poolId}`, 'its pool')],
    ]),
    fold(
      'Change',
      form(view, {
        name: 'change',
        action: `/environments/${found.id}/change`,
        submit: 'Save',
        schema: Change,
        values: { name, hourlyCost, maxHours, active },
      }),
      view.flash?.form === 'change',
    ),
    fold('Delete', [
      'Its bookings go with it. This cannot be taken back.',
      postButton(view, { action: `/environments/${found.id}/delete`, submit: `Delete ${name}`, tone: 'danger' }),
    ]),
  ]
}
