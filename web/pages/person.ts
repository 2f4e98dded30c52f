import { Hono } from 'hono'
import { listEvents } from '../../db/queries/events.ts'
import { listMembers, type Member } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import { countResources } from '../../db/queries/resources.ts'
import { can, whoCan } from '../../engine/access.ts'
import type { Context } from '../../engine/context.ts'
import { notFound } from '../../engine/errors.ts'
import { readRemoval } from '../../engine/organizations/remove-person.ts'
import type { WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import * as parts from '../parts.ts'
import { giving, held, leaving, removing } from '../person-parts.ts'
import { eventTable } from './resource-history.ts'

/** One person: which roles they hold where, and what organization managers may change about it. */
export const person = new Hono<WebEnv>().get('/people/:id', async (c) => {
  const { ctx, view } = c.var
  const found = await readMember(ctx, c.req.param('id'))
  const { orgId } = ctx
  const [may, pools, owns, events] = await Promise.all([
    can(ctx, 'manage_organization'),
    listPools(ctx.db, orgId),
    countResources(ctx.db, { orgId, ownerId: found.id, active: true }),
    listEvents(ctx.db, { orgId, subject: { kind: 'person', id: found.id }, limit: 10 }),
  ])
  const removal = may ? await readRemoval(ctx, { personId: found.id }) : null
  const managers = may ? [] : await whoCan(ctx, 'manage_organization')
  return show(
    c,
    found.name,
    parts.columns([
      [
        parts.section('Roles', held(found, { view, may })),
        parts.section(
          'Events',
          eventTable(events, view),
          parts.link(`/events?kind=person&id=${found.id}`, 'All events'),
        ),
      ],
      may
        ? [
            parts.section('Give a role', giving(found, { view, pools })),
            parts.section('Take all roles', leaving(found, { view, owns })),
            removal ? parts.section('Remove from the organization', removing(removal, view)) : '',
          ]
        : parts.section('Change', parts.quiet(`Roles are changed by ${managers.map(({ name }) => name).join(', ')}.`)),
    ]),
    {
      trail: [['/people', 'People']],
      lead: [found.email ?? 'no e-mail', found.zone, found.isLinked ? 'linked in Slack' : 'not linked in Slack'].join(
        ' · ',
      ),
      actions: parts.linkButton(`/resources?owner=${found.id}`, parts.plural(owns, 'resource')),
    },
  )
})

/** The person of an address, or NotFound. */
export async function readMember(ctx: Context, id: string): Promise<Member> {
  const [found] = await listMembers(ctx.db, { orgId: ctx.orgId, ids: [id], limit: 1 })
  if (!found) throw notFound('There is no such person in this organization.')
  return found
}
