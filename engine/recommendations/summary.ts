/** What all recommendations say together. */
import { listFailedDiscoveries } from '../../db/queries/discoveries.ts'
import {
  countOverlaps,
  findCheckSchedule,
  listCheckResults,
  sumFindings,
  sumSavings,
} from '../../db/queries/recommendations.ts'
import type { Cloud } from '../../db/vocabulary.ts'
import { problemOf } from '../accounts/health.ts'
import { sayProblems, type PartResult } from '../accounts/problems.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { decimal, type Amount } from '../money.ts'
import { recommendations } from './catalog.ts'
import { partOf, sourcesOf } from './inputs.ts'
import type { Options } from './options.ts'
import type { Recommendation } from './recommendation.ts'

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
  /** Which accounts could not be judged, or only by what was known before, and what to do; their last findings are counted. */
  lacks: Lack[]
}

/** `text` says what is missing and what to do next. */
export type Lack = { account: string; text: string }

export type Summary = {
  /** Of active findings; of several that lower one cost only the best counts. */
  totalSaving: Amount
  /** Active findings that lower a cost others lower too, and how many such costs there are. */
  overlaps: { findings: number; costs: number }
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
  const notes = await listFailedDiscoveries(ctx.db, ctx.orgId)
  const kinds = recommendations.map((one): Kind => {
    const { id, title, category } = one
    const of = (status: string) => sums.find((sum) => sum.recommendation === id && sum.status === status)
    const count = of('active')?.count ?? 0
    const saving = category === 'cost' ? (of('active')?.saving ?? '0') : null
    return {
      ...{ id, title, category, count, saving, clouds: of('active')?.clouds ?? [], state: stateOf(count, saving) },
      ...{
        snoozed: of('snoozed')?.count ?? 0,
        dismissed: of('dismissed')?.count ?? 0,
        excluded: of('excluded')?.count ?? 0,
      },
      lacks: lacksOf(
        one,
        results.filter((result) => result.recommendation === id),
        notes,
      ),
    }
  })
  return {
    totalSaving: await totalSaving(ctx, where),
    overlaps: await countOverlaps(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ...where }),
    lastCheckAt: schedule?.lastCompletedAt ?? null,
    nextCheckAt: schedule?.nextRunAt ?? null,
    running: schedule?.running != null,
    kinds: kinds.toSorted((a, b) => decimal(b.saving ?? 0).cmp(decimal(a.saving ?? 0)) || b.count - a.count),
  }
}

/** What its checks lacked, and what could not be read lately of what it judges by. */
function lacksOf(one: Recommendation, results: Result[], notes: Note[]): Lack[] {
  const failed = results.flatMap(({ accountName, error }) =>
    error === null ? [] : [{ account: accountName, text: error }],
  )
  const parts = new Set([...sourcesOf(one).map(partOf), 'regions'])
  const late = [...Map.groupBy(notes, ({ accountId }) => accountId)].flatMap(([accountId, own]) => {
    const result = results.find((each) => each.accountId === accountId)
    const { accountName: account, cloud } = own[0]!
    const skipped = (result?.options as Options | undefined)?.skip_cloud_accounts.includes(accountId)
    if (!one.clouds.includes(cloud) || skipped || (result && result.error !== null)) return []
    return sayProblems(own.filter(({ resourceType }) => parts.has(resourceType)).map(asPart))
      .filter(({ kind }) => kind !== 'throttled')
      .map(({ what, where, next }) => ({
        account,
        text: [where ? `${what.replace(/\.$/, '')} (${where}).` : what, next].join(' ').trim(),
      }))
  })
  return [...failed, ...late]
}

type Note = Awaited<ReturnType<typeof listFailedDiscoveries>>[number]
type Result = Awaited<ReturnType<typeof listCheckResults>>[number]
const asPart = (note: Note): PartResult => ({ part: note.resourceType, region: note.region, problem: problemOf(note) })

/** How overlapping savings are counted, in a sentence; null when none do. */
export function sayOverlaps({ findings, costs }: Summary['overlaps']): string | null {
  if (findings === 0) return null
  return costs === 1
    ? `${findings} of these lower the same cost; only the largest counts.`
    : `${findings} of these lower the same ${costs} costs; only the largest of each counts.`
}

function stateOf(count: number, saving: Amount | null): Kind['state'] {
  if (count === 0) return 'good'
  if (saving === null || decimal(saving).lte(0)) return 'attention'
  return decimal(saving).gt(critical) ? 'critical' : 'saving'
}
