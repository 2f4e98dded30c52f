/** Saying what a check found. */
import { countNewFindings } from '../../db/queries/recommendations.ts'
import { listManagers } from '../../db/queries/organizations.ts'
import type { Context } from '../context.ts'
import { notify } from '../notifications/notify.ts'
import { recommendations } from './catalog.ts'
import { tellSavings } from './savings.ts'

/** Tells of savings that grew and of what is newly unsafe. In the caller's transaction. */
export async function tellFound(
  ctx: Context,
  { savingBefore, since }: { savingBefore: string; since: Date },
): Promise<void> {
  await tellSavings(ctx, savingBefore)
  await tellSecurity(ctx, since)
}

/**
 * Tells the organization managers which kinds of unsafe things this check found for the first time, once per finding; what
 * was left out does not count (spec recommendations 7). In the caller's transaction.
 */
async function tellSecurity(ctx: Context, since: Date): Promise<void> {
  const unsafe = recommendations.filter(({ category }) => category === 'security')
  const found = await countNewFindings(ctx.db, { orgId: ctx.orgId, recommendations: unsafe.map(({ id }) => id), since })
  if (found.length === 0) return
  const managers = await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })
  const kinds = found.map(({ recommendation: id, count, names }) => ({
    id,
    title: unsafe.find((one) => one.id === id)!.title,
    count,
    names,
  }))
  await notify(ctx, {
    kind: 'security-found',
    key: `security-found ${ctx.orgId} ${since.toISOString()}`,
    personIds: managers.map((manager) => manager.id),
    facts: { kinds },
  })
}
