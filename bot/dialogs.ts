/** Dialogs: a loading view at once (IC-2), then the filled one; live fields load again; a submission runs one verb. */
import type { z } from 'zod'
import { AppError, invalid, notFound } from '../engine/errors.ts'
import { plain, section, type Block } from './blocks.ts'
import type { BotContext } from './context.ts'
import { refusalBlocks, tellable } from './errors.ts'
import { inputsOf, readValues, type ViewState } from './inputs.ts'
import { judgeView } from './lint.ts'
import { withIds } from './messages/message.ts'
import { modals } from './modals/catalog.ts'
import type { AnyModal, Form } from './modals/modal.ts'
import type { Reply } from './reply.ts'
import { md } from './rich.ts'
import { slackFailure } from './slack.ts'
import { dialogWords } from './subjects.ts'
import type { View, Voice } from './voice.ts'

/** What a dialog carries: ids only, and the conversation it was opened from. */
export type Carried = { facts: Record<string, string>; channel: string | null; threadTs?: string }

/** The dialog of this name, or NotFound. */
export function getModal(name: string): AnyModal {
  const found = modals.find((one) => one.name === name)
  if (!found) throw notFound('This dialog is no longer there.', { next: 'Type `help` to see what I can do.' })
  return found
}

type Growing = { facts: Record<string, string>; values?: Record<string, unknown> | undefined }

/** The dialog with the fields it has here and now. */
function grownModal(ctx: BotContext, name: string, { facts, values }: Growing): AnyModal {
  const modal = getModal(name)
  return modal.more ? { ...modal, fields: modal.fields.extend(modal.more(ctx, facts, values).shape) } : modal
}

/** The same for a dialog that came back: its own fields say which others it has. */
const grownView = (ctx: BotContext, view: { callback_id: string; private_metadata?: string; state: ViewState }) =>
  grownModal(ctx, view.callback_id, {
    facts: carriedBy(view).facts,
    values: readValues(getModal(view.callback_id), view.state),
  })

/** The view to open before anything is read. */
export function loadingView(name: string, carried: Carried): View {
  return frameView(getModal(name), carried, [section('Loading…')])
}

function frameView(modal: AnyModal, carried: Carried, blocks: Block[]): View {
  return {
    type: 'modal',
    callback_id: modal.name,
    private_metadata: JSON.stringify(carried),
    title: plain(modal.title, 24),
    close: plain('Cancel', 24),
    blocks,
  }
}

/** Slack's limit of what a view carries, in characters. */
const mostCarried = 3000

/** Refuses a next step of a dialog that could not carry what it needs: Slack would refuse the view. */
function carryable(reply: Reply, carried: Carried): Reply {
  if (reply.kind !== 'open' || JSON.stringify({ ...carried, facts: reply.facts }).length <= mostCarried) return reply
  throw invalid('This is more than a dialog in Slack can carry on. Nothing was changed.', {
    next: 'Use shorter names here, or the form on the web.',
  })
}

/** The metadata of a view that came back from Slack. */
export function carriedBy(view: { private_metadata?: string }): Carried {
  const { facts = {}, channel = null, threadTs } = JSON.parse(view.private_metadata || '{}') as Partial<Carried>
  return { facts, channel, ...(threadTs ? { threadTs } : {}) }
}

/** Opens a dialog: loading view with the trigger, then what `load` says. Without a trigger the person is told the way. */
export async function openDialog(
  ctx: BotContext,
  voice: Voice,
  { name, facts }: { name: string; facts: Record<string, string> },
): Promise<void> {
  const { channel, threadTs } = voice.place
  const carried = { facts, channel, ...(threadTs ? { threadTs } : {}) }
  if (!voice.open)
    return voice.whisper({
      text: 'I can open this dialog only from a button or a slash command. Try /finops.',
      blocks: [],
    })
  const opened = await voice.open(loadingView(name, carried))
  await fillDialog(ctx, voice, { name, carried, opened })
}

/** Fills an open dialog. `values` are the entries so far; a change in between (another hash) wins over ours. */
export async function fillDialog(
  ctx: BotContext,
  { client }: Pick<Voice, 'client'>,
  input: {
    name: string
    carried: Carried
    opened: { id: string; hash?: string }
    values?: Record<string, unknown>
    problem?: Problem
  },
): Promise<void> {
  const { name, carried, opened, values } = input
  let { problem } = input
  const modal = grownModal(ctx, name, { facts: carried.facts, values })
  const form = await modal.load(ctx, carried.facts, values).catch((error: unknown) => {
    // What refuses to open says it itself.
    problem = undefined
    return explainInside(ctx, error, { title: modal.title, facts: carried.facts, values })
  })
  const view = await filledView(modal, { carried, form, values, problem })
  const problems = judgeView(view)
  if (problems.length) ctx.log.warn({ problems, modal: name }, 'a dialog breaks the rules')
  await updateView({ client }, { opened, view })
}

/** Shows something else in an open dialog. Somebody may have typed on or closed it: what they see is newer than ours then. */
export async function updateView(
  { client }: Pick<Voice, 'client'>,
  { opened, view }: { opened: { id: string; hash?: string }; view: View },
): Promise<void> {
  if (!client) return
  try {
    await client.views.update({
      view_id: opened.id,
      ...(opened.hash ? { hash: opened.hash } : {}),
      view: view as never,
    })
  } catch (error) {
    const failure = slackFailure(error)
    if (failure && 'error' in failure && ['hash_conflict', 'not_found', 'view_not_found'].includes(failure.error))
      return
    throw error
  }
}

/** What is in the way, above the fields: a sentence, or a refusal with who can. */
export type Problem = string | Block[]

/** Where a dialog was: its title, what it was opened for, and the entries so far. */
type Where = { title: string; facts: Record<string, string>; values?: Record<string, unknown> | undefined }

async function explainInside(ctx: BotContext, caught: unknown, where: Where): Promise<Form<Record<string, unknown>>> {
  const error = tellable(caught)
  if (!(error instanceof AppError)) throw error
  return { blocks: await refusalBlocks(ctx, error, await about(ctx, error, where)), closed: true }
}

/** Only a refusal of rights needs to say what it was about; everything else stands at its field. */
const about = async (ctx: BotContext, { kind }: AppError, { title, facts, values }: Where) =>
  kind === 'forbidden' ? dialogWords(ctx, { title, facts, ...(values ? { values } : {}) }) : null

/** What stopped a button or a submission: a sentence, or for a missing right also what it was about, who can, and a button that asks them. */
export async function problemOf(ctx: BotContext, error: AppError, where: Where): Promise<Problem> {
  const text = [error.message, error.detail.next].filter(Boolean).join(' ')
  return error.kind === 'forbidden' ? refusalBlocks(ctx, error, await about(ctx, error, where)) : text
}

async function filledView(
  modal: AnyModal,
  {
    carried,
    form,
    values,
    problem,
  }: {
    carried: Carried
    form: Form<Record<string, unknown>>
    values?: Record<string, unknown> | undefined
    problem?: Problem | undefined
  },
): Promise<View> {
  const open = !form.closed && modal.submit
  const first = typeof problem === 'string' ? [section(md`:warning: ${problem}`)] : (problem ?? [])
  const above = [...first, ...(form.blocks ?? [])]
  const blocks = [...withIds(above, `modal/${modal.name}`), ...(form.closed ? [] : inputsOf(modal, form, values))]
  return {
    ...frameView(modal, carried, blocks.length ? blocks : [section('Nothing to show.')]),
    title: plain(form.title ?? modal.title, 24),
    close: plain(open ? 'Cancel' : 'Done', 24),
    ...(open ? { submit: plain(modal.submit!, 24) } : {}),
  }
}

/** What was entered so far. */
export const entriesOf = (
  ctx: BotContext,
  view: { callback_id: string; private_metadata?: string; state: ViewState },
): Record<string, unknown> => readValues(grownView(ctx, view), view.state)

/** Options of a type-ahead field; none when the dialog has no `find`. */
export async function suggestInDialog(
  ctx: BotContext,
  { view, text }: { view: { callback_id: string; private_metadata?: string }; text: string },
): Promise<{ label: string; value: string; about?: string }[]> {
  const { find } = getModal(view.callback_id)
  return find ? find(ctx, text, carriedBy(view).facts) : []
}

export type Submitted =
  | { ok: true; reply: Reply }
  | { ok: false; errors: Record<string, string> }
  | { ok: false; problem: Problem; values: Record<string, unknown> }

/** Runs a submission: field errors by block id, or one problem on top, or the reply to say. */
export async function submitDialog(
  ctx: BotContext,
  view: { callback_id: string; private_metadata?: string; state: ViewState; blocks: Block[] },
): Promise<Submitted> {
  const carried = carriedBy(view)
  const { facts } = carried
  const modal = grownView(ctx, view)
  const values = readValues(modal, view.state)
  const blockOf = (field: string) => view.blocks.find(({ block_id: id }) => id?.split('~')[0] === field)?.block_id
  const parsed = modal.fields.safeParse(values)
  if (!parsed.success) {
    const errors = fieldErrors(parsed.error, blockOf)
    if (Object.keys(errors).length) return { ok: false, errors }
    return { ok: false, problem: parsed.error.issues[0]?.message ?? 'Please check the fields.', values }
  }
  if (!modal.run) return { ok: true, reply: { kind: 'nothing' } }
  try {
    return { ok: true, reply: carryable(await modal.run(ctx, { facts, values: parsed.data }), carried) }
  } catch (caught) {
    const error = tellable(caught)
    if (!(error instanceof AppError)) throw error
    const text = [error.message, error.detail.next].filter(Boolean).join(' ')
    const block = error.detail.field && blockOf(error.detail.field)
    if (block && error.kind !== 'forbidden') return { ok: false, errors: { [block]: text } }
    return { ok: false, problem: await problemOf(ctx, error, { title: modal.title, facts, values }), values }
  }
}

function fieldErrors(error: z.ZodError, blockOf: (field: string) => string | undefined): Record<string, string> {
  const found = error.issues.map(({ path, message }) => [blockOf(String(path[0])), message] as const)
  return Object.fromEntries(found.filter((pair): pair is [string, string] => Boolean(pair[0])))
}
