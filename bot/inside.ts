/** Buttons inside a dialog. */
import { AppError } from '../engine/errors.ts'
import type { Action, Click } from './actions/action.ts'
import { plain, section } from './blocks.ts'
import type { BotContext } from './context.ts'
import {
  carriedBy,
  entriesOf,
  fillDialog,
  getModal,
  loadingView,
  problemOf,
  updateView,
  type Problem,
} from './dialogs.ts'
import { sayReply } from './doors.ts'
import { tellable } from './errors.ts'
import type { Heard } from './request.ts'
import type { Rich } from './rich.ts'

/** Runs the verb; the dialog then shows what comes next (`open`), or how things are now, or what is in the way. */
export async function pressInside(
  ctx: BotContext,
  heard: Heard,
  { action, click }: { action: Action; click: Click },
): Promise<void> {
  const { voice } = heard
  const view = heard.wire.view!
  const carried = carriedBy(view)
  const show = (name: string, more: { facts?: Record<string, string>; problem?: Problem }) => {
    const { facts = carried.facts, problem } = more
    const opened = { id: view.id }
    return fillDialog(ctx, voice, { name, carried: { ...carried, facts }, opened, ...(problem ? { problem } : {}) })
  }
  try {
    const reply = await action.run!(ctx, { ...click, dialog: { facts: carried.facts, values: entriesOf(ctx, view) } })
    if (reply.kind === 'done' && action.on === null) return await told(heard, reply.text)
    if (reply.kind === 'open') return await show(reply.modal, { facts: reply.facts })
    await sayReply(ctx, voice, { reply, manner: { how: 'whisper' } })
    await show(view.callback_id, {})
  } catch (caught) {
    const error = tellable(caught)
    if (!(error instanceof AppError)) throw error
    // The review decides about one of many: the click says which.
    const facts = action.verb === 'decide' && click.id ? { ...carried.facts, findingId: click.id } : carried.facts
    const { title } = getModal(view.callback_id)
    await show(view.callback_id, { problem: await problemOf(ctx, error, { title, facts }) })
  }
}

/** Somebody was asked to help: the dialog has nothing more to do and says so. */
async function told({ client, wire }: Heard, text: Rich | string): Promise<void> {
  const view = wire.view!
  const blocks = [section(text)]
  await updateView(
    { client },
    {
      opened: { id: view.id },
      view: { ...loadingView(view.callback_id, carriedBy(view)), close: plain('Done', 24), blocks },
    },
  )
}
