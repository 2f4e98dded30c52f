/**
 * Empties the outbox: a lane by one job at a time, in order of urgency, about one message a second. Slack's "wait" pauses
 * the lane; nothing is lost, nothing comes twice by our doing.
 */
import {
  findNextDelivery,
  findLaneStart,
  setDelivered,
  setDeliveryFailed,
  setLanePaused,
} from '../db/queries/slack-deliveries.ts'
import { listInstalls } from '../db/queries/slack-installs.ts'
import type { SlackDelivery, SlackInstall } from '../db/schema/slack.ts'
import { enqueue } from '../engine/context.ts'
import { postgresError, upstream } from '../engine/errors.ts'
import { isLost } from '../engine/reach.ts'
import type { OrgContext } from './context.ts'
import { fallBack, withhold } from './fallback.ts'
import { forgetWorkspace } from './install.ts'
import { laneKey, type Lane } from './outbox.ts'
import { send } from './send.ts'
import { readersOf, type Readers } from './shared-channels.ts'
import { clientFor, slackFailure, type SlackFailure } from './slack.ts'

/** How many messages one job posts before it lets other lanes go first. */
const perJob = 50

/** Empties a lane. Throws when Slack is down, so that the queue tries again with growing pauses. */
export async function emptyLane(
  ctx: OrgContext,
  { deliveryId, ...conversation }: Lane & { deliveryId: string },
): Promise<void> {
  const lane = { ...conversation, orgId: ctx.orgId }
  const again = (startAfter?: Date) =>
    enqueue(ctx, 'deliver-message', {
      orgId: ctx.orgId,
      deliveryId,
      key: laneKey(ctx, lane),
      ...(startAfter ? { startAfter } : {}),
    })
  const asked: Asked = { readers: null }
  for (let n = 0; n < perJob; n += 1) {
    const next = await findNextDelivery(ctx.db, { ...lane, now: ctx.now() })
    if (!next) {
      const start = await findLaneStart(ctx.db, lane)
      return start ? again(start) : undefined
    }
    // Read again for every message: a token that was just taken back must not be used for the next.
    const install = (await listInstalls(ctx.db, ctx.orgId)).find(({ teamId }) => teamId === lane.teamId)
    if (!install) await setDeliveryFailed(ctx.db, { id: next.id, failure: 'the workspace removed the app' })
    else if ((await deliver(ctx, install, { delivery: next, asked })) === 'paused')
      return again((await findLaneStart(ctx.db, lane)) ?? undefined)
    await new Promise((resolve) => setTimeout(resolve, ctx.slack?.paceMs ?? 1000))
  }
  await again()
}

/** Who reads the lane. Asked once per job, not per message: a channel is shared now or was not when the job began. */
type Asked = { readers: Readers | null }

async function deliver(
  ctx: OrgContext,
  install: SlackInstall,
  { delivery, asked }: { delivery: SlackDelivery; asked: Asked },
): Promise<'done' | 'paused'> {
  const { id } = delivery
  const settled = (ts: string | null, failure: string | null = null) =>
    setDelivered(ctx.db, { id, at: ctx.now(), ts, failure })
  try {
    asked.readers ??= await readersOf(ctx, clientFor(ctx, install, false), delivery)
    if (asked.readers.kind !== 'own') {
      await withhold(ctx, { delivery, readers: asked.readers })
      return 'done'
    }
    const sent = await send(ctx, install, delivery)
    if (sent === 'gone') await settled(null, 'the subject is gone')
    else if (sent === 'unknown') await setDeliveryFailed(ctx.db, { id, failure: 'no such message' })
    else await settled(sent.ts)
    return 'done'
  } catch (error) {
    const failure = slackFailure(error)
    if (!failure) {
      if (isPassing(error)) throw error
      // A message that cannot be drawn must not hold up the ones behind it.
      ctx.log.error({ err: error, message: delivery.message, delivery: id }, 'a message could not be drawn')
      await setDeliveryFailed(ctx.db, { id, failure: 'could not be drawn' })
      return 'done'
    }
    return failed(ctx, install, { delivery, failure })
  }
}

/** The database went away under the drawing, or somebody held what it reads: the queue tries again, and nothing is lost. */
const isPassing = (error: unknown): boolean => isLost(error) || /^(40...|55P03)$/.test(postgresError(error)?.code ?? '')

async function failed(
  ctx: OrgContext,
  install: SlackInstall,
  { delivery, failure }: { delivery: SlackDelivery; failure: SlackFailure },
): Promise<'done' | 'paused'> {
  const { teamId, lane, id } = delivery
  if (failure.kind === 'wait') {
    const until = new Date(ctx.now().getTime() + failure.seconds * 1000)
    await setLanePaused(ctx.db, { orgId: ctx.orgId, teamId, lane, until })
    return 'paused'
  }
  if (failure.kind === 'again') throw upstream(`Slack did not take the message (${failure.error}).`)
  if (failure.kind === 'revoked') await forgetWorkspace(ctx, teamId)
  await setDeliveryFailed(ctx.db, { id, failure: failure.error })
  if (failure.kind === 'gone') await fallBack(ctx, install, { delivery, error: failure.error })
  else ctx.log.error({ message: delivery.message, error: failure.error }, 'Slack refused a message')
  return 'done'
}
