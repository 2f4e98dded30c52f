/** A review of recommendations: which ones, and how many were decided. What was chosen lies in the database. */
import { listFindings, sumFindings, sumSavings, type FindingRow } from '../db/queries/recommendations.ts'
import { mostChosen, readChosen } from '../engine/clean-ups/choose.ts'
import type { Amount } from '../engine/money.ts'
import type { BotContext } from './context.ts'

export type Review = {
  recommendation?: string
  poolId?: string
  ownerId?: string
  accountId?: string
  /** Only savings above this per month. */
  over?: string
  decided: number
  /** The last decision, to go back: what, on which finding, and its revision after it. */
  last?: string
}

const filters = ['recommendation', 'poolId', 'ownerId', 'accountId', 'over'] as const

/** The review behind the ids of a dialog. */
export function readReview(facts: Record<string, string>): Review {
  const review: Review = {
    decided: Number(facts['decided'] ?? 0),
  }
  for (const name of filters) if (facts[name]) review[name] = facts[name]
  return facts['last'] ? { ...review, last: facts['last'] } : review
}

/** The ids a dialog carries. */
export const writeReview = ({ decided, ...rest }: Review): Record<string, string> => ({
  ...rest,
  decided: String(decided),
})

/** What a review button carries: its filters, in one short argument. */
export const reviewArgument = (of: Partial<Pick<Review, (typeof filters)[number]>>): string =>
  filters.map((name) => of[name] ?? '').join('|')

/** The dialog's first ids from that argument. */
export function reviewFacts(argument: string): Record<string, string> {
  const values = argument.split('|')
  return Object.fromEntries(filters.map((name, n) => [name, values[n] ?? '']).filter(([, value]) => value))
}

/** `chosen`: ids on the person's list so far. */
export type Ahead = { next: FindingRow | null; left: number; saving: Amount; chosen: string[] }

/** The next finding to decide on and what is left with it: the biggest saving first. A resource saves only once. */
export async function lookAhead(ctx: BotContext, review: Review): Promise<Ahead> {
  const { decided: _, last: __, ...of } = review
  const chosen = await readChosen(ctx)
  const where = { orgId: ctx.orgId, now: ctx.now(), ...of, status: 'active', without: chosen } as const
  const sums = await sumFindings(ctx.db, where)
  const [next = null] = chosen.length < mostChosen ? await listFindings(ctx.db, { ...where, limit: 1 }) : []
  return {
    next,
    left: sums.reduce((sum, { count }) => sum + count, 0),
    saving: await sumSavings(ctx.db, where),
    chosen,
  }
}
