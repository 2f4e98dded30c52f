/** What a click does to the message it came from: "Working on it", then the new state, whatever happened in between. */
import { findCopy, setCopyShown } from '../db/queries/slack-copies.ts'
import { findQuestion } from '../db/queries/slack-questions.ts'
import { enqueue } from '../engine/context.ts'
import type { Subject } from '../engine/events.ts'
import type { Action, Click } from './actions/action.ts'
import { actions as actionsBlock, context, paragraph, type Block, type Body } from './blocks.ts'
import type { BotContext } from './context.ts'
import { button } from './controls.ts'
import { drawCard, findCard, redraw } from './copies.ts'
import { answer, sayReply } from './doors.ts'
import { withIds } from './messages/message.ts'
import type { Done, Reply } from './reply.ts'
import { md, source, type Rich } from './rich.ts'
import { subjectWords } from './subjects.ts'
import type { Voice } from './voice.ts'

/** What Slack sent: the element, and the message around it when it is not ephemeral. */
export type Clicked = {
  action: Action
  click: Click
  blockId: string
  message: { channel: string; ts: string; text: string; blocks: Block[] } | null
  ephemeral: boolean
}

/** The working line takes the place of the buttons at once. Should this process die, a redraw half a minute later repairs the card. */
export async function working(ctx: BotContext, voice: Voice, clicked: Clicked): Promise<void> {
  const { message, click, blockId, ephemeral } = clicked
  const line = context('Working on it…')
  // A home tab or a dialog is no message; it is drawn anew when the work is done.
  if (!message && !ephemeral) return
  if (!message) return voice.replace(paragraph('Working on it…'))
  const copy = await copyOf(ctx, voice, message)
  if (copy) {
    await setCopyShown(ctx.db, { id: copy.id, hash: '', live: true })
    const [kind, id] = [copy.subjectKind as Subject['kind'], copy.subjectId]
    const startAfter = new Date(Date.now() + 30_000)
    await enqueue(ctx, 'redraw-copies', { orgId: ctx.orgId, kind, id, key: `repair ${copy.id}`, startAfter })
  }
  const rest = message.blocks.map((block) => (hidden(block, blockId, click.origin) ? line : block))
  await voice.replace({ text: message.text, blocks: dedupe(rest, line) })
}

/** On a card all buttons wait; on a report of many things only the clicked row does. */
const hidden = (block: Block, blockId: string, origin: string): boolean =>
  block.type === 'actions' && (block.block_id === blockId || origin.includes('/'))

const dedupe = (blocks: Block[], line: Block): Block[] =>
  blocks.filter((block, at) => block !== line || blocks.indexOf(line) === at)

const copyOf = (ctx: BotContext, { place }: Voice, { channel, ts }: { channel: string; ts: string }) =>
  findCopy(ctx.db, { teamId: place.teamId, channel, ts })

/** The new state: copies are redrawn at once, an answer is asked again, a report's row becomes the receipt. */
export async function show(
  ctx: BotContext,
  voice: Voice,
  result: { clicked: Clicked; subject: Subject; reply: Reply; receiptId: string | null },
): Promise<void> {
  const { clicked, subject, reply, receiptId } = result
  const isReport = clicked.message && !clicked.click.origin.includes('/')
  if (isReport && reply.kind === 'done') {
    await voice.replace(settledRow(clicked, reply, receiptId))
    return redraw(ctx, subject)
  }
  await restore(ctx, voice, { clicked, subject })
  await sayReply(ctx, voice, { reply, manner: { how: 'whisper', receiptId } })
}

/** A report's row after its click: what is true now, and Undo. */
export function settledRow({ message, blockId }: Clicked, { text, undo }: Done, receiptId: string | null): Body {
  const row = (block: Block): Block[] => {
    if (block.block_id !== blockId) return [block]
    const controls =
      undo && receiptId
        ? withIds([actionsBlock(button({ label: 'Undo', verb: 'undo', id: receiptId }))], 'receipt')
        : []
    return [context({ rich: `:white_check_mark: ${source(text)}` }), ...controls]
  }
  return { text: message!.text, blocks: message!.blocks.flatMap(row) }
}

/** Draws what is true now where the click came from, whatever happened. */
export async function restore(
  ctx: BotContext,
  voice: Voice,
  { clicked, subject }: { clicked: Clicked; subject: Subject },
): Promise<void> {
  const [kind, id] = clicked.click.origin.split('/')
  const copy = clicked.message ? await copyOf(ctx, voice, clicked.message) : null
  if (copy) {
    await setCopyShown(ctx.db, { id: copy.id, hash: '', live: true })
    await redraw(ctx, { kind: copy.subjectKind as Subject['kind'], id: copy.subjectId })
  } else if (kind === 'ask' && id) {
    const question = await findQuestion(ctx.db, { orgId: ctx.orgId, id })
    if (question) await answer(ctx, voice, { line: question.canonical, how: 'replace', question: id })
    else await voice.replace(paragraph('This answer is too old to be drawn again. Type it again to see how it is now.'))
  } else if (kind && id) {
    const card = findCard(kind)
    const drawn = card && (await drawCard(ctx, card, id))
    if (drawn) await voice.replace(drawn.body)
  } else if (clicked.message) {
    const { text, blocks } = clicked.message
    await voice.replace({ text, blocks })
  }
  if (copy?.subjectId !== subject.id) await redraw(ctx, subject)
}

/** Somebody was first or the card was stale: say so, and show how it is now. */
export async function tooLate(
  ctx: BotContext,
  voice: Voice,
  { clicked, subject, text }: { clicked: Clicked; subject: Subject; text: string | { rich: string } },
): Promise<void> {
  await voice.whisper(paragraph(text))
  await restore(ctx, voice, { clicked, subject })
}

/** "release" and what its card or name says, for whoever is refused or asked to help; null where it has no subject. */
export async function wish(ctx: BotContext, { action, click }: Clicked): Promise<Rich | null> {
  const words = action.on && (await subjectWords(ctx, { kind: action.on, id: click.id }))
  return words ? md`${action.verb.replaceAll('-', ' ')}: ${words}` : null
}
