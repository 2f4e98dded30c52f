/** Slack user, team and channel become the engine's Context: the person, the organization, the pool the channel means, the zone. */
import type { Person } from '../db/schema/organizations.ts'
import type { Context, Deps } from '../engine/context.ts'
import type { Manual } from './manual.ts'

/** Where something was typed or clicked. */
export type Place = {
  teamId: string
  slackUserId: string
  /** Null when there is no conversation, e.g. on the home tab. */
  channel: string | null
  threadTs?: string
  /** A direct message with the bot. */
  direct: boolean
  /** Shared with another company (Slack Connect): no money is shown there. */
  external: boolean
}

/** An organization as the bot speaks for it: verbs and reads take it as their Context. */
export type OrgContext = Context & {
  currency: string
  /** Person id → Slack user id, for mentions. */
  slackUsers: ReadonlyMap<string, string>
}

/** Everything a command, button or dialog gets: the person, who they are here, and what this channel means. */
export type BotContext = OrgContext & {
  person: Person
  place: Place
  /** The pool this channel is bound to (`/finops bind`), or null. */
  pool: string | null
  manual: Manual
}

export type { Deps }
