import { type Delivery, type Postmark } from './slack-delivery.ts'
import { actionOf, type Found, findElement, stateOf } from './slack-elements.ts'
import { type Emulated, personToken } from './slack-emulate.ts'
import { createModals } from './slack-modals.ts'
import {
  channelPayload,
  commandPayload,
  common,
  contextOf,
  eventEnvelope,
  type MessageRef,
  messageOf,
  type PayloadDeps,
  personOf,
  type Place,
  placeOf,
  type Target,
  wire,
} from './slack-payloads.ts'
import { ownTs } from './slack-responses.ts'
import { type Message } from './slack-store.ts'
import { linksIn, mentions, slackText } from './slack-text.ts'
import { newId } from './slack-views.ts'
import { directChannel, type Json } from './slack-workspace.ts'

export interface DriverDeps extends PayloadDeps {
  unfurlDomains: string[]
  emulated: Emulated
}

export type Driver = ReturnType<typeof createDriver>

/** What people do in Slack, each as the request Slack would make of it. */
export function createDriver(deps: DriverDeps) {
  const { app, store, views, responses, deliver } = deps
  const suggested = new Map<string, Json[]>()

  async function command(input: { user: string; channel: string; text?: string; command?: string }, mark?: Postmark) {
    const { user, channel, text = '', command: name = '/finops' } = input
    const delivery = await deliver('command', commandPayload(deps, { user, channel, text, name }), mark)
    if (!delivery.acked) notice(deps, { user, channel }, `${name} failed with the error “${delivery.error ?? ''}”.`)
    else if (delivery.body) responses.respond({ user, channel }, asBody(delivery.body))
    return delivery
  }

  /** Posts as a person and sends the events Slack would send: mentions, direct messages, shared links. */
  async function say(input: { user: string; channel: string; text: string; thread_ts?: string }, mark?: Postmark) {
    const { user, channel, thread_ts } = input
    const text = slackText(input.text, deps)
    const content = { channel, text, ...(thread_ts ? { thread_ts } : {}) }
    const posted = await deps.emulated.call('chat.postMessage', content, personToken(personOf(deps.people, user)))
    const message = store.put({ ...content, user, ts: String(posted?.['ts'] ?? ownTs()) })
    const deliveries = []
    for (const event of eventsOf(deps, message)) deliveries.push(await sendEvent(event, mark))
    return { message, deliveries }
  }

  /** Sends one event; a failed delivery is repeated once at once, as Slack's first retry. */
  async function sendEvent(event: Json, mark?: Postmark): Promise<Delivery> {
    const envelope = eventEnvelope(deps, event)
    const first = await deliver('event', envelope, mark)
    if (first.acked || mark || first.status === 401) return first
    return deliver('event', envelope, { retry: { num: 1, reason: first.error ?? 'http_error' } })
  }

  /** Clicks, chooses or types: state is noted, and Slack's `block_actions` goes out where Slack would send one. */
  async function click(target: Target, mark?: Postmark): Promise<Delivery | undefined> {
    const place = placeOf(deps, target)
    const found = findElement(place.blocks, target)
    const state = found.element['type'] === 'button' ? undefined : stateOf(found.element, await chosen(target, found))
    enter(place, found, { user: target.user, state })
    if (found.block['type'] === 'input' && found.block['dispatch_action'] !== true) return undefined
    const payload = { type: 'block_actions', ...common(deps, target.user), ...contextOf(deps, place, target.user) }
    return deliver('interactive', { ...payload, actions: [actionOf(found, state)] }, mark)
  }

  /** A string for an external select is looked up among the options the bot last suggested, or asked for now. */
  async function chosen(target: Target, found: Found): Promise<unknown> {
    const { value } = target
    if (!String(found.element['type']).includes('external') || typeof value !== 'string') return value
    const match = (options: Json[]) =>
      options.find((each) => each['value'] === value || (each['text'] as Json | undefined)?.['text'] === value)
    const known = suggested.get(`${target.user} ${String(found.element['action_id'])}`) ?? []
    return match(known) ?? match((await suggest({ ...target, query: value })).options) ?? value
  }

  /** Types into an external select; answers the options the bot offers. */
  async function suggest(target: Target & { query: string }) {
    const place = placeOf(deps, target)
    const { block, element } = findElement(place.blocks, target)
    const payload = {
      type: 'block_suggestion',
      ...common(deps, target.user),
      ...contextOf(deps, place, target.user),
      action_id: element['action_id'],
      block_id: block['block_id'],
      value: target.query,
    }
    const delivery = await deliver('interactive', payload)
    const body = typeof delivery.body === 'object' && delivery.body ? delivery.body : {}
    const groups = (body['option_groups'] ?? []) as { options: Json[] }[]
    const options = [...((body['options'] ?? []) as Json[]), ...groups.flatMap((group) => group.options)]
    suggested.set(`${target.user} ${String(element['action_id'])}`, options)
    return { delivery, options }
  }

  function enter(place: Place, { block, element }: Found, { user, state }: { user: string; state: Json | undefined }) {
    if (!state || !place.view || element['type'] === 'overflow') return
    const ids = { blockId: String(block['block_id']), actionId: String(element['action_id']) }
    views.enter(user, { view: place.view, ...ids, state })
  }

  /** Runs a global shortcut, or a message shortcut when a message is given. */
  async function shortcut(input: { user: string; callbackId: string; message?: MessageRef }, mark?: Postmark) {
    const { user, callbackId } = input
    const base = { ...common(deps, user), callback_id: callbackId, action_ts: ownTs() }
    if (!input.message) return deliver('interactive', { type: 'shortcut', ...base }, mark)
    const message = messageOf(store, input.message)
    const where = channelPayload(deps, message.channel)
    const origin = { user, channel: message.channel, ts: message.ts }
    const about = { channel: where, message_ts: message.ts, message: wire(deps, message) }
    return deliver(
      'interactive',
      { type: 'message_action', ...base, ...about, response_url: responses.url(origin) },
      mark,
    )
  }

  /** Opens the app in the sidebar: its Home tab, or its Messages tab. */
  function openHome(input: { user: string; tab?: 'home' | 'messages' }, mark?: Postmark) {
    const { user, tab = 'home' } = input
    const view = tab === 'home' ? store.homes[user] : undefined
    const event = { type: 'app_home_opened', user, channel: directChannel(user), tab, event_ts: ownTs() }
    return sendEvent({ ...event, ...(view ? { view } : {}) }, mark)
  }

  async function react(input: { user: string; message: MessageRef; name: string }) {
    const { user, name } = input
    const message = messageOf(store, input.message)
    const users = message.reactions?.find((each) => each.name === name)?.users ?? []
    const others = (message.reactions ?? []).filter((each) => each.name !== name)
    const now = users.includes(user) ? users.filter((each) => each !== user) : [...users, user]
    store.put({ ...message, reactions: now.length > 0 ? [...others, { name, users: now }] : others })
    const type = users.includes(user) ? 'reaction_removed' : 'reaction_added'
    const item = { type: 'message', channel: message.channel, ts: message.ts }
    return sendEvent({ type, user, reaction: name, item, item_user: message.user, event_ts: ownTs() })
  }

  return {
    command,
    say,
    mention: (input: { user: string; channel: string; text: string; thread_ts?: string }, mark?: Postmark) =>
      say({ ...input, text: `<@${app.userId}> ${input.text}` }, mark),
    dm: (input: { user: string; text: string; thread_ts?: string }, mark?: Postmark) =>
      say({ ...input, channel: directChannel(input.user) }, mark),
    click,
    suggest,
    shortcut,
    openHome,
    react,
    linkShared: (input: { user: string; channel: string; url: string }, mark?: Postmark) =>
      say({ user: input.user, channel: input.channel, text: input.url }, mark),
    event: sendEvent,
    ...createModals(deps),
  }
}

/** The events a person's message causes, for the subscriptions our bot has. */
function eventsOf({ app, unfurlDomains, team }: DriverDeps, message: Message): Json[] {
  const { channel, user, ts, text, thread_ts } = message
  const base = { user, text, ts, channel, team: team.id, event_ts: ts, client_msg_id: newId('m').toLowerCase() }
  const spoken = { ...base, ...(thread_ts ? { thread_ts } : {}) }
  const links = linksIn(text).filter(({ domain }) =>
    unfurlDomains.some((own) => domain === own || domain.endsWith(`.${own}`)),
  )
  const shared = { channel, user, message_ts: ts, unfurl_id: newId('L'), source: 'conversations_history', links }
  return [
    ...(channel === directChannel(user) ? [{ type: 'message', channel_type: 'im', ...spoken }] : []),
    ...(channel !== directChannel(user) && mentions(text, app.userId) ? [{ type: 'app_mention', ...spoken }] : []),
    ...(links.length > 0 ? [{ type: 'link_shared', is_bot_user_member: true, event_ts: ts, ...shared }] : []),
  ]
}

/** What Slack itself says to one person, for example that a command failed. */
function notice({ store }: DriverDeps, { user, channel }: { user: string; channel: string }, text: string) {
  store.put({ channel, ts: ownTs(), user: 'USLACKBOT', text, to: user })
}

function asBody(body: Json | string): Json {
  return typeof body === 'string' ? { text: body } : body
}
