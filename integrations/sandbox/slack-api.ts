import { type Emulated, personToken } from './slack-emulate.ts'
import { blocksTooLong, checkBlocks } from './slack-limits.ts'
import { edited, without } from './slack-responses.ts'
import { type Message, type SlackFile, type Store } from './slack-store.ts'
import { refuse, type Views, withBlockIds } from './slack-views.ts'
import { asList, asText, type BotApp, type Channel, directChannel, type Json, type Person } from './slack-workspace.ts'

/** Answers one call of a token's owner. */
export type Answer = (method: string, args: Json, token: string) => Promise<Json>

/** One Web API call of the bot, for tests to read. */
export interface Call {
  method: string
  args: Json
  response: Json
  ok: boolean
  at: number
}

export interface ApiDeps {
  emulated: Emulated
  store: Store
  views: Views
  app: BotApp
  people: Person[]
  channels: Channel[]
  botToken: string
  openSocket: () => Json
  permalink: (channel: string, ts: string) => string | undefined
}

/**
 * Answers Web API calls. The emulator answers what it knows; this adds what it lacks (views with their stacks,
 * Socket Mode, unfurls, time zones, Slack's limits, messages of an earlier run) and notes what people now see.
 */
export function createApi(deps: ApiDeps): Answer {
  const own = ownMethods(deps)
  const after = observers(deps)

  return async function answer(method: string, given: Json, token: string): Promise<Json> {
    const user = userOf(deps, token)
    if (!token) return refuse('not_authed')
    if (!user && !token.startsWith('xapp-')) return refuse('invalid_auth')
    const args = { ...given, ...(given['blocks'] === undefined ? {} : { blocks: withBlockIds(given['blocks']) }) }
    const bad = /^chat\.(post|update|schedule)/.test(method) ? judgeMessage(args, deps.store) : undefined
    if (bad) return bad
    const mine = own[method]
    if (mine) return mine(args)
    const response = (await deps.emulated.call(method, args, token)) ?? refuse('unknown_method')
    const settle = after[method]
    return settle ? settle({ args, response, user: user ?? deps.app.userId }) : response
  }
}

function userOf({ app, people, botToken }: ApiDeps, token: string): string | undefined {
  if (token === botToken) return app.userId
  return people.find((person) => personToken(person) === token)?.id
}

function judgeMessage(args: Json, store: Store): Json | undefined {
  const blocks = (args['blocks'] ?? []) as Json[]
  const problems = checkBlocks(blocks, 'message', (id) => id in store.files)
  if (problems.length > 0) return refuse('invalid_blocks', problems)
  if (blocksTooLong(blocks)) return refuse('msg_blocks_too_long')
  return asText(args['text'] ?? '').length > 40_000 ? refuse('msg_too_long') : undefined
}

function ownMethods({ store, views, people, channels, openSocket }: ApiDeps): Record<string, (args: Json) => Json> {
  return {
    ...views.methods,
    'apps.connections.open': () => openSocket(),
    'users.conversations': ({ user, types }) => ({
      ok: true,
      channels: [
        ...(types === 'im' ? [] : channels)
          .filter((channel) => (user ? channel.members.includes(asText(user)) : channel.bot !== false))
          .map(({ id, name }) => ({
            id,
            name,
            is_channel: true,
            is_private: false,
            is_archived: false,
            is_member: true,
          })),
        ...(asText(types).includes('im') ? people : []).map((person) => ({
          id: directChannel(person.id),
          user: person.id,
          is_im: true,
        })),
      ],
      response_metadata: { next_cursor: '' },
    }),
    'chat.unfurl'({ channel, ts, unfurls }) {
      const message = store.message(String(channel), String(ts))
      if (!message) return refuse('cannot_find_message')
      const given = (unfurls ?? {}) as Record<string, Json>
      const problems = Object.values(given).flatMap((unfurl) => checkBlocks(withBlockIds(unfurl['blocks']), 'message'))
      if (problems.length > 0) return refuse('invalid_blocks', problems)
      const attachments = Object.entries(given).map(([url, unfurl]) => ({
        ...unfurl,
        from_url: url,
        is_app_unfurl: true,
        ...(unfurl['blocks'] ? { blocks: withBlockIds(unfurl['blocks']) } : {}),
      }))
      store.put({ ...message, attachments })
      return { ok: true }
    },
  }
}

interface Answered {
  args: Json
  response: Json
  user: string
}

type Settle = (answered: Answered) => Json

function observers(deps: ApiDeps): Record<string, Settle> {
  return { ...messageObservers(deps), ...directoryObservers(deps) }
}

/** Notes what people now see after a successful call. */
function whenOk(note: (answered: Answered) => void): Settle {
  return (answered) => {
    if (answered.response['ok'] === true) note(answered)
    return answered.response
  }
}

function messageObservers(deps: ApiDeps): Record<string, Settle> {
  const { store, app, permalink } = deps
  const placed = (args: Json, ts: 'ts' | 'message_ts') => [asText(args['channel']), asText(args[ts])] as const
  return {
    'chat.postMessage': whenOk(({ args, response, user }) => {
      store.put(messageFrom(args, { channel: asText(response['channel']), ts: asText(response['ts']), user }))
    }),
    'chat.postEphemeral': whenOk(({ args, response, user }) => {
      const place = { channel: asText(args['channel']), ts: asText(response['message_ts']), user }
      store.put({ ...messageFrom(args, place), to: asText(args['user']) })
    }),
    'chat.update'({ args, response, user }) {
      const [channel, ts] = placed(args, 'ts')
      const before = store.message(channel, ts)
      // A message of an earlier run: the emulator has forgotten it, the people have not.
      const ours = response['error'] === 'message_not_found' && before?.user === user && !before.to
      if (!before || (response['ok'] !== true && !ours)) return response
      const bare = args['text'] === undefined ? before : without(before, 'blocks', 'attachments')
      const message = { ...bare, ...contentOf(args), ...edited(before, app) }
      store.put(message)
      return ours ? { ok: true, channel, ts, text: message.text, message } : response
    },
    'chat.delete'({ args, response, user }) {
      const [channel, ts] = placed(args, 'ts')
      const ours = response['error'] === 'message_not_found' && store.message(channel, ts)?.user === user
      if (response['ok'] !== true && !ours) return response
      store.remove(channel, ts)
      return { ok: true, channel, ts }
    },
    'chat.getPermalink'({ args, response }) {
      const [channel, ts] = placed(args, 'message_ts')
      const link = store.message(channel, ts) && permalink(channel, ts)
      return link ? { ok: true, channel, permalink: link } : response
    },
    'files.completeUploadExternal': whenOk((answered) => shareFiles(deps, answered)),
    'reactions.add': whenOk(({ args, user }) => react(store, args, (users) => [...new Set([...users, user])])),
    'reactions.remove': whenOk(({ args, user }) =>
      react(store, args, (users) => users.filter((each) => each !== user)),
    ),
  }
}

/** People with their zones; without the administrator and the #random the emulator brings along. */
function directoryObservers({ app, people, channels }: ApiDeps): Record<string, Settle> {
  const known = new Set([app.userId, ...people.map((person) => person.id)])
  const enrich = (row: Json): Json => {
    const person = people.find((each) => each.id === row['id'])
    return person ? { ...row, tz: person.tz, tz_label: person.tz, color: person.colour.slice(1) } : row
  }
  const one: Settle = ({ response }) =>
    response['user'] ? { ...response, user: enrich(response['user'] as Json) } : response
  return {
    'users.info': one,
    'conversations.info': ({ args, response }) =>
      response['channel'] && channels.some(({ id, external }) => external && id === args['channel'])
        ? { ...response, channel: { ...(response['channel'] as Json), is_ext_shared: true } }
        : response,
    'users.lookupByEmail': one,
    'users.list': ({ response }) => {
      const members = asList(response['members']).filter((row) => known.has(asText(row['id'])))
      return { ...response, members: members.map(enrich) }
    },
    'conversations.members': ({ response }) =>
      response['members']
        ? { ...response, members: (response['members'] as string[]).filter((id) => known.has(id)) }
        : response,
    'conversations.list': ({ response }) => ({
      ...response,
      channels: asList(response['channels']).filter((row) => row['name'] !== 'random'),
    }),
  }
}

function messageFrom(args: Json, place: Pick<Message, 'channel' | 'ts' | 'user'>): Message {
  return {
    ...place,
    text: '',
    ...contentOf(args),
    ...(typeof args['thread_ts'] === 'string' ? { thread_ts: args['thread_ts'] } : {}),
    ...(args['reply_broadcast'] === true ? { reply_broadcast: true } : {}),
    ...(args['metadata'] ? { metadata: args['metadata'] as Json } : {}),
  }
}

function contentOf(args: Json): Partial<Message> {
  return {
    ...(args['text'] === undefined ? {} : { text: asText(args['text']) }),
    ...(args['blocks'] === undefined ? {} : { blocks: args['blocks'] as Json[] }),
    ...(args['attachments'] === undefined ? {} : { attachments: args['attachments'] as Json[] }),
  }
}

/** Files shared into conversations become messages; the emulator names their timestamps in `shares`. */
function shareFiles({ store }: ApiDeps, { args, response, user }: Answered) {
  const files = asList(response['files'])
  const shown: SlackFile[] = files.map((file) => fileFrom(file))
  for (const file of shown) {
    const kept = store.files[file.id]
    if (kept) Object.assign(kept, file)
  }
  const shares = Object.values((files[0]?.['shares'] ?? {}) as Record<string, Record<string, { ts: string }[]>>)
  for (const [channel, posts] of shares.flatMap((kind) => Object.entries(kind)))
    for (const { ts } of posts) {
      const place = { channel, ts, user }
      const content = { text: args['initial_comment'] ?? '', blocks: args['blocks'], thread_ts: args['thread_ts'] }
      store.put({ ...messageFrom(content, place), files: shown })
    }
}

function fileFrom(file: Json): SlackFile {
  const { id, name, title, mimetype, size } = file as unknown as SlackFile
  return { id, name, title: title || name, mimetype, size }
}

function react(store: Store, args: Json, change: (users: string[]) => string[]) {
  const message = store.message(asText(args['channel']), asText(args['timestamp']))
  if (!message) return
  const name = asText(args['name'])
  const others = (message.reactions ?? []).filter((reaction) => reaction.name !== name)
  const users = change(message.reactions?.find((reaction) => reaction.name === name)?.users ?? [])
  store.put({ ...message, reactions: users.length > 0 ? [...others, { name, users }] : others })
}
