/** One settled receipt per (subject, revision, verb) (IC-4), and undo for 30 minutes (IC-8). */
import { randomInt } from 'node:crypto'
import {
  findReceipt,
  findReceiptById,
  insertReceipt,
  setReceiptUndo,
  setReceiptUndone,
} from '../db/queries/slack-receipts.ts'
import { inTransaction } from '../engine/context.ts'
import { conflict, notFound } from '../engine/errors.ts'
import type { Subject } from '../engine/events.ts'
import { minuteMs } from '../engine/time.ts'
import { actions } from './actions/catalog.ts'
import type { BotContext } from './context.ts'
import { moment, md, type Rich } from './rich.ts'
import type { Done, Reply } from './reply.ts'

/** How long a change can be taken back by a click. */
export const undoMs = 30 * minuteMs

export type ClickOn = { subject: Subject; rev: number; verb: string; argument: string }

/** "Already done by Priya at 10:42", or null when this click is the first. */
export async function alreadyDone(ctx: BotContext, { subject, rev, verb }: ClickOn): Promise<Rich | null> {
  const found = await findReceipt(ctx.db, { orgId: ctx.orgId, ...subject, rev, verb })
  if (!found) return null
  const who = found.personId === ctx.person.id ? 'you' : found.personName
  return md`Already done by ${who} at ${moment(found.settledAt, 'time')}. Nothing was changed.`
}

export type Settled = { reply: Reply; receiptId: string | null; late: Rich | null }

/**
 * Runs a change inside the transaction that claims its receipt: of two clicks at once one runs, the other is told who
 * was first. When `run` throws, the claim is gone with it.
 */
export async function settle(
  ctx: BotContext,
  click: ClickOn,
  run: (ctx: BotContext) => Promise<Reply>,
): Promise<Settled> {
  const settled = await inTransaction(ctx, async (inner) => {
    const within = { ...ctx, ...inner }
    const { subject, rev, verb, argument } = click
    const receipt = await insertReceipt(within.db, {
      ...{ orgId: ctx.orgId, subjectKind: subject.kind, subjectId: subject.id, rev, verb, argument },
      ...{ personId: ctx.person.id, settledAt: ctx.now() },
    })
    if (!receipt) return null
    const reply = await run(within)
    if (reply.kind === 'done' && reply.undo) await setReceiptUndo(within.db, { id: receipt.id, undo: reply.undo })
    return { reply, receiptId: receipt.id, late: null }
  })
  return settled ?? { reply: { kind: 'nothing' }, receiptId: null, late: await alreadyDone(ctx, click) }
}

/** The receipt of a change that was typed or came from a dialog; its revision is random and negative, so it never meets another's. */
export async function noteReceipt(ctx: BotContext, done: Done, verb: string): Promise<string | null> {
  if (!done.undo) return null
  const receipt = await insertReceipt(ctx.db, {
    ...{ orgId: ctx.orgId, subjectKind: done.subject.kind, subjectId: done.subject.id, verb },
    ...{ rev: -randomInt(1, 2 ** 31), personId: ctx.person.id, settledAt: ctx.now() },
    undo: done.undo,
  })
  return receipt?.id ?? null
}

/** Takes a change back: within 30 minutes, once, by the action's own `undo`. Answers what is true again. */
export async function undoReceipt(
  ctx: BotContext,
  receiptId: string,
): Promise<{ text: Done['text']; subject: Subject }> {
  const receipt = await findReceiptById(ctx.db, { orgId: ctx.orgId, id: receiptId })
  const kept = receipt?.undo as Done['undo'] | null
  const action = kept && actions.find(({ verb }) => verb === kept.verb)
  if (!receipt || !kept || !action?.undo) throw notFound('There is nothing to take back here. Nothing was changed.')
  if (ctx.now().getTime() - receipt.settledAt.getTime() > undoMs)
    throw conflict('Undo works for 30 minutes; this was longer ago. Nothing was changed.', {
      next: 'Make the change by hand.',
    })
  const subject = { kind: receipt.subjectKind as Subject['kind'], id: receipt.subjectId }
  return inTransaction(ctx, async (inner) => {
    const within = { ...ctx, ...inner }
    if (!(await setReceiptUndone(within.db, { id: receipt.id, at: ctx.now() })))
      throw conflict('This was taken back already. Nothing was changed.')
    return { text: await action.undo!(within, { id: receipt.subjectId, kept: kept.kept }), subject }
  })
}
