import { z } from 'zod'
import type { ConstraintState } from '../../db/queries/constraints.ts'
import { constraintTypes } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { MonthlyLimit as WholeAmount } from '../pools/limits.ts'
import { authorOf, changeConstraint, isTheirs, type ConstraintChange } from './constraint.ts'

export const SetDailyLimit = z.object({
  resourceId: z.uuid(),
  limit: WholeAmount.nullable().meta({ label: 'Limit per day', unit: 'money' }),
})
export type SetDailyLimit = z.input<typeof SetDailyLimit>

/**
 * Sets what a resource may cost a day, in whole currency units; 0 or null = unlimited, which switches the pool's policy off for it.
 * Engineers lower what holds (the policy, or a limit somebody else set); managers go beyond.
 */
export async function setDailyLimit(ctx: Context, input: SetDailyLimit): Promise<ConstraintChange> {
  const { resourceId, limit: wanted } = SetDailyLimit.parse(input)
  const limit = wanted ?? 0
  const what = { resourceId, type: 'daily_expense_limit', event: 'resource.daily-limit-set' } as const
  return changeConstraint(ctx, what, async (ctx, found) => {
    const ceiling = ceilingOf(ctx, found.state)
    const beyond = ceiling > 0 && (limit === 0 || limit > ceiling)
    if (beyond && !found.mayPass) await assertCan(ctx, 'pass_policy', found.resource)
    return { limit: String(limit), setBy: authorOf(ctx, found) }
  })
}

export const FollowPolicy = z.object({ resourceId: z.uuid(), type: z.enum(constraintTypes) })
export type FollowPolicy = z.input<typeof FollowPolicy>

/** Takes the own constraint away, so that the policy of the pool holds again, if there is one. Taking away what another person set needs the right to pass the policy. */
export async function followPolicy(ctx: Context, input: FollowPolicy): Promise<ConstraintChange> {
  const { resourceId, type } = FollowPolicy.parse(input)
  const what = { resourceId, type, event: 'resource.constraint-removed' }
  return changeConstraint(ctx, what, async (ctx, { resource, state, mayPass }) => {
    if (isTheirs(ctx, state) && !mayPass) await assertCan(ctx, 'pass_policy', resource)
    return null
  })
}

/** The limit a person may not raise alone; 0 = none: the policy, or a lower one somebody else set. What they set themselves they may change. */
function ceilingOf(ctx: Context, state: ConstraintState): number {
  const theirs = isTheirs(ctx, state) ? Number(state.limit) : 0
  const ceilings = [Number(state.policy ?? 0), theirs].filter((one) => one > 0)
  return ceilings.length ? Math.min(...ceilings) : 0
}
