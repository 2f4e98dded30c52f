/**
 * A click on a message: person, receipt and revision are checked, the buttons make room for "Working on it" (IC-3), the
 * verb runs once (IC-4), and every copy shows the new state. Nothing the click carries is trusted.
 */
import type { Subject } from '../engine/events.ts'
import { actions } from './actions/catalog.ts'
import type { Action, Click } from './actions/action.ts'
import { paragraph } from './blocks.ts'
import type { BotContext } from './context.ts'
import { parseClick } from './controls.ts'
import { redraw } from './copies.ts'
import { answer, sayReply, storedLine } from './doors.ts'
import { explain } from './errors.ts'
import { originOf } from './messages/message.ts'
import { alreadyDone, settle, undoReceipt } from './receipts.ts'
import { done } from './reply.ts'
import { currentRevision } from './revisions.ts'
import { restore, settledRow, show, tooLate, wish, working, type Clicked } from './settling.ts'
import type { Voice } from './voice.ts'

type Element = Record<string, unknown> & { action_id: string; block_id: string }

/** Reads an element of a block_actions payload: the action and its click, or null for links and foreign values. */
export function readClick(element: Element): { action: Action; click: Click } | null {
  const value = (element['selected_option'] as { value?: string } | undefined)?.value ?? element['value']
  const parsed = typeof value === 'string' ? parseClick(value) : null
  const action = parsed && actions.find(({ verb }) => verb === parsed.verb)
  if (!parsed || !action) return null
  const { id, rev, arg } = parsed
  return { action, click: { id, rev, arg, origin: originOf(element.block_id) } }
}

/** Carries out a click and shows what came of it. */
export async function carryOut(ctx: BotContext, voice: Voice, clicked: Clicked): Promise<void> {
  const { action, click } = clicked
  try {
    if (action.verb === 'undo') return await undo(ctx, voice, clicked)
    if (action.verb === 'run-command')
      return await answer(ctx, voice, { line: click.id === '-' ? click.arg : await storedLine(ctx, click.id) })
    if (!action.run) return
    if (action.effect === 'none' || !action.on)
      return await sayReply(ctx, voice, { reply: await action.run(ctx, click), manner: { how: 'whisper' } })
    await change(ctx, voice, clicked)
  } catch (error) {
    await sayReply(ctx, voice, {
      reply: await explain(ctx, error, await wish(ctx, clicked)),
      manner: { how: 'whisper' },
    })
  }
}

async function change(ctx: BotContext, voice: Voice, clicked: Clicked): Promise<void> {
  const { action, click } = clicked
  const subject: Subject = { kind: action.on!, id: click.id }
  const on = { subject, rev: click.rev, verb: action.verb, argument: click.arg }
  const late = await alreadyDone(ctx, on)
  if (late) return tooLate(ctx, voice, { clicked, subject, text: late })
  const now = action.anyRevision || click.rev === 0 ? null : await currentRevision(ctx, subject)
  if (now !== null && now !== click.rev)
    return tooLate(ctx, voice, {
      clicked,
      subject,
      text: 'This changed meanwhile, so nothing was done. Here is how it is now; click again if it is still right.',
    })
  await working(ctx, voice, clicked)
  try {
    const settled = await settle(ctx, on, (inner) => action.run!(inner, click))
    if (settled.late) return await tooLate(ctx, voice, { clicked, subject, text: settled.late })
    await show(ctx, voice, { clicked, subject, ...settled })
  } catch (error) {
    await restore(ctx, voice, { clicked, subject })
    throw error
  }
}

async function undo(ctx: BotContext, voice: Voice, { click, message, blockId }: Clicked): Promise<void> {
  const { text, subject } = await undoReceipt(ctx, click.id)
  const reply = done(text, { subject })
  if (message && click.origin === 'receipt')
    await voice.replace(settledRow({ message, blockId } as Clicked, reply, null))
  else await voice.replace(paragraph(text))
  await redraw(ctx, subject)
}
