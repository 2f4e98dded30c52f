import { upsertCheckResult } from '../../db/queries/recommendations.ts'
import { allowLong } from '../../db/queries/staging.ts'
import { inTransaction, type Context } from '../context.ts'
import { AppError, upstream } from '../errors.ts'
import { findLack } from './inputs.ts'
import type { Options } from './options.ts'
import type { Check, Recommendation } from './recommendation.ts'
import { settle, type Settled } from './settle.ts'

/**
 * One recommendation for one account, in one transaction with its result. Null when it failed: then the last good
 * findings stay and the result says why.
 */
export async function checkAccount(
  ctx: Context,
  it: { one: Recommendation; check: Check; options: Options; before: Options },
): Promise<Settled | null> {
  // jobs may; no event: the run records one for all its parts.
  const { one, check, options, before } = it
  const result = { orgId: check.orgId, recommendation: one.id, accountId: check.accountId, checkedAt: check.now }
  try {
    return await inTransaction(ctx, async ({ db }) => {
      await allowLong(db)
      const skipped = options.skip_cloud_accounts.includes(check.accountId)
      const cloud = ctx.outside.clouds[check.cloud]
      const can = { readable: cloud?.discover !== undefined, measurable: cloud?.metrics !== undefined }
      const lack = skipped ? null : await findLack(db, { ...check, ...can }, one)
      if (lack) throw upstream(lack)
      const settled = await settle(db, it)
      await upsertCheckResult(db, { ...result, error: null, options })
      return settled
    })
  } catch (error) {
    const known = error instanceof AppError
    if (!known) ctx.log.error({ recommendation: one.id, accountId: check.accountId, err: error }, 'check failed')
    const reason = known
      ? error.message
      : 'The check could not be finished; what the last good one found is still shown.'
    await upsertCheckResult(ctx.db, { ...result, error: reason, options: before })
    return null
  }
}
