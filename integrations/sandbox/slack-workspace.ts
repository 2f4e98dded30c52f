/** Anything Slack sends or takes: blocks, views, events, arguments. */
export type Json = Record<string, unknown>

/** A value of an argument or payload as text; empty for anything that is not text or a number. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** A list of objects, empty for anything else. */
export function asList(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : []
}

export interface Team {
  id: string
  name: string
  domain: string
}

/** A person of the workspace. `id` is the Slack user id, `name` the handle, `tz` an IANA zone. */
export interface Person {
  id: string
  name: string
  realName: string
  email: string
  tz: string
  colour: string
  role: string
  admin?: boolean
}

/** A channel people and the bot talk in. The bot is a member unless `bot` is false. */
export interface Channel {
  id: string
  name: string
  topic: string
  members: string[]
  bot?: boolean
  /** Shared with another company (Slack Connect). */
  external?: boolean
}

/** The installed app as Slack knows it. */
export interface BotApp {
  userId: string
  botId: string
  appId: string
  name: string
  handle: string
}

/** One line of the command completion: what to type, what it does, examples that work as they are. */
export interface CommandHint {
  command: string
  usage: string
  about: string
  examples?: string[]
}

/** A shortcut of the app manifest: `message` shortcuts hang on a message, `global` ones on the composer. */
export interface ShortcutHint {
  callbackId: string
  name: string
  kind: 'message' | 'global'
}

export const demoTeam: Team = { id: 'T0ACME', name: 'Acme', domain: 'acme' }

export const demoApp: BotApp = {
  userId: 'U0FINOPS',
  botId: 'B0FINOPS',
  appId: 'A0FINOPS',
  name: 'FinOps',
  handle: 'finops',
}

/** Four people, one for each role, in three time zones so that times are seen to differ. */
export const demoPeople: Person[] = [
  person('U0LEA', 'lea', 'Lea Brandt', 'Europe/Berlin', '#7c5cd6', 'Organization manager', true),
  person('U0TOM', 'tom', 'Tom Okafor', 'Europe/London', '#1f7a5c', 'Pool manager, payments'),
  person('U0PRIYA', 'priya', 'Priya Nair', 'Asia/Kolkata', '#c2552d', 'Engineer'),
  person('U0MAX', 'max', 'Max Lindqvist', 'America/New_York', '#2b6cb0', 'Member'),
]

export const demoChannels: Channel[] = [
  channel('C0GENERAL', 'general', 'Company-wide announcements'),
  channel('C0FINOPS', 'finops', 'What the cloud costs and what we do about it'),
  channel('C0PAYMENTS', 'payments', 'Team payments'),
  channel('C0ENVIRONMENTS', 'environments', 'Who is on which environment'),
]

function person(
  ...[id, name, realName, tz, colour, role, admin = false]: [string, string, string, string, string, string, boolean?]
): Person {
  return { id, name, realName, email: `${name}@acme.example`, tz, colour, role, admin }
}

function channel(id: string, name: string, topic: string): Channel {
  return { id, name, topic, members: demoPeople.map((each) => each.id) }
}

/** The direct conversation of a person with the bot; derived from the person so that it never changes. */
export function directChannel(userId: string): string {
  return `D${userId.slice(1)}`
}
