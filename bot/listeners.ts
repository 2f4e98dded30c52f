/** What Slack sends, one function per kind of payload: acknowledge first (IC-1), then find out who it is, then answer. */
import { findInstall } from '../db/queries/slack-installs.ts'
import type { Deps } from '../engine/context.ts'
import { carryOut, readClick } from './clicks.ts'
import type { BotContext } from './context.ts'
import { carriedBy, entriesOf, fillDialog } from './dialogs.ts'
import { answer, opensAtOnce, sayReply } from './doors.ts'
import type { AnyEvent, SlackEvent } from './events/event.ts'
import { publishHome } from './home/home.ts'
import { join } from './link.ts'
import { pressInside } from './inside.ts'
import { contextOf, openEarly, unknownPerson } from './meet.ts'
import { hear, type Acked, type Args, type Heard, type Wire } from './request.ts'
import { asTyped } from './rich.ts'
import { shortcuts } from './shortcuts/catalog.ts'
import { voiceOf } from './voice.ts'

/** A slash command: `/env x` is the line `env x`, `/cost x` is `cost x`, `/finops x` is `x`. */
export async function onCommand(deps: Deps, args: Acked): Promise<void> {
  await args.ack()
  const heard = hear(deps, args)
  const { command = '', text = '' } = heard.wire
  const door = command.replace(/^\//, '')
  await typed(heard, /^(env|cost)$/.test(door) ? `${door} ${text}`.trim() : text.trim())
}

/** A line somebody typed, through any door. A dialog is opened before anything is read; an unknown person's line is kept. */
export async function typed(heard: Heard, transmitted: string): Promise<void> {
  const line = asTyped(transmitted)
  const dialog = heard.voice.open ? opensAtOnce(line) : null
  const [ctx, opened] = await Promise.all([contextOf(heard), dialog ? openEarly(heard, dialog, {}) : null])
  if (!ctx) return unknownPerson(heard, line, opened)
  if (opened) return fillDialog(ctx, heard.voice, opened)
  await answer(ctx, heard.voice, { line })
}

/** A button, a menu choice or a live field of a dialog. */
export async function onAction(deps: Deps, args: Acked): Promise<void> {
  await args.ack()
  const view = (args.body as Wire).view
  const heard = hear(deps, args, view ? carriedBy(view) : {})
  const element = heard.wire.actions?.[0]
  const found = element && readClick(element)
  if (!element || (!found && view?.type !== 'modal')) return
  if (found?.action.verb === 'ask-to-join') return letMeIn(heard, found.click.id)
  const { opens } = found?.action ?? {}
  const early = found && opens && heard.voice.open ? openEarly(heard, opens.modal.name, opens.facts(found.click)) : null
  const [ctx, opened] = await Promise.all([contextOf(heard), early])
  if (!ctx) return unknownPerson(heard, '', opened)
  if (opened) return fillDialog(ctx, heard.voice, opened)
  if (!found || found.action.verb === 'fill-field')
    return reload(ctx, heard, found ? { [found.click.id]: found.click.arg } : {})
  if (view?.type === 'modal' && (found.action.effect === 'none' || !found.action.on) && found.action.run)
    return pressInside(ctx, heard, found)
  const channel = heard.place.channel
  const { message } = heard.wire
  const ephemeral = heard.wire.container?.is_ephemeral ?? false
  const whole =
    message && channel && !ephemeral
      ? { channel, ts: message.ts, text: message.text ?? '', blocks: message.blocks ?? [] }
      : null
  await carryOut(ctx, heard.voice, { ...found, blockId: element.block_id, message: whole, ephemeral })
  if (view?.type === 'home') await publishHome(deps, { ...heard.place, install: heard.install, looking: true })
  if (view?.type === 'modal') await reload(ctx, heard, {})
}

async function letMeIn(heard: Heard, question: string): Promise<void> {
  const { deps, install, place, client, voice } = heard
  const ctx = await contextOf(heard)
  if (ctx) return answer(ctx, voice, { line: 'help' })
  await voice.whisper(await join(deps, { install, place, client, question: question === '-' ? null : question }))
}

/** A live field changed, or a button filled one: the dialog is loaded again with the entries so far. */
async function reload(ctx: BotContext, heard: Heard, filled: Record<string, string>): Promise<void> {
  const { view } = heard.wire
  if (view?.type !== 'modal') return
  const opened = { id: view.id, hash: view.hash }
  await fillDialog(ctx, heard.voice, {
    name: view.callback_id,
    carried: carriedBy(view),
    opened,
    values: { ...entriesOf(ctx, view), ...filled },
  })
}

/** A shortcut on a message or in the composer. */
export async function onShortcut(deps: Deps, args: Acked): Promise<void> {
  await args.ack()
  const heard = hear(deps, args)
  const shortcut = shortcuts.find(({ name }) => name === heard.wire.callback_id)
  if (!shortcut) return
  const text = messageText(heard.wire).slice(0, 2000)
  const { opens } = shortcut
  const [ctx, opened] = await Promise.all([
    contextOf(heard),
    opens && heard.voice.open ? openEarly(heard, opens.modal.name, opens.facts(text)) : null,
  ])
  if (!ctx) return unknownPerson(heard, '', opened)
  if (opened) return fillDialog(ctx, heard.voice, opened)
  if (shortcut.run)
    await sayReply(ctx, heard.voice, { reply: await shortcut.run(ctx, text), manner: { how: 'whisper' } })
}

/** All words of a message, those in its blocks too: other bots often write nothing else. */
function messageText({ message }: Wire): string {
  const inside = JSON.stringify(message?.blocks ?? []).match(/"text":"((?:[^"\\]|\\.)*)"/g) ?? []
  return [message?.text ?? '', ...inside.map((found) => JSON.parse(found.slice(7)) as string)].join(' ')
}

/** An event; Bolt has acknowledged it. */
export async function onEvent(deps: Deps, listener: AnyEvent, args: Args): Promise<void> {
  const body = args.body as { event: SlackEvent; team_id?: string; is_ext_shared_channel?: boolean }
  const { event } = body
  // Bolt skips `authorize` for the events of an uninstall.
  const install = args.context['install'] ?? (body.team_id ? await findInstall(deps.db, body.team_id) : null)
  if (!install) return
  const channel = typeof event.channel === 'string' ? event.channel : null
  const threadTs = typeof event['thread_ts'] === 'string' ? event['thread_ts'] : undefined
  const heard = hear(
    deps,
    {
      client: args.client,
      context: { install },
      body: { user_id: event.user ?? '', ...(channel ? { channel_id: channel } : {}) },
    },
    threadTs ? { threadTs } : {},
  )
  const place = { ...heard.place, external: body.is_ext_shared_channel ?? false }
  const voice = voiceOf({ client: heard.client, place, log: deps.log, hooks: () => false })
  const answerLine = (line: string) => typed({ ...heard, place, voice }, line)
  await listener.run({ deps, install: heard.install, event, place, client: heard.client, answer: answerLine })
}
