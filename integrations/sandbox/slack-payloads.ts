import { type Deliver } from './slack-delivery.ts'
import { type ElementRef } from './slack-elements.ts'
import { type Responses } from './slack-responses.ts'
import { type Message, type SlackView, type Store, type ViewValues } from './slack-store.ts'
import { commandText } from './slack-text.ts'
import { newId, type Views } from './slack-views.ts'
import { type BotApp, type Channel, type Json, type Person, type Team } from './slack-workspace.ts'

export interface PayloadDeps {
  team: Team
  app: BotApp
  people: Person[]
  channels: Channel[]
  store: Store
  views: Views
  responses: Responses
  deliver: Deliver
}

/** A message a person acts on: the message itself or its place. */
export type MessageRef = Message | { channel: string; ts: string }

/** What a person acts on: an element of a message or of a view (the top modal when neither is given). */
export interface Target extends ElementRef {
  user: string
  message?: MessageRef
  view?: SlackView | string
  /** What the person chose or typed: an option's value, an id, a date, seconds for a moment, a text, a list. */
  value?: unknown
}

/** The message or view around an element, found and ready to be described in a payload. */
export interface Place {
  blocks: Json[]
  message?: Message
  view?: SlackView
  /** States of the elements of a message. */
  state?: ViewValues
}

/** The token Slack once used to prove itself; still in every payload, nobody should trust it. */
const verificationToken = 'sandbox-verification-token'

/** Fields every interaction carries: who, which workspace, which app, a fresh trigger. */
export function common({ team, app, people, views }: PayloadDeps, user: string): Json {
  const { name } = personOf(people, user)
  return {
    user: { id: user, username: name, name, team_id: team.id },
    team: { id: team.id, domain: team.domain },
    api_app_id: app.appId,
    token: verificationToken,
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: views.trigger(user),
  }
}

/** A slash command as Slack posts it: flat text fields, a response_url, a trigger. */
export function commandPayload(
  deps: PayloadDeps,
  input: { user: string; channel: string; text: string; name: string },
): Json {
  const { team, app, people, views, responses } = deps
  const { user, channel, text, name } = input
  return {
    token: verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel,
    channel_name: channelPayload(deps, channel)['name'],
    user_id: user,
    user_name: personOf(people, user).name,
    command: name,
    text: commandText(text.trim(), deps),
    api_app_id: app.appId,
    is_enterprise_install: 'false',
    response_url: responses.url({ user, channel }),
    trigger_id: views.trigger(user),
  }
}

/** Wraps an event as the Events API does, with an event id of its own. */
export function eventEnvelope({ team, app }: PayloadDeps, event: Json): Json {
  return {
    token: verificationToken,
    team_id: team.id,
    api_app_id: app.appId,
    event,
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: app.userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: newId('EC'),
  }
}

/** The part of a payload that says where an element was: container, message or view, state, response_url. */
export function contextOf(deps: PayloadDeps, place: Place, user: string): Json {
  const { message, view } = place
  if (view) return { container: { type: 'view', view_id: view.id }, view }
  if (!message) return {}
  const { channel, ts, thread_ts, to } = message
  const thread = thread_ts ? { thread_ts } : {}
  const container = { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: to !== undefined, ...thread }
  return {
    container,
    channel: channelPayload(deps, channel),
    // Slack never sends the content of an ephemeral message back.
    ...(to ? {} : { message: wire(deps, message) }),
    state: { values: place.state ?? {} },
    response_url: deps.responses.url({ user, channel, ts, ...thread }),
  }
}

/** Finds the blocks a person acts on; throws a sentence when the message or view is not there. */
export function placeOf({ store, views }: PayloadDeps, target: Target): Place {
  if (target.message) {
    const message = messageOf(store, target.message)
    const unfurled = (message.attachments ?? []).flatMap((each) => (each['blocks'] ?? []) as Json[])
    return { blocks: [...(message.blocks ?? []), ...unfurled], message }
  }
  const id = typeof target.view === 'string' ? target.view : target.view?.id
  const view = id ? views.find(target.user, id) : views.stackOf(target.user).at(-1)
  if (!view) throw new Error(`${target.user} sees no view${id ? ` ${id}` : ''}.`)
  return { blocks: view.blocks, view }
}

/** The message meant; throws a sentence when it is not there. */
export function messageOf(store: Store, ref: MessageRef): Message {
  const message = store.message(ref.channel, ref.ts)
  if (!message) throw new Error(`There is no message ${ref.ts} in ${ref.channel}.`)
  return message
}

/** A conversation as payloads name it; Slack calls every direct one `directmessage`. */
export function channelPayload({ channels }: PayloadDeps, id: string): Json {
  return { id, name: channels.find((each) => each.id === id)?.name ?? 'directmessage' }
}

/** A message as Slack transmits it. */
export function wire({ app, team }: PayloadDeps, message: Message): Json {
  const { channel: _channel, to: _to, ...rest } = message
  const bot = message.user === app.userId ? { bot_id: app.botId, app_id: app.appId } : {}
  return { type: 'message', team: team.id, ...rest, ...bot }
}

/** The person with this id; throws a sentence when there is none. */
export function personOf(people: Person[], user: string): Person {
  const person = people.find((each) => each.id === user)
  if (!person) throw new Error(`There is no person ${user} in the workspace.`)
  return person
}
