/** Turns a Reply into what people see: who sees it, what is registered, what can be taken back. */
import { insertQuestion } from '../db/queries/slack-questions.ts'
import type { Body } from './blocks.ts'
import type { BotContext } from './context.ts'
import { drawCard, register } from './copies.ts'
import { keep, questionId } from './errors.ts'
import { openDialog } from './dialogs.ts'
import { uploadChart } from './charts.ts'
import { draw, frameOf } from './messages/message.ts'
import question from './messages/question.ts'
import receipt from './messages/receipt.ts'
import { noteReceipt } from './receipts.ts'
import type { Done, Reply, Said } from './reply.ts'
import { sendFiles } from './hand-files.ts'
import { postHere } from './shared-channels.ts'
import type { Voice } from './voice.ts'

/** `how`: only the asker, instead of the clicked message, or everybody. `command` is the canonical one behind the answer. */
export type Manner = {
  how: 'whisper' | 'replace' | 'post'
  command?: string
  question?: string
  receiptId?: string | null
}

/** Says a reply. A `run` reply is the door's business and must not arrive here. */
export async function speak(
  ctx: BotContext,
  voice: Voice,
  { reply, manner }: { reply: Reply; manner: Manner },
): Promise<void> {
  switch (reply.kind) {
    case 'say':
      return sayReport(ctx, voice, { reply, manner })
    case 'card':
      return sayCard(ctx, voice, { reply, manner })
    case 'ask':
      return speak(ctx, voice, {
        reply: {
          kind: 'say',
          message: question,
          facts: { question: reply.question, options: await keep(ctx, reply.options) },
        },
        manner: { how: 'whisper' },
      })
    case 'done':
      return sayDone(ctx, voice, { done: reply, manner })
    case 'open':
      return openDialog(ctx, voice, { name: reply.modal, facts: reply.facts })
    case 'files':
      return sendFiles(ctx, voice, reply)
    case 'run':
      throw new Error('A door forgot to run a command.')
    case 'nothing':
  }
}

async function sayReport(
  ctx: BotContext,
  voice: Voice,
  { reply, manner }: { reply: Said; manner: Manner },
): Promise<void> {
  const { message, facts } = reply
  const { command } = manner
  const how = message.private ? 'whisper' : manner.how
  // What everybody sees has no menus: a click there would change it for all.
  const question = command && how !== 'post' ? (manner.question ?? (await store(ctx, command))) : null
  const picture = reply.picture && voice.client ? await uploadChart(voice.client, reply.picture, ctx.log) : null
  const frame = { ...frameOf(ctx, command ? { question, command } : null), picture }
  const origin = question ? `ask/${question}` : message.name
  await utter(ctx, voice, { body: draw(message, facts, { frame, origin }), how })
}

async function store(ctx: BotContext, command: string): Promise<string> {
  const id = questionId()
  await insertQuestion(ctx.db, { id, orgId: ctx.orgId, personId: ctx.person.id, canonical: command, at: ctx.now() })
  return id
}

async function utter(ctx: BotContext, voice: Voice, { body, how }: { body: Body; how: Manner['how'] }): Promise<void> {
  if (how === 'post' && voice.place.channel) return void (await postHere(ctx, voice, { body, wanted: true }))
  await (how === 'replace' ? voice.replace(body) : voice.whisper(body))
}

async function sayCard(
  ctx: BotContext,
  voice: Voice,
  { reply, manner }: { reply: Extract<Reply, { kind: 'card' }>; manner: Manner },
): Promise<void> {
  const drawn = await drawCard(ctx, reply.message, reply.id)
  if (!drawn) return voice.whisper({ text: 'This is no longer there.', blocks: [] })
  const posted = manner.how === 'post' || voice.place.direct
  if (!posted) return utter(ctx, voice, { body: drawn.body, how: manner.how })
  const at = await postHere(ctx, voice, { body: drawn.body, wanted: manner.how === 'post' })
  if (!at) return voice.whisper(drawn.body)
  await register(ctx, { card: reply.message, id: reply.id, drawn, teamId: voice.place.teamId, ...at })
}

async function sayDone(ctx: BotContext, voice: Voice, { done, manner }: { done: Done; manner: Manner }): Promise<void> {
  const undo = manner.receiptId ?? (done.undo ? await noteReceipt(ctx, done, done.undo.verb) : null)
  const facts = { sentence: done.text, undo: done.undo ? undo : null, next: done.next ?? null }
  await voice.whisper(draw(receipt, facts, { frame: frameOf(ctx) }))
}
