/** Buttons inside a dialog. */
import { AppError } from '../engine/errors.ts'
import type { Action, Click } from './actions/action.ts'
import type { BotContext } from './context.ts'
import { carriedBy, entriesOf, fillDialog } from './dialogs.ts'
import { sayReply } from './doors.ts'
import { brokenId, isBrokenId } from './errors.ts'
import type { Heard } from './request.ts'

/** Runs the verb; the dialog then shows what comes next (`open`), or how things are now, or what is in the way. */
export async function pressInside(
  ctx: BotContext,
  { wire, voice }: Heard,
  { action, click }: { action: Action; click: Click },
): Promise<void> {
  const view = wire.view!
  const carried = carriedBy(view)
  const show = (name: string, more: { facts?: Record<string, string>; problem?: string }) => {
    const { facts = carried.facts, problem } = more
    const opened = { id: view.id }
    return fillDialog(ctx, voice, { name, carried: { ...carried, facts }, opened, ...(problem ? { problem } : {}) })
  }
  try {
    const reply = await action.run!(ctx, { ...click, dialog: { facts: carried.facts, values: entriesOf(ctx, view) } })
    if (reply.kind === 'open') return await show(reply.modal, { facts: reply.facts })
    await sayReply(ctx, voice, { reply, manner: { how: 'whisper' } })
    await show(view.callback_id, {})
  } catch (caught) {
    const error = isBrokenId(caught) ? brokenId() : caught
    if (!(error instanceof AppError)) throw error
    await show(view.callback_id, { problem: [error.message, error.detail.next].filter(Boolean).join(' ') })
  }
}
