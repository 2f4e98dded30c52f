/**
 * The outbox: a notification becomes one message per conversation (a lane), kept until it is delivered. Which conversations
 * it concerns is decided here, once.
 */
import { listPoolAncestors } from '../db/queries/organizations.ts'
import { listBindings } from '../db/queries/slack-bindings.ts'
import { findTeamOfChannel } from '../db/queries/slack-channels.ts'
import { insertDelivery } from '../db/queries/slack-deliveries.ts'
import { listInstalls } from '../db/queries/slack-installs.ts'
import { listSlackUsers } from '../db/queries/slack-links.ts'
import type { Notification } from '../db/schema/notifications.ts'
import type { SlackDelivery, SlackInstall } from '../db/schema/slack.ts'
import { enqueue } from '../engine/context.ts'
import type { OrgContext } from './context.ts'

/** One conversation of a workspace: a channel, or a person's Slack id for direct messages. */
export type Lane = { teamId: string; lane: string }

/** One job at a time empties a lane of an organization. */
export const laneKey = ({ orgId }: Pick<OrgContext, 'orgId'>, { teamId, lane }: Lane): string =>
  `${orgId} ${teamId} ${lane}`

/** More urgent messages first within a conversation: what asks for a decision, then news, then progress. */
const priorities: Record<string, number> = {
  'join-request': 8,
  'clean-up-approval': 8,
  request: 8,
  'booking-ending': 8,
  'import-progress': 3,
  'duplicates-found': 3,
}

/** Turns a notification into deliveries, in the caller's transaction. Told once per conversation, however often it runs. */
export async function planDeliveries(ctx: OrgContext, notification: Notification): Promise<void> {
  for (const lane of await lanesOf(ctx, notification)) {
    await putInLane(ctx, lane, {
      key: `${notification.key} → ${lane.teamId}/${lane.lane}`,
      message: notification.kind,
      facts: notification.facts,
      subjectKind: notification.subjectKind,
      subjectId: notification.subjectId,
    })
  }
}

type Parcel = Pick<SlackDelivery, 'key' | 'message' | 'facts' | 'subjectKind' | 'subjectId'>

/** Puts a message into a lane and queues its delivery; one with the same key is there already, so it is told once. */
export async function putInLane(ctx: OrgContext, { teamId, lane }: Lane, parcel: Parcel): Promise<void> {
  const now = ctx.now()
  const priority = priorities[parcel.message] ?? 5
  const row = { ...parcel, orgId: ctx.orgId, teamId, lane, priority, notBefore: now, createdAt: now }
  const deliveryId = await insertDelivery(ctx.db, row)
  const key = laneKey(ctx, { teamId, lane })
  if (deliveryId) await enqueue(ctx, 'deliver-message', { orgId: ctx.orgId, deliveryId, key })
}

/**
 * Where a notification goes: its people, its channel, the channels of its pool or of the nearest one above; the alerts
 * channel in place of a pool's, and when all that is nobody.
 */
async function lanesOf(ctx: OrgContext, { personIds, channel, poolId }: Notification): Promise<Lane[]> {
  const installs = await listInstalls(ctx.db, ctx.orgId)
  const [first] = installs
  if (!first) return []
  const people = await listSlackUsers(ctx.db, { orgId: ctx.orgId, personIds })
  const direct = people.map(({ teamId, slackUserId }) => ({ teamId, lane: slackUserId }))
  const said = channel ? await findTeamOfChannel(ctx.db, { orgId: ctx.orgId, channel }) : null
  const home = installs.find(({ teamId }) => teamId === said) ?? first
  const own = channel ? [{ teamId: home.teamId, lane: channel }] : []
  const bound = poolId ? await boundLanes(ctx, poolId) : []
  const found = [...direct, ...own, ...bound]
  const isHomeless = poolId !== null && bound.length === 0
  return distinct(found.length && !isHomeless ? found : [...found, ...alertsLane(installs)])
}

/** The alerts channel of the first workspace that has one. */
const alertsLane = (installs: SlackInstall[]): Lane[] =>
  installs.flatMap(({ teamId, alertsChannel }) => (alertsChannel ? [{ teamId, lane: alertsChannel }] : [])).slice(0, 1)

async function boundLanes(ctx: OrgContext, poolId: string): Promise<Lane[]> {
  const above = await listPoolAncestors(ctx.db, { orgId: ctx.orgId, poolId })
  const bindings = await listBindings(ctx.db, { orgId: ctx.orgId, poolIds: above })
  const nearest = above.find((id) => bindings.some((binding) => binding.poolId === id))
  return bindings
    .filter((binding) => binding.poolId === nearest)
    .map(({ teamId, channel }) => ({ teamId, lane: channel }))
}

/** Each lane once, in the same order. */
export const distinct = (lanes: Lane[]): Lane[] =>
  lanes.filter(
    (lane, at) => lanes.findIndex((other) => other.teamId === lane.teamId && other.lane === lane.lane) === at,
  )

/** Slack's ids of channels begin with C or G, those of people with U or W. */
export const isChannel = (lane: string): boolean => /^[CG]/.test(lane)
