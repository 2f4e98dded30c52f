/** Approval of a clean-up: of exactly the list that was shown, in time, by somebody else. */
import { findRequested, listOverdueCleanUps, lockCleanUp, updateCleanUp } from '../../db/queries/clean-ups.ts'
import type { CleanUp } from '../../db/schema/clean-ups.ts'
import { assertCan, can } from '../access.ts'
import { contextFor, inTransaction, jobActor, type Context, type Deps } from '../context.ts'
import { conflict, forbidden, invalid, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import { narrowTo } from './freeze.ts'

/** So much of the hash no two lists share by chance. */
const shortestHash = 16

/** `sha256`: how the list shown to the approver begins; another list is not approved by this click. */
export type DecideCleanUp = { cleanUpId: string; sha256: string }

/**
 * Lets the person have the scripts: of all of it, or of the findings named, whose list and hash are then the only ones. The
 * rest is not approved and open advice again. Conflict when it was decided already, is too late or the list is another one.
 */
export const approveCleanUp = (ctx: Context, input: DecideCleanUp & { findingIds?: string[] }): Promise<CleanUp> =>
  decide(ctx, input, { state: 'handed_over', event: 'clean_up.approved' })

/** Says no; nothing is handed over. */
export const declineCleanUp = (ctx: Context, input: DecideCleanUp): Promise<CleanUp> =>
  decide(ctx, input, { state: 'declined', event: 'clean_up.declined' })

async function decide(
  ctx: Context,
  { cleanUpId, sha256, findingIds }: DecideCleanUp & { findingIds?: string[] },
  { state, event }: { state: 'handed_over' | 'declined'; event: string },
): Promise<CleanUp> {
  return inTransaction(ctx, async (ctx) => {
    const before = await lockCleanUp(ctx.db, { orgId: ctx.orgId, id: cleanUpId })
    if (!before || before.state === 'choosing') throw notFound('There is no such clean-up. Nothing was changed.')
    await assertMayDecide(ctx, before)
    if (before.state !== 'waiting_approval')
      throw conflict(`This clean-up was ${said[before.state]} already. Nothing was changed.`)
    if (before.expiresAt! < ctx.now())
      throw conflict('This request is too old; no answer in a day is a no. Nothing was changed.')
    if (sha256.length < shortestHash || !before.sha256.startsWith(sha256))
      throw conflict('The list is not the one you saw. Nothing was changed.', { next: 'Look at it again.' })
    const part = findingIds ? await partOf(ctx, before, findingIds) : {}
    const set = { ...part, state, decidedBy: ctx.actor.personId, decidedAt: ctx.now() }
    const after = await updateCleanUp(ctx.db, { orgId: ctx.orgId, id: cleanUpId, set })
    await settled(ctx, { before, after, event })
    return after
  })
}

/** What is approved of the list; nothing of another list, and not nothing. */
async function partOf(ctx: Context, before: CleanUp, findingIds: string[]) {
  const chosen = new Set(findingIds)
  const known = new Set(before.items.map(({ findingId }) => findingId))
  if (chosen.size === 0)
    throw invalid('Tick at least one. Nothing was changed.', { field: 'items', next: 'Or decline the whole list.' })
  if (findingIds.some((id) => !known.has(id)))
    throw conflict('The list is not the one you saw. Nothing was changed.', { next: 'Look at it again.' })
  if (chosen.size === known.size) return {}
  const part = await narrowTo(ctx, before, chosen)
  const twin = await findRequested(ctx.db, { orgId: ctx.orgId, personId: before.personId, sha256: part.sha256 })
  if (twin)
    throw conflict('Exactly these were asked for in another clean-up already. Nothing was changed.', {
      next: 'Decide on that one, or choose others.',
    })
  return part
}

const said: Record<CleanUp['state'], string> = {
  ...{ choosing: 'not asked for', waiting_approval: 'asked for', handed_over: 'approved', verified: 'approved' },
  ...{ declined: 'declined', expired: 'given up' },
}

/** Managers of all its pools; nobody their own, unless they manage the organization. */
async function assertMayDecide(ctx: Context, { items, personId }: CleanUp): Promise<void> {
  for (const poolId of new Set(items.map((item) => item.poolId))) await assertCan(ctx, 'approve_clean_ups', { poolId })
  if (personId === ctx.actor.personId && !(await can(ctx, 'manage_organization')))
    throw forbidden('You cannot approve your own clean-up. Nothing was changed.', { next: 'Another manager can.' })
}

/** Requests without an answer in time end as a no; their people are told. Jobs may. */
export async function expireCleanUps(deps: Deps): Promise<void> {
  // jobs may; no event: `settled` records it.
  for (const { orgId, id } of await listOverdueCleanUps(deps.db, deps.now())) {
    await inTransaction(contextFor(deps, orgId, jobActor('sweep')), async (ctx) => {
      const before = await lockCleanUp(ctx.db, { orgId, id })
      if (before?.state !== 'waiting_approval') return
      const after = await updateCleanUp(ctx.db, { orgId, id, set: { state: 'expired', decidedAt: ctx.now() } })
      await settled(ctx, { before, after, event: 'clean_up.expired' })
    })
  }
}

/** Says what came of it, in the same transaction; a new message, because an edited one is not noticed. */
async function settled(
  ctx: Context,
  { before, after, event }: { before: CleanUp; after: CleanUp; event: string },
): Promise<void> {
  const subject = { kind: 'clean_up', id: after.id } as const
  await record(ctx, event, {
    subject,
    before: { state: before.state },
    after: { state: after.state, sha256: after.sha256, ...(after.declined.length ? { declined: namesOf(after) } : {}) },
  })
  await notify(ctx, {
    kind: 'clean-up-decided',
    key: `clean-up-decided ${after.id} ${after.state}`,
    personIds: [after.personId],
    subject,
    facts: {
      id: after.id,
      rev: after.rev,
      state: after.state,
      decidedBy: after.decidedBy,
      count: after.items.length,
      saving: after.saving,
      declined: namesOf(after),
    },
  })
}

const namesOf = ({ declined }: CleanUp): string[] => declined.map(({ name }) => name)
