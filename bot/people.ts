/** Who a mention is here, and roles given and taken in words. */
import { listMembers, type Member } from '../db/queries/organizations.ts'
import { findPool } from '../db/queries/pools.ts'
import type { Role } from '../db/vocabulary.ts'
import { notFound } from '../engine/errors.ts'
import { giveRole, takeRole } from '../engine/organizations/members.ts'
import { sayOneRole } from '../engine/organizations/role-words.ts'
import type { BotContext } from './context.ts'
import { done, type Done } from './reply.ts'

/** The person a Slack user is here, with their roles; null when nobody said who they are. */
export async function memberBehind(ctx: BotContext, slackUserId: string): Promise<Member | null> {
  const [id] = [...ctx.slackUsers].find(([, user]) => user === slackUserId) ?? []
  return id ? memberOf(ctx, id) : null
}

/** Somebody of the organization with their roles, or null. */
export async function memberOf({ db, orgId }: Pick<BotContext, 'db' | 'orgId'>, id: string): Promise<Member | null> {
  const [found] = await listMembers(db, { orgId, ids: [id], limit: 1 })
  return found ?? null
}

/** Gives a role, or takes the one held there (`role` null), and says what is true now, with an undo. */
export async function changeRoleAndTell(
  ctx: BotContext,
  { personId, poolId, role }: { personId: string; poolId: string | null; role: Role | null },
): Promise<Done> {
  const { person, before } = role
    ? await giveRole(ctx, { personId, poolId, role })
    : await takeRole(ctx, { personId, poolId })
  const subject = { kind: 'person' as const, id: personId }
  const text = await roleNow(ctx, { personId, name: person.name, poolId })
  if (before === role) return done(`${text} Nothing was changed.`, { subject })
  return done(text, { subject, undo: { verb: 'role', kept: { poolId, role: before, after: role } } })
}

/** "Max is an engineer of Payments now."; without any role also what that means. */
export async function roleNow(
  ctx: Pick<BotContext, 'db' | 'orgId'>,
  { personId, name, poolId }: { personId: string; name: string; poolId: string | null },
): Promise<string> {
  const member = await memberOf(ctx, personId)
  if (!member) throw notFound('There is no such person here. Nothing was changed.')
  const held = member.roles.find((each) => each.poolId === poolId)
  if (held) return `${name} is ${sayOneRole(held)} now.`
  const place = poolId ? ((await findPool(ctx.db, { orgId: ctx.orgId, id: poolId }))?.name ?? 'that pool') : null
  const lost = `${name} has no role ${place ? `in ${place}` : 'in the organization as a whole'} now.`
  return member.roles.length
    ? lost
    : `${name} has no role any more and sees nothing. What they own stays theirs until somebody assigns it.`
}
