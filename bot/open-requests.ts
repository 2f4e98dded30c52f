/** Requests that wait for a person's decision, as their cards say it. */
import { listOpenRequests } from '../db/queries/waiting.ts'
import type { Asked } from './asked.ts'
import type { BotContext } from './context.ts'
import { drawCard, findCard } from './copies.ts'
import { asTyped } from './rich.ts'

/** What this person was asked and nobody decided yet. */
export async function readOpenRequests(ctx: BotContext): Promise<Asked[]> {
  const { orgId, person } = ctx
  const open = await listOpenRequests(ctx.db, { orgId, personId: person.id, now: ctx.now() })
  const asked = open.map(async (one): Promise<Asked[]> => {
    const drawn = await drawCard(ctx, findCard(one.message)!, one.id)
    return drawn ? [{ ...one, text: asTyped(drawn.body.text) }] : []
  })
  return (await Promise.all(asked)).flat()
}
