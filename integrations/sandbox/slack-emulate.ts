import { createEmulator } from 'emulate'
import {
  asList,
  asText,
  type BotApp,
  type Channel,
  directChannel,
  type Json,
  type Person,
  type Team,
} from './slack-workspace.ts'

export interface EmulateOptions {
  team: Team
  app: BotApp
  people: Person[]
  channels: Channel[]
  botToken: string
  signingSecret: string
  /** Where callers reach the front; addresses in answers (uploads, files) point there. */
  baseUrl: string
}

export type Emulated = Awaited<ReturnType<typeof startEmulate>>

const scopes = [
  'chat:write,commands,app_mentions:read,users:read,users:read.email,channels:read,channels:history,channels:join',
  'channels:manage,groups:read,groups:write,im:read,im:write,im:history,mpim:read,mpim:write,files:read,files:write',
  'links:read,links:write,reactions:read,reactions:write,pins:read,pins:write,bookmarks:read,bookmarks:write,team:read',
].flatMap((line) => line.split(','))

/**
 * Starts the Web API emulator with this workspace in it. The emulator invents ids on every start; callers of `call`
 * see the workspace's own fixed ids (U0LEA, C0PAYMENTS, D0LEA) because both directions are translated.
 */
export async function startEmulate(options: EmulateOptions) {
  const emulator = await createEmulator({ service: 'slack', port: 0, seed: seed(options) })
  const url = emulator.url.replace('localhost', '127.0.0.1')
  const ids = createIds()
  const outward = (text: string) => ids.outward(text).replaceAll(emulator.url, options.baseUrl)

  /** Calls one Web API method; `null` when the emulator does not have it. Throws only when the emulator is gone. */
  async function call(method: string, args: Json, token = options.botToken): Promise<Json | null> {
    const response = await fetch(`${url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: ids.inward(JSON.stringify(args)),
    })
    if (response.status === 404) return null
    return JSON.parse(outward(await response.text())) as Json
  }

  await learnIds({ ...options, call, ids })
  return { url, call, close: () => emulator.close() }
}

/** The token the front uses to speak for a person. */
export function personToken(person: Pick<Person, 'name'>): string {
  return `xoxp-${person.name}`
}

function seed({ team, app, people, channels, botToken, signingSecret }: EmulateOptions) {
  const client = { app_id: app.appId, client_id: 'sandbox', bot_id: app.botId, bot_user_id: app.userId }
  return {
    slack: {
      team: { name: team.name, domain: team.domain },
      users: people.map(({ name, realName, email, admin }) => ({ name, real_name: realName, email, is_admin: admin })),
      channels: channels.map(({ name, topic }) => ({ name, topic })),
      oauth_apps: [
        { ...client, client_secret: 'sandbox', name: app.name, redirect_uris: [], scopes, bot_name: app.handle },
      ],
      tokens: [
        { token: botToken, type: 'bot', user: app.userId, scopes, ...client },
        ...people.map((person) => ({ token: personToken(person), type: 'user', user: person.name, scopes })),
      ],
      signing_secret: signingSecret,
    },
  }
}

interface Setup extends EmulateOptions {
  call: (method: string, args: Json, token?: string) => Promise<Json | null>
  ids: ReturnType<typeof createIds>
}

/** Asks the emulator which ids it gave, pairs them with ours, and puts the bot into its channels. */
async function learnIds({ call, ids, people, channels, team }: Setup) {
  const members = asList((await call('users.list', { limit: 1000 }))?.['members'])
  const conversations = asList((await call('conversations.list', { limit: 1000 }))?.['channels'])
  ids.pair(team.id, asText(((await call('team.info', {}))?.['team'] as Json | undefined)?.['id']))
  for (const person of people) ids.pair(person.id, idNamed(members, person.name))
  for (const channel of channels) ids.pair(channel.id, idNamed(conversations, channel.name))
  for (const channel of channels) {
    if (channel.bot !== false) await call('conversations.join', { channel: channel.id })
    for (const person of people) {
      const verb = channel.members.includes(person.id) ? 'conversations.join' : 'conversations.leave'
      await call(verb, { channel: channel.id }, personToken(person))
    }
  }
  for (const person of people) {
    const opened = (await call('conversations.open', { users: person.id }))?.['channel'] as Json | undefined
    ids.pair(directChannel(person.id), String(opened?.['id']))
  }
}

function idNamed(rows: Json[], name: string): string {
  const found = rows.find((row) => row['name'] === name)
  if (!found) throw new Error(`The Slack emulator does not know "${name}".`)
  return asText(found['id'])
}

function createIds() {
  const ours = new Map<string, string>()
  const theirs = new Map<string, string>()
  const replace = (text: string, map: Map<string, string>) =>
    text.replace(/\b[UCDT][A-Z0-9]{2,20}\b/g, (id) => map.get(id) ?? id)
  return {
    pair(our: string, their: string) {
      ours.set(our, their)
      theirs.set(their, our)
    },
    inward: (text: string) => replace(text, ours),
    outward: (text: string) => replace(text, theirs),
  }
}
