/** An import at the terminal: how far it is while it runs, its totals at the end. */
import { setTimeout as sleep } from 'node:timers/promises'
import { findImport, listRejectedLines } from '../db/queries/imports.ts'
import type { Import } from '../db/schema/cloud-accounts.ts'
import type { Context } from '../engine/context.ts'
import { fallback } from './blocks.ts'
import { orgContext, type OrgContext } from './context.ts'
import importProgress from './messages/import-progress.ts'
import { frameOf } from './messages/message.ts'
import { linesOf } from './terminal.ts'
import { count } from './words.ts'

export type Following = { importId: string; say: (line: string) => void; everyMs?: number }

/**
 * Says how far an import is, twice a second when it changed, until it is over; resolves to what came of it. Whoever
 * reads the bill, this process or a worker elsewhere, writes the same row.
 */
export async function followImport(caller: Context, { importId, say, everyMs = 500 }: Following): Promise<string> {
  const ctx = await orgContext(caller, caller.orgId, caller.actor)
  for (let said = ''; ;) {
    const facts = await importProgress.load(ctx, importId)
    if (!facts) return 'The import is gone: its account was removed.'
    if (importProgress.over!(facts)) return outcome(ctx, importId)
    const line = `${facts.step}: ${sentence(facts, ctx)}`
    if (line !== said) say(line)
    said = line
    await sleep(everyMs)
  }
}

/** The sentence of the card, the exact control totals, the pace, and the first lines that were set aside. */
async function outcome(ctx: OrgContext, importId: string): Promise<string> {
  const where = { orgId: ctx.orgId, importId }
  const row = (await findImport(ctx.db, { orgId: ctx.orgId, id: importId }))!
  const facts = (await importProgress.load(ctx, importId))!
  const aside = row.quarantined ? (await listRejectedLines(ctx.db, where)).slice(0, 5) : []
  return [
    sentence(facts, ctx),
    ...(row.reason ? [row.reason] : []),
    ...(row.state === 'completed' ? [exactly(row)] : []),
    ...aside.map(({ file, line, reason }) => `Set aside: ${file}, line ${line}: ${reason}.`),
  ].join('\n')
}

type Facts = NonNullable<Awaited<ReturnType<typeof importProgress.load>>>

/** The sentence of the card, without Slack's escapes. */
const sentence = (facts: Facts, ctx: OrgContext): string =>
  linesOf({ text: fallback(importProgress.text(facts, frameOf(ctx))), blocks: [] })

function exactly({ lines, billed, effective, startedAt, finishedAt }: Import): string {
  const seconds = Math.max(0.001, ((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 1000)
  const pace = `${count(lines, 'row')} in ${seconds.toFixed(1)} s, ${Math.round(lines / seconds).toLocaleString('en-US')} a second`
  return `${pace}; billed ${billed}, effective cost ${effective}.`
}
