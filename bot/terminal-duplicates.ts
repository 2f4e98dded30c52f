/** A check for duplicates at the terminal: how far it is while it runs, its card at the end. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../engine/context.ts'
import { orgContext } from './context.ts'
import { drawCard } from './copies.ts'
import duplicatesFound from './messages/duplicates-found.ts'
import { linesOf } from './terminal.ts'

export type FollowingCheck = { checkId: string; say: (line: string) => void; everyMs?: number }

/**
 * Says how far a check is, twice a second when it changed, until it ended; resolves to its card as lines. Whoever runs it,
 * this process or a worker elsewhere, writes the same row.
 */
export async function followDuplicates(
  caller: Context,
  { checkId, say, everyMs = 500 }: FollowingCheck,
): Promise<string> {
  const ctx = await orgContext(caller, caller.orgId, caller.actor)
  for (let said = ''; ;) {
    const facts = await duplicatesFound.load(ctx, checkId)
    const drawn = await drawCard(ctx, duplicatesFound, checkId)
    if (!facts || !drawn) return 'The check is gone.'
    if (facts.state === 'success' || facts.state === 'failed') return linesOf(drawn.body)
    if (drawn.body.text !== said) say(linesOf({ text: drawn.body.text, blocks: [] }))
    said = drawn.body.text
    await sleep(everyMs)
  }
}
