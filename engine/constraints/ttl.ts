import { z } from 'zod'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { maxTtlHours } from '../pools/policies.ts'
import { dayMs, hourMs } from '../time.ts'
import {
  authorOf,
  changeConstraint,
  isTheirs,
  type ConstraintChange,
  type OwnConstraint,
  type Standing,
} from './constraint.ts'

/** A date five years ahead is a mistake (the web picker's range, spec governance 4.1). */
const maxAheadMs = 5 * 365 * dayMs

export const SetTtl = z.object({ resourceId: z.uuid(), until: z.date().nullable().meta({ label: 'Lives until' }) })
export type SetTtl = z.input<typeof SetTtl>

/**
 * Sets until when a resource may live; null = without end, which switches the pool's policy off for it. Engineers set at most
 * 720 hours from now, and no end only where neither a policy nor somebody else asks for one; managers go beyond. Whole seconds.
 */
export async function setTtl(ctx: Context, input: SetTtl): Promise<ConstraintChange> {
  const { resourceId, until } = SetTtl.parse(input)
  return changeConstraint(ctx, { resourceId, type: 'ttl', event: 'resource.ttl-set' }, (ctx, found) =>
    ending(ctx, found, until),
  )
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
  return changeConstraint(ctx, { resourceId, type: 'ttl', event: 'resource.ttl-set' }, (ctx, found) => {
    const { endsAt } = found.state
    if (!endsAt)
      throw invalid('This resource has no TTL, so there is nothing to extend. Nothing was changed.', {
        next: 'Set an end first.',
      })
    const from = Math.max(endsAt.getTime(), ctx.now().getTime())
    return ending(ctx, found, new Date(from + days * dayMs))
  })
}

/**
 * Says that a resource may go: its end stands (a day from now where it had none), nobody is reminded again. Nothing is deleted
 * by this system; people do that. Extending it later takes the decision back.
 */
export async function letGo(ctx: Context, { resourceId }: { resourceId: string }): Promise<ConstraintChange> {
  return changeConstraint(ctx, { resourceId, type: 'ttl', event: 'resource.let-go' }, (ctx, found) =>
    until(ctx, found, found.state.endsAt ?? new Date(ctx.now().getTime() + dayMs)),
  )
}

/** The own constraint of a resource that ends then; null = without end. Whole seconds. */
const until = (ctx: Context, found: Standing, end: Date | null): OwnConstraint => ({
  limit: end ? String(Math.floor(end.getTime() / 1000)) : '0',
  setBy: authorOf(ctx, found),
})

/** The same, where this person may set it. */
async function ending(ctx: Context, found: Standing, end: Date | null): Promise<OwnConstraint> {
  await checkEnd(ctx, { found, until: end })
  return until(ctx, found, end)
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
    : Number(state.policy ?? 0) > 0 || (isTheirs(ctx, state) && Number(state.limit) > 0)
  if (beyond && !mayPass) await assertCan(ctx, 'pass_policy', resource)
}
