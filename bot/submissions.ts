/** Submitted dialogs and the options of type-ahead fields. */
import type { Deps } from '../engine/context.ts'
import type { AppError } from '../engine/errors.ts'
import { plain, section } from './blocks.ts'
import type { BotContext } from './context.ts'
import {
  carriedBy,
  entriesOf,
  fillDialog,
  loadingView,
  type Problem,
  submitDialog,
  suggestInDialog,
  type Submitted,
} from './dialogs.ts'
import { sayReply } from './doors.ts'
import { contextOf, unknownPerson } from './meet.ts'
import { hear, type Acked, type Heard, type Wire } from './request.ts'

/** How long a submission may take before the dialog says that it is being worked on; Slack gives three seconds. */
const patienceMs = 900

/** A dialog was submitted: errors go to their fields at once, a slow verb gets a working view first. */
export async function onSubmission(deps: Deps, args: Acked): Promise<void> {
  const view = (args.body as Wire).view!
  const ack = args.ack as (answer?: unknown) => Promise<void>
  const heard = hear(deps, args, carriedBy(view))
  const ctx = await contextOf(heard)
  if (!ctx) {
    await ack()
    return unknownPerson(heard, '', null)
  }
  const work = submitDialog(ctx, view)
  const first = await Promise.race([work, new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null))])
  if (first) return settleSubmission(ctx, heard, { submitted: first, ack })
  await ack({
    response_action: 'update',
    view: { ...loadingView(view.callback_id, carriedBy(view)), blocks: [section('Working on it…')] },
  })
  await settleSubmission(ctx, heard, { submitted: await work, ack: null })
}

type Settling = { submitted: Submitted; ack: ((answer?: unknown) => Promise<void>) | null }

async function settleSubmission(ctx: BotContext, heard: Heard, { submitted, ack }: Settling): Promise<void> {
  const view = heard.wire.view!
  const carried = carriedBy(view)
  const refill = (more: {
    name: string
    facts?: Record<string, string>
    values?: Record<string, unknown>
    problem?: Problem
  }) =>
    fillDialog(ctx, heard.voice, {
      carried: { ...carried, facts: more.facts ?? carried.facts },
      opened: { id: view.id },
      ...more,
    })
  if (submitted.ok && submitted.reply.kind === 'open') {
    const { modal, facts } = submitted.reply
    await ack?.({ response_action: 'update', view: loadingView(modal, { ...carried, facts }) })
    return refill({ name: modal, facts })
  }
  if (submitted.ok) {
    if (ack) await ack()
    else
      await heard.client.views.update({
        view_id: view.id,
        view: { ...loadingView(view.callback_id, carried), blocks: [section('Done.')] } as never,
      })
    return sayReply(ctx, heard.voice, { reply: submitted.reply, manner: { how: 'whisper' } })
  }
  if ('errors' in submitted && ack) return ack({ response_action: 'errors', errors: submitted.errors })
  const problem = 'problem' in submitted ? submitted.problem : Object.values(submitted.errors).join(' ')
  await ack?.({ response_action: 'update', view: loadingView(view.callback_id, carried) })
  await refill({ name: view.callback_id, values: entriesOf(ctx, view), problem })
}

/** The answer to a dialog or to a type-ahead that could not be looked at: a sentence at the first field, what was typed stays; no options. */
export function unservedAnswer(body: unknown, { message, detail }: AppError): never {
  const { view, type } = body as Wire & { type: string }
  const words = [message, detail.next].filter(Boolean).join(' ')
  const field = view?.blocks.find((block) => block.type === 'input')?.block_id
  const sentence = view && { ...loadingView(view.callback_id, carriedBy(view)), blocks: [section(words)] }
  const answer =
    type === 'block_suggestion'
      ? { options: [] }
      : field
        ? { response_action: 'errors', errors: { [field]: words } }
        : { response_action: 'update', view: sentence }
  return answer as never
}

/** Type-ahead of a dialog's field: at most 50 options. */
export async function onOptions(deps: Deps, args: Acked): Promise<void> {
  const { view, value = '' } = args.body as Wire
  const ack = args.ack as (answer: unknown) => Promise<void>
  const heard = hear(deps, args, view ? carriedBy(view) : {})
  const ctx = await contextOf(heard)
  const choices = ctx && view ? await suggestInDialog(ctx, { view, text: value.slice(0, 100) }) : []
  await ack({ options: choices.slice(0, 50).map((choice) => ({ text: plain(choice.label, 70), value: choice.value })) })
}
