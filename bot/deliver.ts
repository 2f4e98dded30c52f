/**
 * The outbox. A notification becomes one message per person and channel; a lane is one conversation, emptied by one job at
 * a time, in order of urgency, about one message a second. Slack's "wait" pauses the lane; nothing is lost, nothing comes
 * twice by our doing.
 */
import { listManagers, listPoolAncestors } from '../db/queries/organizations.ts'
import { listBindings } from '../db/queries/slack-bindings.ts'
import { findCopy, listLiveCopies } from '../db/queries/slack-copies.ts'
import {
  findNextDelivery,
  findLaneStart,
  findPostedTs,
  insertDelivery,
  setDelivered,
  setDeliveryFailed,
  setLanePaused,
} from '../db/queries/slack-deliveries.ts'
import { listInstalls } from '../db/queries/slack-installs.ts'
import { listSlackUsers } from '../db/queries/slack-links.ts'
import type { Notification } from '../db/schema/notifications.ts'
import type { SlackDelivery, SlackInstall } from '../db/schema/slack.ts'
import type { SubjectKind } from '../db/vocabulary.ts'
import { enqueue } from '../engine/context.ts'
import { upstream } from '../engine/errors.ts'
import { context, type Body } from './blocks.ts'
import type { OrgContext } from './context.ts'
import { drawCard, findMessage, redraw, register, type Drawn } from './copies.ts'
import { forgetWorkspace } from './install.ts'
import { judge } from './lint.ts'
import { draw, frameOf, type Card } from './messages/message.ts'
import { isShared } from './shared-channels.ts'
import { clientFor, slackFailure, type SlackFailure } from './slack.ts'

type Lane = { teamId: string; lane: string }

/** More urgent lanes first within a conversation: what asks for a decision, then news, then progress. */
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

async function putInLane(ctx: OrgContext, { teamId, lane }: Lane, parcel: Parcel): Promise<void> {
  const now = ctx.now()
  const priority = priorities[parcel.message] ?? 5
  const row = { ...parcel, orgId: ctx.orgId, teamId, lane, priority, notBefore: now, createdAt: now }
  const deliveryId = await insertDelivery(ctx.db, row)
  if (deliveryId) await enqueue(ctx, 'deliver-message', { orgId: ctx.orgId, deliveryId, key: `${teamId} ${lane}` })
}

/** Where a notification goes: its people, its channel, the channels of its pool or the nearest one above; the alerts channel when all that is nobody. */
async function lanesOf(ctx: OrgContext, { personIds, channel, poolId }: Notification): Promise<Lane[]> {
  const installs = await listInstalls(ctx.db, ctx.orgId)
  const [first] = installs
  if (!first) return []
  const people = await listSlackUsers(ctx.db, { orgId: ctx.orgId, personIds })
  const direct = people.map(({ teamId, slackUserId }) => ({ teamId, lane: slackUserId }))
  const own = channel ? [{ teamId: first.teamId, lane: channel }] : []
  const bound = poolId ? await boundLanes(ctx, poolId) : []
  const found = [...direct, ...own, ...bound]
  if (found.length || !first.alertsChannel) return distinct(found)
  return [{ teamId: first.teamId, lane: first.alertsChannel }]
}

async function boundLanes(ctx: OrgContext, poolId: string): Promise<Lane[]> {
  const above = await listPoolAncestors(ctx.db, { orgId: ctx.orgId, poolId })
  const bindings = await listBindings(ctx.db, { orgId: ctx.orgId, poolIds: above })
  const nearest = above.find((id) => bindings.some((binding) => binding.poolId === id))
  return bindings
    .filter((binding) => binding.poolId === nearest)
    .map(({ teamId, channel }) => ({ teamId, lane: channel }))
}

const distinct = (lanes: Lane[]): Lane[] =>
  lanes.filter(
    (lane, at) => lanes.findIndex((other) => other.teamId === lane.teamId && other.lane === lane.lane) === at,
  )

/** How many messages one job posts before it lets other lanes go first. */
const perJob = 50

/** Empties a lane. Throws when Slack is down, so that the queue tries again with growing pauses. */
export async function emptyLane(
  ctx: OrgContext,
  { deliveryId, ...lane }: Lane & { deliveryId: string },
): Promise<void> {
  const again = (startAfter?: Date) =>
    enqueue(ctx, 'deliver-message', {
      orgId: ctx.orgId,
      deliveryId,
      key: `${lane.teamId} ${lane.lane}`,
      ...(startAfter ? { startAfter } : {}),
    })
  let shared: boolean | null = null
  for (let n = 0; n < perJob; n += 1) {
    const next = await findNextDelivery(ctx.db, { ...lane, now: ctx.now() })
    if (!next) {
      const start = await findLaneStart(ctx.db, lane)
      return start ? again(start) : undefined
    }
    // Read again for every message: a token that was just taken back must not be used for the next.
    const install = (await listInstalls(ctx.db, ctx.orgId)).find(({ teamId }) => teamId === lane.teamId)
    if (!install) await setDeliveryFailed(ctx.db, { id: next.id, failure: 'the workspace removed the app' })
    else if ((shared ??= await isSharedLane(ctx, install, lane.lane))) await withhold(ctx, next)
    else if ((await deliver(ctx, install, next)) === 'paused')
      return again((await findLaneStart(ctx.db, lane)) ?? undefined)
    await new Promise((resolve) => setTimeout(resolve, ctx.slack?.paceMs ?? 1000))
  }
  await again()
}

/** Asked once per job, not per message: a channel is shared with another company now or was not when the job began. */
const isSharedLane = async (ctx: OrgContext, install: SlackInstall, lane: string): Promise<boolean> =>
  isChannel(lane) && isShared(clientFor(ctx, install, false), lane)

const isChannel = (lane: string): boolean => /^[CG]/.test(lane)

/** Alerts and bookings show money, and another company reads this channel: the managers get them directly. */
async function withhold(ctx: OrgContext, delivery: SlackDelivery): Promise<void> {
  await setDeliveryFailed(ctx.db, { id: delivery.id, failure: 'shared with another company' })
  const note = 'You get this because the channel it was meant for is shared with another company.'
  await tellManagers(ctx, { delivery, note, alerts: null })
}

async function deliver(ctx: OrgContext, install: SlackInstall, delivery: SlackDelivery): Promise<'done' | 'paused'> {
  const { id } = delivery
  const settled = (ts: string | null, failure: string | null = null) =>
    setDelivered(ctx.db, { id, at: ctx.now(), ts, failure })
  try {
    const content = await contentOf(ctx, delivery)
    if (content === 'gone') await settled(null, 'the subject is gone')
    else if (content === 'unknown') await setDeliveryFailed(ctx.db, { id, failure: 'no such message' })
    else await settled((await edited(ctx, delivery, content)) ?? (await posted(ctx, install, { delivery, content })))
    return 'done'
  } catch (error) {
    const failure = slackFailure(error)
    if (!failure) {
      // A message that cannot be drawn must not hold up the ones behind it.
      ctx.log.error({ err: error, message: delivery.message, delivery: id }, 'a message could not be drawn')
      await setDeliveryFailed(ctx.db, { id, failure: 'could not be drawn' })
      return 'done'
    }
    return failed(ctx, install, { delivery, failure })
  }
}

type Content = { body: Body; card: Card<unknown> | null; drawn: Drawn | null }

async function contentOf(ctx: OrgContext, delivery: SlackDelivery): Promise<Content | 'gone' | 'unknown'> {
  const message = findMessage(delivery.message)
  if (!message) return 'unknown'
  const note = delivery.facts['fallbackNote']
  const noted = (body: Body): Body =>
    typeof note === 'string' ? { ...body, blocks: [context(note), ...body.blocks] } : body
  if (message.kind === 'report')
    return { body: noted(draw(message, delivery.facts, { frame: frameOf(ctx) })), card: null, drawn: null }
  const drawn = delivery.subjectId ? await drawCard(ctx, message, delivery.subjectId) : null
  return drawn ? { body: noted(drawn.body), card: message, drawn } : 'gone'
}

/** A living card that is in this conversation already is brought up to date instead of posted again. */
async function edited(
  ctx: OrgContext,
  { lane, teamId, message, subjectId, subjectKind }: SlackDelivery,
  { card }: Content,
): Promise<string | null> {
  if (!card || !subjectId || !subjectKind) return null
  const ts = await findPostedTs(ctx.db, { teamId, lane, message, subjectId })
  const copies = await listLiveCopies(ctx.db, { orgId: ctx.orgId, kind: subjectKind, id: subjectId })
  if (
    !copies.some(
      (copy) => copy.teamId === teamId && copy.message === message && (copy.ts === ts || copy.channel === lane),
    )
  )
    return null
  await redraw(ctx, { kind: subjectKind as SubjectKind, id: subjectId })
  return ts
}

async function posted(
  ctx: OrgContext,
  install: SlackInstall,
  { delivery, content }: { delivery: SlackDelivery; content: Content },
): Promise<string | null> {
  const { body, card, drawn } = content
  const problems = judge(body, { link: false })
  if (problems.length) ctx.log.warn({ problems, message: delivery.message }, 'a message breaks the rules')
  const at = await post(ctx, install, { delivery, body })
  if (
    card &&
    drawn &&
    delivery.subjectId &&
    at.channel &&
    !(await findCopy(ctx.db, { teamId: install.teamId, channel: at.channel, ts: at.ts! }))
  )
    await register(ctx, {
      card,
      id: delivery.subjectId,
      drawn,
      teamId: install.teamId,
      channel: at.channel,
      ts: at.ts!,
    })
  return at.ts ?? null
}

/** IC-15: refused blocks never cost the message; its words and the way to the web go alone. */
async function post(
  ctx: OrgContext,
  install: SlackInstall,
  { delivery, body }: { delivery: SlackDelivery; body: Body },
) {
  const client = clientFor(ctx, install, false)
  const call = {
    channel: delivery.lane,
    unfurl_links: false,
    unfurl_media: false,
    ...(delivery.threadTs ? { thread_ts: delivery.threadTs } : {}),
  }
  try {
    return await client.chat.postMessage({ ...call, text: body.text, blocks: body.blocks })
  } catch (error) {
    if (slackFailure(error)?.kind !== 'blocks') throw error
    ctx.log.error({ err: error, message: delivery.message }, 'Slack refused the blocks; sent as plain text')
    return client.chat.postMessage({ ...call, text: `${body.text}\n${ctx.publicUrl}` })
  }
}

async function failed(
  ctx: OrgContext,
  install: SlackInstall,
  { delivery, failure }: { delivery: SlackDelivery; failure: SlackFailure },
): Promise<'done' | 'paused'> {
  const { teamId, lane, id } = delivery
  if (failure.kind === 'wait') {
    await setLanePaused(ctx.db, { teamId, lane, until: new Date(ctx.now().getTime() + failure.seconds * 1000) })
    return 'paused'
  }
  if (failure.kind === 'again') throw upstream(`Slack did not take the message (${failure.error}).`)
  if (failure.kind === 'revoked') await forgetWorkspace(ctx, teamId)
  await setDeliveryFailed(ctx.db, { id, failure: failure.error })
  if (failure.kind === 'gone') await fallBack(ctx, install, { delivery, error: failure.error })
  else ctx.log.error({ message: delivery.message, error: failure.error }, 'Slack refused a message')
  return 'done'
}

/** The conversation takes nothing any more (archived, left, person gone): the managers hear it instead, once, with the reason. */
async function fallBack(
  ctx: OrgContext,
  install: SlackInstall,
  { delivery, error }: { delivery: SlackDelivery; error: string },
): Promise<void> {
  const { lane } = delivery
  const note = isChannel(lane)
    ? `You get this because the channel it was meant for takes no messages from me (${error}).`
    : `You get this because the person it was meant for cannot be reached in Slack (${error}).`
  const { teamId, alertsChannel } = install
  const alerts = alertsChannel && alertsChannel !== lane ? { teamId, lane: alertsChannel } : null
  await tellManagers(ctx, { delivery, note, alerts })
}

/** Sends what did not arrive to the alerts channel, or where there is none to every manager; told so once. */
async function tellManagers(
  ctx: OrgContext,
  { delivery, note, alerts }: { delivery: SlackDelivery; note: string; alerts: Lane | null },
): Promise<void> {
  const { facts, lane, key, message, subjectKind, subjectId } = delivery
  // Withheld from a shared alerts channel, it still has to find the managers.
  if (typeof facts['fallbackNote'] === 'string' && !isChannel(lane))
    return ctx.log.error({ message, note }, 'a message found nobody')
  const managers = await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })
  const users = await listSlackUsers(ctx.db, { orgId: ctx.orgId, personIds: managers.map(({ id }) => id) })
  const lanes = alerts ? [alerts] : users.map(({ teamId, slackUserId }) => ({ teamId, lane: slackUserId }))
  for (const other of distinct(lanes).filter((one) => one.lane !== lane))
    await putInLane(ctx, other, {
      key: `${key} ⤳ ${other.lane}`,
      message,
      subjectKind,
      subjectId,
      facts: { ...facts, fallbackNote: note },
    })
}
