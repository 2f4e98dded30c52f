/** A clean-up as its messages show it. */
import { z } from 'zod'
import { findCheckSchedule } from '../db/queries/recommendations.ts'
import { findPerson } from '../db/queries/organizations.ts'
import { findCleanUp } from '../db/queries/clean-ups.ts'
import type { CleanUp } from '../db/schema/clean-ups.ts'
import { cleanUpStates } from '../db/vocabulary.ts'
import { readCleanUpPolicy } from '../engine/clean-ups/policy.ts'
import { filesOf } from '../engine/clean-ups/freeze.ts'
import { isOver, sayOutcome } from '../engine/clean-ups/verify.ts'
import { decimal } from '../engine/money.ts'
import { getRecommendation } from '../engine/recommendations/options.ts'
import type { OrgContext } from './context.ts'

const person = z.object({ id: z.string(), name: z.string() })

export const CleanUpFacts = z.object({
  id: z.string(),
  rev: z.number(),
  state: z.enum(cleanUpStates),
  person,
  decidedBy: person.nullable(),
  kinds: z.array(
    z.object({ title: z.string(), advice: z.string(), count: z.number(), saving: z.string(), byHand: z.boolean() }),
  ),
  /** The first of the list: name, kind and saving per month. */
  items: z.array(z.object({ name: z.string(), title: z.string(), saving: z.string().nullable() })),
  count: z.number(),
  /** Names of what the approver left out. */
  declined: z.array(z.string()).default([]),
  leftOut: z.number(),
  saving: z.string(),
  /** Names of the files; the first is the one to run. */
  files: z.array(z.string()),
  sha256: z.string(),
  /** Above this a second person is asked; 0 asks nobody. */
  over: z.number(),
  requestedAt: z.coerce.date(),
  expiresAt: z.coerce.date().nullable(),
  ranAt: z.coerce.date().nullable(),
  /** "6 of 7 gone, 1 attached again". */
  outcome: z.string().nullable(),
  allGone: z.boolean(),
  nextCheckAt: z.coerce.date().nullable(),
})
export type CleanUpFacts = z.infer<typeof CleanUpFacts>

/** The facts of a clean-up that was asked for, or null. */
export async function loadCleanUp(ctx: OrgContext, id: string): Promise<CleanUpFacts | null> {
  const { orgId } = ctx
  const found = await findCleanUp(ctx.db, { orgId, id })
  if (!found?.requestedAt) return null
  const [owner, decider, schedule, { over }] = await Promise.all([
    findPerson(ctx.db, { orgId, id: found.personId }),
    found.decidedBy ? findPerson(ctx.db, { orgId, id: found.decidedBy }) : null,
    findCheckSchedule(ctx.db, orgId),
    readCleanUpPolicy(ctx),
  ])
  const { rev, state, items, leftOut, saving, sha256, requestedAt, expiresAt, ranAt } = found
  return {
    ...{ id, rev, state, leftOut, saving, sha256, requestedAt, expiresAt, ranAt, over, kinds: kindsOf(found) },
    person: { id: found.personId, name: owner?.name ?? 'somebody' },
    decidedBy: decider && { id: decider.id, name: decider.name },
    items: items
      .slice(0, 10)
      .map((item) => ({ name: item.name, title: titleOf(item.recommendation), saving: item.saving })),
    files: filesOf(found).map(({ name }) => name),
    count: items.length,
    declined: found.declined.map(({ name }) => name),
    outcome: sayOutcome(items),
    allGone: items.every(({ outcome }) => isOver(outcome)),
    nextCheckAt: schedule?.nextRunAt ?? null,
  }
}

const titleOf = (recommendation: string): string => getRecommendation(recommendation).title

function kindsOf({ items }: CleanUp): CleanUpFacts['kinds'] {
  const groups = Map.groupBy(items, ({ recommendation, byHand }) => `${recommendation} ${byHand}`)
  return [...groups.values()].map((own) => {
    const { title, advice } = getRecommendation(own[0]!.recommendation)
    const saving = own.reduce((sum, item) => sum.plus(item.saving ?? 0), decimal(0)).toString()
    return { title, advice, count: own.length, saving, byHand: own[0]!.byHand }
  })
}

/** "data-6, data-7 and 3 more": what was left out of an approval, short enough for a message. */
export const sayDeclined = (names: string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')

/** For the samples of messages. */
export const sampleCleanUp = (more: Partial<CleanUpFacts> = {}): CleanUpFacts => ({
  ...{ id: '8f2c0000-0000-4000-8000-000000000001', rev: 2, state: 'handed_over', person: { id: 'p1', name: 'Max' } },
  ...{ declined: [], decidedBy: null, count: 7, leftOut: 0, saving: '51.2', over: 200, outcome: null, allGone: false },
  kinds: [{ title: 'Not attached volumes', advice: 'Delete the volume.', count: 7, saving: '51.2', byHand: false }],
  items: [{ name: 'data-2', title: 'Not attached volumes', saving: '12.4' }],
  files: ['cleanup_volumes_not_attached_for_a_long_time.sh', 'volumes_not_attached_for_a_long_time-2026-11-23.json'],
  sha256: '9c1f'.padEnd(64, 'e2'),
  ...{ requestedAt: new Date('2026-11-23T10:40:00Z'), expiresAt: null, ranAt: null },
  nextCheckAt: new Date('2026-11-23T12:00:00Z'),
  ...more,
})
