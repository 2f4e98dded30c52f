/** A list becomes a request: handed over at once, or after somebody approved exactly this list. */
import {
  findChoosing,
  findRequested,
  insertCleanUp,
  lockCleanUp,
  lockCleanUpsOf,
  updateCleanUp,
} from '../../db/queries/clean-ups.ts'
import { requestKey } from '../../db/queries/waiting.ts'
import type { CleanUp } from '../../db/schema/clean-ups.ts'
import { can, whoCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { forbidden, invalid } from '../errors.ts'
import { record } from '../events.ts'
import { decimal } from '../money.ts'
import { notify } from '../notifications/notify.ts'
import { cleanUp, type CleanUpFiles } from '../recommendations/scripts.ts'
import { dayMs } from '../time.ts'
import { person } from './choose.ts'
import { freeze, type Frozen } from './freeze.ts'
import { readCleanUpPolicy } from './policy.ts'

/** No answer for this long is a no. */
export const approvalMs = dayMs

/** Findings by id, or all open ones of a recommendation; without either the list the person was choosing. */
export type RequestCleanUp = { findingIds?: string[]; recommendation?: string }

/**
 * Freezes the list and hands it over, or asks the managers of its pools when it saves more than the policy lets one person
 * decide. An organization manager needs nobody else. Asking for the same list again answers the request there is.
 */
export async function requestCleanUp(ctx: Context, input: RequestCleanUp = {}): Promise<CleanUp> {
  // `freeze` asks for the right to every finding (assertCan); no event: `ask` records it.
  const personId = person(ctx)
  const { orgId } = ctx
  const chosen = input.findingIds || input.recommendation ? null : await findChoosing(ctx.db, { orgId, personId })
  if (!input.findingIds && !input.recommendation && !chosen?.chosen.length)
    throw invalid('Nothing is on the list yet.', { next: 'Choose something to clean up first.' })
  return inTransaction(ctx, async (ctx) => {
    await lockCleanUpsOf(ctx.db, { orgId, personId })
    const choosing = chosen && (await lockCleanUp(ctx.db, { orgId, id: chosen.id }))
    // Asked for in the same moment by another click.
    if (choosing && choosing.state !== 'choosing') return choosing
    const list = await freeze(
      ctx,
      input.recommendation
        ? { recommendation: input.recommendation, status: 'active' }
        : { ids: input.findingIds ?? choosing?.chosen ?? [] },
    )
    const again = await findRequested(ctx.db, { orgId, personId, sha256: list.sha256 })
    return again ?? ask(ctx, { list, personId, choosing })
  })
}

type Asking = { list: Frozen; personId: string; choosing: CleanUp | null }

/** Stores the request and says it, in the caller's transaction. */
async function ask(ctx: Context, { list, personId, choosing }: Asking): Promise<CleanUp> {
  const { orgId } = ctx
  const now = ctx.now()
  const asks = await needsApproval(ctx, list.saving)
  const approvers = asks ? await approversOf(ctx, list) : []
  const set = {
    ...list,
    chosen: [],
    requestedAt: now,
    ...(asks
      ? { state: 'waiting_approval' as const, expiresAt: new Date(now.getTime() + approvalMs) }
      : { state: 'handed_over' as const }),
  }
  const made = choosing
    ? await updateCleanUp(ctx.db, { orgId, id: choosing.id, set })
    : await insertCleanUp(ctx.db, { ...set, orgId, personId, createdAt: now })
  const subject = { kind: 'clean_up', id: made.id } as const
  const after = { sha256: list.sha256, items: list.items.length, saving: list.saving }
  await record(ctx, asks ? 'clean_up.requested' : 'clean_up.handed-over', { subject, after })
  if (asks) {
    const key = requestKey['clean-up-approval'] + made.id
    await notify(ctx, { kind: 'clean-up-approval', key, personIds: approvers.map(({ id }) => id), subject })
    await notify(ctx, { kind: 'clean-up', key: `clean-up ${made.id}`, personIds: [personId], subject })
  }
  return made
}

/** Does a saving of this size need a second person, for the one who asks? */
export async function needsApproval(ctx: Context, saving: string): Promise<boolean> {
  const { over } = await readCleanUpPolicy(ctx)
  return over > 0 && decimal(saving).gt(over) && !(await can(ctx, 'manage_organization'))
}

/** Who may approve all of it, without the person who asks. */
async function approversOf(ctx: Context, { items }: Frozen): Promise<{ id: string; name: string }[]> {
  const pools = [...new Set(items.map(({ poolId }) => poolId))]
  const each = await Promise.all(pools.map((poolId) => whoCan(ctx, 'approve_clean_ups', { poolId })))
  const all = each[0]!.filter(
    ({ id }) => id !== ctx.actor.personId && each.every((some) => some.some((one) => one.id === id)),
  )
  if (all.length) return all
  throw forbidden('This needs the approval of a manager, and there is no other one. Nothing was changed.', {
    next: 'Choose less, or have an organization manager invited.',
  })
}

/** The script of a recommendation as a download; Forbidden when it saves so much that somebody must approve it first. */
export async function downloadCleanUp(ctx: Context, recommendation: string): Promise<CleanUpFiles> {
  const files = await cleanUp(ctx, { recommendation })
  if (!(await needsApproval(ctx, files.saving))) return files
  throw forbidden('A clean-up of this size needs the approval of a manager. Nothing was handed over.', {
    next: 'Review the recommendations in Slack (`recs`): the request goes to a manager from there.',
  })
}
