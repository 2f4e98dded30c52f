import { z } from 'zod'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { record } from '../events.ts'
import { maxTtlHours } from '../pools/policies.ts'
import { dayMs, hourMs } from '../time.ts'
import { inAudit, standing, storeConstraint, type ConstraintChange, type Standing } from './constraint.ts'

/** A date five years ahead is a mistake (the web picker's range, spec governance 4.1). */
const maxAheadMs = 5 * 365 * dayMs

export const SetTtl = z.object({ resourceId: z.uuid(), until: z.date().nullable().meta({ label: 'Lives until' }) })
export type SetTtl = z.input<typeof SetTtl>

/**
 * Sets until when a resource may live; null = without end, which switches the pool's policy off for it. Engineers set at most
 * 720 hours from now, and no end only where no policy asks for one; managers go beyond. Whole seconds.
 */
export async function setTtl(ctx: Context, input: SetTtl): Promise<ConstraintChange> {
  const { resourceId, until } = SetTtl.parse(input)
  const found = await standing(ctx, { resourceId, type: 'ttl' })
  await assertCan(ctx, 'set_constraints', found.resource)
  await checkEnd(ctx, { found, until })
  return inTransaction(ctx, async (ctx) => {
    const limit = until ? String(Math.floor(until.getTime() / 1000)) : '0'
    const after = await storeConstraint(ctx, {
      resource: found.resource,
      type: 'ttl',
      own: { limit, setBy: ctx.actor.personId },
    })
    await record(ctx, 'resource.ttl-set', {
      subject: { kind: 'resource', id: resourceId },
      before: inAudit(found.state),
      after: inAudit(after),
    })
    return { before: found.state, after }
  })
}

export const ExtendTtl = z.object({
  resourceId: z.uuid(),
  days: z
    .number()
    .min(1 / 24, 'An hour is the least to extend by')
    .max(365, 'A year is the most to extend by'),
})
export type ExtendTtl = z.input<typeof ExtendTtl>

/** Adds days to the TTL a resource has, counted from now when it is over already. Invalid where no TTL holds. */
export async function extendTtl(ctx: Context, input: ExtendTtl): Promise<ConstraintChange> {
  const { resourceId, days } = ExtendTtl.parse(input)
  const { state } = await standing(ctx, { resourceId, type: 'ttl' })
  if (!state.endsAt)
    throw invalid('This resource has no TTL, so there is nothing to extend. Nothing was changed.', {
      next: 'Set an end first.',
    })
  const from = Math.max(state.endsAt.getTime(), ctx.now().getTime())
  return setTtl(ctx, { resourceId, until: new Date(from + days * dayMs) })
}

/**
 * Says that a resource may go: its end stands (a day from now where it had none), nobody is reminded again. Nothing is deleted
 * by this system; people do that. Extending it later takes the decision back.
 */
export async function letGo(ctx: Context, { resourceId }: { resourceId: string }): Promise<ConstraintChange> {
  const { resource, state } = await standing(ctx, { resourceId, type: 'ttl' })
  await assertCan(ctx, 'set_constraints', resource)
  return inTransaction(ctx, async (ctx) => {
    const endsAt = state.endsAt ?? new Date(ctx.now().getTime() + dayMs)
    const seconds = Math.floor(endsAt.getTime() / 1000)
    const own = { limit: String(seconds), setBy: ctx.actor.personId }
    const after = await storeConstraint(ctx, { resource, type: 'ttl', own })
    await record(ctx, 'resource.let-go', {
      subject: { kind: 'resource', id: resourceId },
      before: inAudit(state),
      after: { ...inAudit(after), endsAt: seconds },
    })
    return { before: state, after }
  })
}

async function checkEnd(ctx: Context, { found, until }: { found: Standing; until: Date | null }): Promise<void> {
  const { resource, state, mayPass } = found
  const now = ctx.now().getTime()
  if (until && until.getTime() <= now)
    throw invalid('A resource cannot end in the past. Nothing was changed.', {
      field: 'until',
      next: 'Choose a later time.',
    })
  if (until && until.getTime() > now + maxAheadMs)
    throw invalid('That is more than five years ahead. Nothing was changed.', {
      field: 'until',
      next: 'Choose an earlier time.',
    })
  const beyond = until
    ? until.getTime() > now + maxTtlHours * hourMs
    : state.policy !== null && Number(state.policy) > 0
  if (beyond && !mayPass) await assertCan(ctx, 'pass_policy', resource)
}
