/** Clean-up scripts as Slack files, with the message that explains them. */
import { findCheckSchedule, listFindings, sumSavings } from '../db/queries/recommendations.ts'
import { decimal } from '../engine/money.ts'
import { getRecommendation } from '../engine/recommendations/options.ts'
import { cleanUp, scriptClouds, type CleanUpFiles } from '../engine/recommendations/scripts.ts'
import type { BotContext } from './context.ts'
import cleanUpScript, { type CleanUpFacts } from './messages/clean-up-script.ts'
import { filesAbout, type Reply } from './reply.ts'

/** One recommendation's findings: the given ones, or all that are open. */
export type Wanted = { recommendation: string; findingIds?: string[] }

/** What scripts do, and what people do by hand; the ids are for one sum over both. */
type Made = { title: string; files: CleanUpFiles }
type ByHand = CleanUpFacts['byHand'][number] & { findingIds: string[] }

/** The scripts and lists for what scripts can do, and the advice for what only a person can. */
export async function scriptsFor(ctx: BotContext, wanted: Wanted[]): Promise<Reply> {
  const made: Made[] = []
  const byHand: ByHand[] = []
  for (const { recommendation, findingIds } of wanted) {
    const one = getRecommendation(recommendation)
    if (findingIds && scriptClouds(one).length === 0) {
      const rows = await listFindings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ids: findingIds })
      const saving = rows.reduce((sum, row) => sum.plus(row.saving ?? 0), decimal(0)).toString()
      byHand.push({ title: one.title, count: rows.length, saving, advice: one.advice, findingIds })
    } else made.push({ title: one.title, files: await cleanUp(ctx, { recommendation, findingIds }) })
  }
  const facts = await factsOf(ctx, made, byHand)
  const uploads = made.flatMap(({ files: { script, json, fileNames } }) => [
    { name: fileNames.script, content: script },
    { name: fileNames.json, content: json },
  ])
  return filesAbout(cleanUpScript, facts, ...uploads)
}

/** One resource may be in several lists; it saves only once. */
async function factsOf(ctx: BotContext, made: Made[], byHand: ByHand[]): Promise<CleanUpFacts> {
  const scripts = made.map(({ title, files: { count, saving, fileNames, sha256 } }) => ({
    ...{ title, count, saving, script: fileNames.script, list: fileNames.json, sha256 },
  }))
  const ids = [...made.map(({ files }) => files), ...byHand].flatMap(({ findingIds }) => findingIds)
  const schedule = await findCheckSchedule(ctx.db, ctx.orgId)
  return {
    ...{ scripts, frozenAt: ctx.now(), nextCheckAt: schedule?.nextRunAt ?? null },
    byHand: byHand.map(({ findingIds: _, ...one }) => one),
    saving: await sumSavings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ids }),
    leftOut: made.reduce((sum, one) => sum + one.files.leftOut, 0),
  }
}
