import {
  insertHits,
  insertTtlAnnouncements,
  lockConstraints,
  setViolationMarks,
} from '../../db/queries/constraint-hits.ts'
import { allowLong } from '../../db/queries/staging.ts'
import { inTransaction, type Context } from '../context.ts'
import { dayMs } from '../time.ts'
import { tellEndings, tellHits } from './tell.ts'

/**
 * Judges every constraint of the organization, one statement per type: TTLs of own constraints and pool policies, daily
 * limits against the last day's cost. A TTL that ends while a booking holds the machine is violated when that is over. Tells each person once per run about what is new: violations (`limit-hit`) and TTLs
 * that end within 24 hours (`ttl-ending`). A second run finds nothing new. Returns resources violated and recovered, and
 * the number of people told about endings.
 */
export async function checkConstraints(ctx: Context): Promise<{ red: number; green: number; ending: number }> {
  const { orgId } = ctx
  const now = ctx.now()
  // jobs may; no event: the hits themselves are the log of violations.
  return inTransaction(ctx, async (ctx) => {
    await lockConstraints(ctx.db, orgId)
    await allowLong(ctx.db)
    const ttl = await insertHits(ctx.db, { orgId, now, type: 'ttl' })
    const daily = await insertHits(ctx.db, { orgId, now, type: 'daily_expense_limit' })
    const firstId = ttl.firstId ?? daily.firstId
    if (firstId !== null) {
      await setViolationMarks(ctx.db, { orgId, firstId })
      await tellHits(ctx, firstId)
    }
    const until = new Date(now.getTime() + dayMs)
    const ending = await insertTtlAnnouncements(ctx.db, { orgId, now, until, job: 'check-constraints' })
    await tellEndings(ctx, ending)
    return { red: ttl.red + daily.red, green: ttl.green + daily.green, ending: ending.length }
  })
}
