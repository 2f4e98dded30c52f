/** What came of a clean-up: every check looks at its list again until it was seen that all of it is gone, or why not. */
import {
  findCleanUp,
  hasRunCleanUp,
  listCleanUpTraces,
  lockCleanUp,
  updateCleanUp,
  type CleanUpTrace,
} from '../../db/queries/clean-ups.ts'
import { findPerson } from '../../db/queries/organizations.ts'
import type { CleanUp, CleanUpItem } from '../../db/schema/clean-ups.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { conflict, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { checkSoon } from '../recommendations/force-check.ts'
import { dayMs } from '../time.ts'

/** What is left after a clean-up is looked at again for so long, because people come back to it. */
export const followMs = 7 * dayMs

export const gone = 'gone'
/** What was advised was done, and it lives on: resized, busy again, off at night. */
const done = 'done'
/** Is nothing left to do about it? */
export const isOver = (outcome: string | null): boolean => outcome === gone || outcome === done

/** A clean-up that was asked for, or NotFound. */
export async function readCleanUp(
  ctx: Context,
  { cleanUpId }: { cleanUpId: string },
): Promise<CleanUp & { personName: string }> {
  await assertCan(ctx, 'see_costs')
  const found = await findCleanUp(ctx.db, { orgId: ctx.orgId, id: cleanUpId })
  if (!found || found.state === 'choosing') throw notFound('There is no such clean-up. Nothing was changed.')
  const owner = await findPerson(ctx.db, { orgId: ctx.orgId, id: found.personId })
  return { ...found, personName: owner?.name ?? 'somebody' }
}

/** Throws unless the clean-up is the person's own or they manage the organization. */
export const assertFollows = (ctx: Context, { personId }: CleanUp): Promise<void> =>
  assertCan(ctx, 'follow_clean_ups', { ownerId: personId })

/** The person says that the scripts ran: the accounts are read again at once, and the check after that says what is left. */
export async function ranCleanUp(ctx: Context, { cleanUpId }: { cleanUpId: string }): Promise<CleanUp> {
  return inTransaction(ctx, async (ctx) => {
    const before = await lockCleanUp(ctx.db, { orgId: ctx.orgId, id: cleanUpId })
    if (!before) throw notFound('There is no such clean-up. Nothing was changed.')
    await assertCan(ctx, 'follow_clean_ups', { ownerId: before.personId })
    if (before.state !== 'handed_over' && before.state !== 'verified')
      throw conflict('Its scripts were not handed over. Nothing was changed.')
    const items = before.items.map((item) => ({ ...item, outcome: isOver(item.outcome) ? item.outcome : null }))
    const set = { state: 'handed_over' as const, ranAt: ctx.now(), items }
    const after = await updateCleanUp(ctx.db, { orgId: ctx.orgId, id: cleanUpId, set })
    await record(ctx, 'clean_up.ran', { subject: { kind: 'clean_up', id: cleanUpId }, after: { items: items.length } })
    await lookAt(ctx, items)
    return after
  })
}

/** Organization managers have the accounts of a clean-up read again and checked now, whoever ran its scripts. Asking twice is one look. */
export async function lookAgain(ctx: Context, { cleanUpId }: { cleanUpId: string }): Promise<void> {
  await assertCan(ctx, 'check_recommendations')
  const { state, items } = await readCleanUp(ctx, { cleanUpId })
  if (state !== 'handed_over' && state !== 'verified')
    throw conflict('Its scripts were not handed over, so there is nothing to look at. Nothing was changed.')
  await inTransaction(ctx, async (ctx) => {
    await lookAt(ctx, items)
    await record(ctx, 'clean_up.check-forced', { subject: { kind: 'clean_up', id: cleanUpId } })
  })
}

/** Has the accounts of these read, and the organization checked. In the caller's transaction. */
async function lookAt(ctx: Context, items: CleanUpItem[]): Promise<void> {
  for (const accountId of new Set(items.map((item) => item.accountId)))
    await enqueue(ctx, 'discover', { orgId: ctx.orgId, accountId, key: accountId })
  await checkSoon(ctx)
}

/** Has the organization checked once an account was read again after a clean-up of the last day; later its turn is soon enough. Jobs may. */
export async function checkAfterCleanUp(ctx: Context, { accountId }: { accountId: string }): Promise<void> {
  const since = new Date(ctx.now().getTime() - dayMs)
  if (await hasRunCleanUp(ctx.db, { orgId: ctx.orgId, accountId, since })) await checkSoon(ctx)
}

/** Notes what is gone of every clean-up that is out, and why the rest is not. Jobs may; in the transaction of the check. */
export async function verifyCleanUps(ctx: Context): Promise<void> {
  const since = new Date(ctx.now().getTime() - followMs)
  const traces = await listCleanUpTraces(ctx.db, { orgId: ctx.orgId, since })
  for (const [id, own] of Map.groupBy(traces, (trace) => trace.id)) {
    const before = (await lockCleanUp(ctx.db, { orgId: ctx.orgId, id }))!
    const items = before.items.map((item, n) => ({ ...item, outcome: outcomeOf(item, own[n]!, before.ranAt !== null) }))
    if (items.every((item, n) => item.outcome === before.items[n]!.outcome)) continue
    const all = items.every(({ outcome }) => isOver(outcome))
    const isVerified = all || (before.ranAt !== null && items.every(({ outcome }) => outcome !== null))
    const set = {
      items,
      ...(isVerified && before.state !== 'verified' ? { state: 'verified' as const, verifiedAt: ctx.now() } : {}),
    }
    await updateCleanUp(ctx.db, { orgId: ctx.orgId, id, set })
    await record(ctx, 'clean_up.verified', {
      subject: { kind: 'clean_up', id },
      after: { gone: items.filter(({ outcome }) => isOver(outcome)).length, of: items.length },
    })
  }
}

/** "gone", "done", why it is still there, or null while nobody has looked. Before the scripts ran only what is gone is said. */
function outcomeOf(item: CleanUpItem, trace: CleanUpTrace, ran: boolean): string | null {
  if (isOver(item.outcome)) return item.outcome
  if (!trace.advised) return ended(trace)
  if (trace.active === false || trace.present === false) return gone
  return ran && trace.seen ? whyLeft(trace) : null
}

function ended({ reason, active, image }: CleanUpTrace): string {
  if (reason === 'resource_deleted') return gone
  if (reason === 'recommendation_applied') return active ? done : gone
  if (reason === 'recommendation_irrelevant') return image ? protectedBy(image) : 'in use again'
  if (reason === 'cloud_account_deleted') return 'its account is not connected any more'
  return active === false ? gone : 'no longer advised'
}

const protectedBy = (image: string) => `protected by image ${image}`

/** Why a resource is still there, from its state now. */
function whyLeft({ type, attached, image, state, present }: CleanUpTrace): string {
  if (image) return protectedBy(image)
  if (type === 'Volume' && attached) return 'attached again'
  if (type === 'Instance' && state) return `still ${state}`
  return present === null ? 'still there' : 'still seen by the cloud'
}

/** "6 of 7 gone, 1 protected by image ami-1"; null while nothing was seen. */
export function sayOutcome(items: CleanUpItem[]): string | null {
  const reasons = items.flatMap(({ outcome }) => (outcome === null || isOver(outcome) ? [] : [outcome]))
  const away = items.filter(({ outcome }) => isOver(outcome)).length
  const word = items.some(({ outcome }) => outcome === done) ? done : gone
  if (away === 0 && reasons.length === 0) return null
  const open = items.length - away - reasons.length
  const counted = [...Map.groupBy(reasons, (reason) => reason)].map(([reason, same]) => `${same.length} ${reason}`)
  return [`${away} of ${items.length} ${word}`, ...counted, ...(open ? [`${open} not looked at yet`] : [])].join(', ')
}
