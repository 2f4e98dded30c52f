/** What all recommendations say together. */
import { findCheckSchedule, listCheckResults, sumFindings, sumSavings } from '../../db/queries/recommendations.ts'
import type { Cloud } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { decimal, type Amount } from '../money.ts'
import { recommendations } from './catalog.ts'

/** `saving` per 30 days of the active findings; null for a kind that saves no money. */
export type Kind = {
  id: string
  title: string
  category: 'cost' | 'security'
  count: number
  saving: Amount | null
  /** Where the active findings are. */
  clouds: Cloud[]
  snoozed: number
  dismissed: number
  excluded: number
  /** Nothing found; found but saves nothing; saves; saves more than 100 a month. */
  state: 'good' | 'attention' | 'saving' | 'critical'
  /** Which accounts could not be checked and why; their last good findings are counted. */
  error?: string
}

export type Summary = {
  /** Of active findings; of several on one resource only the best counts. */
  totalSaving: Amount
  lastCheckAt: Date | null
  nextCheckAt: Date | null
  running: boolean
  kinds: Kind[]
}

/** More than this per month is critical (spec recommendations 6). */
const critical = 100

/** Whose findings: of an account, of a pool with its sub-pools, or of an owner, and only savings above `over`; all without. */
export type Where = { accountId?: string; poolId?: string; ownerId?: string; over?: Amount }

/** What the active findings save per 30 days, each resource once. */
export async function totalSaving(ctx: Context, where: Where = {}): Promise<Amount> {
  return sumSavings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ...where })
}

/** Counts and savings of every recommendation, those that save most first, and when checks ran and run. */
export async function summary(ctx: Context, where: Where = {}): Promise<Summary> {
  await assertCan(ctx, 'see_costs')
  const sums = await sumFindings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ...where })
  const results = await listCheckResults(ctx.db, ctx.orgId)
  const schedule = await findCheckSchedule(ctx.db, ctx.orgId)
  const kinds = recommendations.map(({ id, title, category }): Kind => {
    const of = (status: string) => sums.find((sum) => sum.recommendation === id && sum.status === status)
    const count = of('active')?.count ?? 0
    const saving = category === 'cost' ? (of('active')?.saving ?? '0') : null
    const errors = results.filter((result) => result.recommendation === id && result.error !== null)
    return {
      ...{ id, title, category, count, saving, clouds: of('active')?.clouds ?? [], state: stateOf(count, saving) },
      ...{
        snoozed: of('snoozed')?.count ?? 0,
        dismissed: of('dismissed')?.count ?? 0,
        excluded: of('excluded')?.count ?? 0,
      },
      ...(errors.length ? { error: errors.map(({ accountName, error }) => `${accountName}: ${error}`).join(' ') } : {}),
    }
  })
  return {
    totalSaving: await totalSaving(ctx, where),
    lastCheckAt: schedule?.lastCompletedAt ?? null,
    nextCheckAt: schedule?.nextRunAt ?? null,
    running: schedule?.running != null,
    kinds: kinds.toSorted((a, b) => decimal(b.saving ?? 0).cmp(decimal(a.saving ?? 0)) || b.count - a.count),
  }
}

function stateOf(count: number, saving: Amount | null): Kind['state'] {
  if (count === 0) return 'good'
  if (saving === null || decimal(saving).lte(0)) return 'attention'
  return decimal(saving).gt(critical) ? 'critical' : 'saving'
}
