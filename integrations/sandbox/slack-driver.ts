import { type Delivery, type Postmark } from './slack-delivery.ts'
import { type Emulated, personToken } from './slack-emulate.ts'
import { createActs } from './slack-acts.ts'
import { createModals } from './slack-modals.ts'
import {
  channelPayload,
  commandPayload,
  common,
  eventEnvelope,
  type MessageRef,
  messageOf,
  type PayloadDeps,
  personOf,
  wire,
} from './slack-payloads.ts'
import { ownTs } from './slack-responses.ts'
import { type Message } from './slack-store.ts'
import { linksIn, mentions, slackText } from './slack-text.ts'
import { newId } from './slack-views.ts'
import { asText, directChannel, type Json } from './slack-workspace.ts'

export interface DriverDeps extends PayloadDeps {
  unfurlDomains: string[]
  emulated: Emulated
}

export interface Spoken {
  user: string
  channel: string
  text: string
  thread_ts?: string
}

export type Driver = ReturnType<typeof createDriver>

/** What people do in Slack, each as the request Slack would make of it. */
export function createDriver(deps: DriverDeps) {
  const acts = createActs(deps)
  const { event, say, command } = createSpeech(deps)
  const mention = (input: Spoken, mark?: Postmark) =>
    say({ ...input, text: `<@${deps.app.userId}> ${input.text}` }, mark)
  const dm = (input: Omit<Spoken, 'channel'>, mark?: Postmark) =>
    say({ ...input, channel: directChannel(input.user) }, mark)
  const linkShared = (input: { user: string; channel: string; url: string }, mark?: Postmark) =>
    say({ user: input.user, channel: input.channel, text: input.url }, mark)
  const speech = { command, say, mention, dm, linkShared, event }
  return { ...speech, ...createGestures(deps, event), ...acts, ...createModals(deps, acts.choose) }
}

/** Slash commands and messages. */
function createSpeech(deps: DriverDeps) {
  const { store, responses, deliver } = deps

  async function command(input: { user: string; channel: string; text?: string; command?: string }, mark?: Postmark) {
    const { user, channel, text = '', command: name = '/finops' } = input
    const delivery = await deliver('command', commandPayload(deps, { user, channel, text, name }), mark)
    const { body } = delivery
    const failure = `${name} failed with the error “${delivery.error ?? ''}”.`
    if (!delivery.acked) store.put({ channel, ts: ownTs(), user: 'USLACKBOT', text: failure, to: user })
    else if (body) responses.respond({ user, channel }, typeof body === 'string' ? { text: body } : body)
    return delivery
  }

  /** Posts as a person and sends the events Slack would send: mentions, direct messages, shared links. */
  async function say(input: Spoken, mark?: Postmark) {
    const { user, channel, thread_ts } = input
    const text = slackText(input.text, deps)
    const content = { channel, text, ...(thread_ts ? { thread_ts } : {}) }
    const posted = await deps.emulated.call('chat.postMessage', content, personToken(personOf(deps.people, user)))
    const message = store.put({ ...content, user, ts: asText(posted?.['ts']) || ownTs() })
    const deliveries = []
    for (const caused of eventsOf(deps, message)) deliveries.push(await event(caused, mark))
    return { message, deliveries }
  }

  /** Sends one event; a failed delivery is repeated once at once, as Slack's first retry. */
  async function event(content: Json, mark?: Postmark): Promise<Delivery> {
    const envelope = eventEnvelope(deps, content)
    const first = await deliver('event', envelope, mark)
    if (first.acked || mark) return first
    return deliver('event', envelope, { retry: { num: 1, reason: first.error ?? 'http_error' } })
  }

  return { command, say, event }
}

/** Shortcuts, reactions, and looking at the app. */
function createGestures(deps: DriverDeps, event: (content: Json, mark?: Postmark) => Promise<Delivery>) {
  const { store, responses, deliver } = deps

  /** Runs a global shortcut, or a message shortcut when a message is given. */
  async function shortcut(input: { user: string; callbackId: string; message?: MessageRef }, mark?: Postmark) {
    const { user, callbackId } = input
    const base = { ...common(deps, user), callback_id: callbackId, action_ts: ownTs() }
    if (!input.message) return deliver('interactive', { type: 'shortcut', ...base }, mark)
    const message = messageOf(store, input.message)
    const response_url = responses.url({ user, channel: message.channel, ts: message.ts })
    const channel = channelPayload(deps, message.channel)
    const about = { channel, message_ts: message.ts, message: wire(deps, message), response_url }
    return deliver('interactive', { type: 'message_action', ...base, ...about }, mark)
  }

  /** Opens the app in the sidebar: its Home tab, or its Messages tab. */
  function openHome(input: { user: string; tab?: 'home' | 'messages' }, mark?: Postmark) {
    const { user, tab = 'home' } = input
    const view = tab === 'home' ? store.homes[user] : undefined
    const opened = { type: 'app_home_opened', user, channel: directChannel(user), tab, event_ts: ownTs() }
    return event({ ...opened, ...(view ? { view } : {}) }, mark)
  }

  /** Adds the person's reaction to a message, or takes it back. */
  function react(input: { user: string; message: MessageRef; name: string }) {
    const { user, name } = input
    const message = messageOf(store, input.message)
    const before = message.reactions?.find((each) => each.name === name)?.users ?? []
    const users = before.includes(user) ? before.filter((each) => each !== user) : [...before, user]
    const others = (message.reactions ?? []).filter((each) => each.name !== name)
    store.put({ ...message, reactions: users.length > 0 ? [...others, { name, users }] : others })
    const type = before.includes(user) ? 'reaction_removed' : 'reaction_added'
    const item = { type: 'message', channel: message.channel, ts: message.ts }
    return event({ type, user, reaction: name, item, item_user: message.user, event_ts: ownTs() })
  }

  return { shortcut, openHome, react }
}

/** The events a person's message causes, for the subscriptions our bot has. */
function eventsOf({ app, unfurlDomains, team }: DriverDeps, message: Message): Json[] {
  const { channel, user, ts, text, thread_ts } = message
  const base = { user, text, ts, channel, team: team.id, event_ts: ts, client_msg_id: newId('m').toLowerCase() }
  const spoken = { ...base, ...(thread_ts ? { thread_ts } : {}) }
  const isOurs = (domain: string) => unfurlDomains.some((own) => domain === own || domain.endsWith(`.${own}`))
  const links = linksIn(text).filter(({ domain }) => isOurs(domain))
  const shared = { channel, user, message_ts: ts, unfurl_id: newId('L'), source: 'conversations_history', links }
  const direct = channel === directChannel(user)
  return [
    ...(direct ? [{ type: 'message', channel_type: 'im', ...spoken }] : []),
    ...(!direct && mentions(text, app.userId) ? [{ type: 'app_mention', ...spoken }] : []),
    ...(links.length > 0 ? [{ type: 'link_shared', is_bot_user_member: true, event_ts: ts, ...shared }] : []),
  ]
}
