/** Slack user, team and channel become the engine's Context: the person, the organization, the pool the channel means, the zone. */
import { getOrganization } from '../db/queries/organizations.ts'
import { findBoundPool } from '../db/queries/slack-bindings.ts'
import { findLinkedPerson, listSlackUsers } from '../db/queries/slack-links.ts'
import type { Person } from '../db/schema/organizations.ts'
import { contextFor, within, type Actor, type Context, type Deps } from '../engine/context.ts'
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

/** The organization for an actor, with its currency and who is who in Slack. What the bot says unasked sees one organization too. */
export async function orgContext(deps: Deps, orgId: string, actor: Actor): Promise<OrgContext> {
  const [organization, users] = await Promise.all([getOrganization(deps.db, orgId), listSlackUsers(deps.db, { orgId })])
  const slackUsers = new Map(users.map(({ personId, slackUserId }) => [personId, slackUserId]))
  return { ...within(contextFor(deps, orgId, actor)), currency: organization.currency, slackUsers }
}

/** The context of whoever typed or clicked, or null when this Slack user is not linked to a person. */
export async function personContext(deps: Deps, place: Place, manual: Manual): Promise<BotContext | null> {
  const { teamId, slackUserId, channel } = place
  const [person, pool] = await Promise.all([
    findLinkedPerson(deps.db, { teamId, slackUserId }),
    channel ? findBoundPool(deps.db, { teamId, channel }) : null,
  ])
  if (!person) return null
  const org = await orgContext(deps, person.orgId, { personId: person.id, door: 'slack' })
  return { ...org, person, place, pool, manual }
}

/** The place of a direct message to somebody, for answers nobody is waiting for in a channel. */
export const directPlace = (teamId: string, slackUserId: string): Place => ({
  teamId,
  slackUserId,
  channel: null,
  direct: true,
  external: false,
})
