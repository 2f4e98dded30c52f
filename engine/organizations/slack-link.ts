import { z } from 'zod'
import { findPerson, listMemberships, setPersonZone } from '../../db/queries/organizations.ts'
import { decideJoinRequest } from '../../db/queries/join-requests.ts'
import { upsertLink } from '../../db/queries/slack-links.ts'
import type { Person } from '../../db/schema/organizations.ts'
import { roles, type Role } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { record } from '../events.ts'
import { isZone } from '../time.ts'
import { addPerson, giveRole } from './members.ts'

export const LinkSlackUser = z.object({
  teamId: z.string().min(1),
  slackUserId: z.string().min(1),
  /** Somebody who is here already, or who is to be added. */
  person: z.union([
    z.object({ id: z.uuid(), role: z.enum(roles).optional(), zone: z.string().optional() }),
    z.object({ name: z.string(), email: z.email().optional(), zone: z.string().optional(), role: z.enum(roles) }),
  ]),
})
export type LinkSlackUser = z.input<typeof LinkSlackUser>

/**
 * Says who a Slack user is. A manager decides: an equal e-mail address alone proves nothing. From then on their clicks
 * and commands act as this person. Somebody who is here already keeps their roles, or gets the given one on the
 * organization; who has none becomes a member at least, because without a role they would see nothing.
 */
export async function linkSlackUser(ctx: Context, input: LinkSlackUser): Promise<Person> {
  const { teamId, slackUserId, person } = LinkSlackUser.parse(input)
  await assertCan(ctx, 'manage_organization')
  return inTransaction(ctx, async (ctx) => {
    const known = 'id' in person ? await letIn(ctx, person) : await added(ctx, person)
    if (!known) throw notFound('There is no such person here. Nobody was linked.')
    await upsertLink(ctx.db, { teamId, slackUserId, orgId: ctx.orgId, personId: known.id, linkedAt: ctx.now() })
    await record(ctx, 'person.linked', { subject: { kind: 'person', id: known.id }, after: { slackUserId } })
    await endRequest(ctx, { teamId, slackUserId })
    return known
  })
}

/** Whoever asked is in now, whichever way: no button asks about them any more, they are told, and what they typed first is answered. */
async function endRequest(ctx: Context, user: { teamId: string; slackUserId: string }): Promise<void> {
  const { orgId } = ctx
  const decision = { decision: 'let_in', decidedBy: ctx.actor.personId, decidedAt: ctx.now() } as const
  const request = await decideJoinRequest(ctx.db, { ...user, orgId, decision })
  if (!request) return
  await record(ctx, 'join_request.let-in', { subject: { kind: 'join_request', id: request.id } })
  await enqueue(ctx, 'answer-question', { ...user, orgId, questionId: request.questionId ?? '-' })
}

/** Whoever never said another zone has the one Slack knows from now on. */
async function letIn(
  ctx: Context,
  { id, role, zone }: { id: string; role?: Role | undefined; zone?: string | undefined },
): Promise<Person | null> {
  const known = await findPerson(ctx.db, { orgId: ctx.orgId, id })
  if (!known) return null
  const held = await listMemberships(ctx.db, { orgId: ctx.orgId, personId: id })
  if (zone && isZone(zone) && known.zone === 'UTC') await setPersonZone(ctx.db, { orgId: ctx.orgId, id, zone })
  if (role || held.length === 0) await giveRole(ctx, { personId: id, role: role ?? 'member' })
  return known
}

function added(
  ctx: Context,
  { zone, email, ...person }: Exclude<z.infer<typeof LinkSlackUser>['person'], { id: string }>,
) {
  return addPerson(ctx, { ...person, ...(email ? { email } : {}), zone: zone && isZone(zone) ? zone : 'UTC' })
}

/** Keeps the time zone Slack knows of the person who acts; times are read and written in it. */
export async function setOwnZone(ctx: Context, { zone }: { zone: string }): Promise<void> {
  if (!isZone(zone) || ctx.actor.personId === null) return
  await setPersonZone(ctx.db, { orgId: ctx.orgId, id: ctx.actor.personId, zone })
}
