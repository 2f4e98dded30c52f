/** Whom a message goes to when its conversation may not or cannot take it: the organization's managers, with the reason. */
import { listManagers } from '../db/queries/organizations.ts'
import { setDeliveryFailed } from '../db/queries/slack-deliveries.ts'
import { listSlackUsers } from '../db/queries/slack-links.ts'
import type { SlackDelivery, SlackInstall } from '../db/schema/slack.ts'
import type { OrgContext } from './context.ts'
import { distinct, isChannel, putInLane, type Lane } from './outbox.ts'
import type { Readers } from './shared-channels.ts'

/** Alerts and bookings show money, and another company reads this channel or may: the managers get them directly. */
export async function withhold(
  ctx: OrgContext,
  { delivery, readers }: { delivery: SlackDelivery; readers: Readers },
): Promise<void> {
  const isKnown = readers.kind !== 'unknown'
  const failure = isKnown ? 'shared with another company' : `nobody knows who reads it: ${readers.why}`
  await setDeliveryFailed(ctx.db, { id: delivery.id, failure })
  const note = isKnown
    ? 'You get this because the channel it was meant for is shared with another company.'
    : `You get this because Slack does not tell me whether another company reads the channel it was meant for (${readers.why}). Install the app again to allow it.`
  await tellManagers(ctx, { delivery, note, alerts: null })
}

/** The conversation takes nothing any more (archived, left, person gone): the managers hear it instead, once, with the reason. */
export async function fallBack(
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
