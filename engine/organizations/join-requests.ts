/** Asking to be let in: nobody is trusted by an e-mail address alone, so an organization manager decides. */
import { z } from 'zod'
import {
  decideJoinRequest,
  findDeclinedJoinRequest,
  lockJoinRequest,
  upsertJoinRequest,
} from '../../db/queries/join-requests.ts'
import { listManagers } from '../../db/queries/organizations.ts'
import { requestKey } from '../../db/queries/waiting.ts'
import type { Person } from '../../db/schema/organizations.ts'
import type { JoinRequest } from '../../db/schema/slack.ts'
import { roles } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import { dayMs } from '../time.ts'
import { linkSlackUser } from './slack-link.ts'

/** So long a no stands before the same Slack user may ask again. */
export const noStandsMs = dayMs

export type AskToJoin = Pick<JoinRequest, 'teamId' | 'slackUserId' | 'name' | 'email' | 'zone' | 'questionId'>

/**
 * Asks the organization's managers to let a Slack user in. While a request is open, asking again is the same request; within a
 * day of a no nobody is asked, and the declined one comes back.
 */
export async function askToJoin(ctx: Context, input: AskToJoin): Promise<JoinRequest> {
  // jobs may: a stranger has no right to check, and nothing is shown to them.
  return inTransaction(ctx, async (ctx) => {
    const { orgId } = ctx
    const since = new Date(ctx.now().getTime() - noStandsMs)
    const declined = await findDeclinedJoinRequest(ctx.db, { ...input, orgId, since })
    if (declined) return declined
    const request = await upsertJoinRequest(ctx.db, { ...input, orgId, askedAt: ctx.now() })
    const subject = { kind: 'join_request', id: request.id } as const
    await record(ctx, 'join_request.asked', { subject, after: { slackUserId: request.slackUserId } })
    const managers = await listManagers(ctx.db, { orgId, poolId: null })
    await notify(ctx, {
      kind: 'join-request',
      key: requestKey['join-request'] + request.id,
      personIds: managers.map(({ id }) => id),
      subject,
    })
    return request
  })
}

export const LetIn = z
  .object({
    requestId: z.uuid(),
    /** Somebody who is here already. */
    personId: z.uuid().optional(),
    role: z.enum(roles).optional(),
  })
  .refine(({ personId, role }) => personId || role, 'Say with which role they come in')
export type LetIn = z.input<typeof LetIn>

/** Lets in who asked: as somebody who is here already, or as a new person with a role. Conflict when it was decided before. */
export async function letIn(ctx: Context, input: LetIn): Promise<Person> {
  const { requestId, personId, role } = LetIn.parse(input)
  await assertCan(ctx, 'manage_organization')
  // no event: linking records it.
  return inTransaction(ctx, async (ctx) => {
    const { teamId, slackUserId, name, email, zone } = await openRequest(ctx, requestId)
    const known = personId ? { id: personId, ...(role ? { role } : {}), ...(zone ? { zone } : {}) } : null
    const fresh = { name, role: role!, ...(email ? { email } : {}), ...(zone ? { zone } : {}) }
    return linkSlackUser(ctx, { teamId, slackUserId, person: known ?? fresh })
  })
}

/** Says no; nothing was shown, so nothing has to be taken back. Conflict when it was decided before. */
export async function declineJoin(ctx: Context, { requestId }: { requestId: string }): Promise<JoinRequest> {
  await assertCan(ctx, 'manage_organization')
  return inTransaction(ctx, async (ctx) => {
    const { orgId, teamId, slackUserId } = await openRequest(ctx, requestId)
    const decision = { decision: 'declined', decidedBy: ctx.actor.personId, decidedAt: ctx.now() } as const
    const declined = await decideJoinRequest(ctx.db, { orgId, teamId, slackUserId, decision })
    await record(ctx, 'join_request.declined', { subject: { kind: 'join_request', id: requestId } })
    return declined!
  })
}

async function openRequest(ctx: Context, requestId: string): Promise<JoinRequest> {
  const request = await lockJoinRequest(ctx.db, { orgId: ctx.orgId, id: requestId })
  if (!request)
    throw notFound('This request is no longer there. Nothing was changed.', { next: 'They can ask to join again.' })
  if (request.decision === 'let_in') throw conflict(`${request.name} is in already. Nothing was changed.`)
  if (request.decision) throw conflict(`${request.name} was declined already. Nothing was changed.`)
  return request
}
