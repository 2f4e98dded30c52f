/**
 * Slack Connect: channels that people of another company read. No money is shown there. Slack is asked each time; while it
 * cannot answer, what it said within a day counts, and where it never said anything the channel counts as shared.
 */
import type { WebClient } from '@slack/web-api'
import { findToldShared, upsertToldShared } from '../db/queries/slack-channels.ts'
import { findInstall } from '../db/queries/slack-installs.ts'
import type { Context } from '../engine/context.ts'
import { forbidden, invalid } from '../engine/errors.ts'
import { dayMs } from '../engine/time.ts'
import type { Body } from './blocks.ts'
import type { BotContext, Place } from './context.ts'
import { isChannel } from './outbox.ts'
import { clientFor, slackFailure } from './slack.ts'
import type { Voice } from './voice.ts'

/** Who reads a conversation besides us: nobody, another company, or Slack does not say (`why`: its own word, e.g. missing_scope). */
export type Readers = { kind: 'own' } | { kind: 'shared' } | { kind: 'unknown'; why: string }

type Lane = { teamId: string; lane: string }

/**
 * Does another company read this conversation? A person's never. Throws what Slack answered when asking later may help and
 * nothing is known yet: for jobs, which try again.
 */
export async function readersOf(
  ctx: Pick<Context, 'db' | 'orgId' | 'now'>,
  client: WebClient,
  { teamId, lane }: Lane,
): Promise<Readers> {
  if (!isChannel(lane)) return { kind: 'own' }
  const at = { teamId, channel: lane }
  try {
    const { channel } = await client.conversations.info({ channel: lane })
    const isShared = channel?.is_ext_shared ?? false
    await upsertToldShared(ctx.db, { ...at, orgId: ctx.orgId, isShared, toldAt: ctx.now() })
    return { kind: isShared ? 'shared' : 'own' }
  } catch (error) {
    const failure = slackFailure(error)
    if (!failure) throw error
    const since = new Date(ctx.now().getTime() - dayMs)
    const told = isOutage(failure.kind) ? await findToldShared(ctx.db, { ...at, since }) : null
    if (told !== null) return { kind: told ? 'shared' : 'own' }
    if (failure.kind !== 'refused') throw error
    return { kind: 'unknown', why: failure.error }
  }
}

const isOutage = (kind: string): boolean => kind === 'wait' || kind === 'again'

/** The same for whoever waits for an answer: `absent` where the bot is no member, so that it neither sees nor posts; an outage is `unknown`. */
export async function readersHere(
  ctx: BotContext,
  client: WebClient,
  { teamId, channel, direct, external }: Place,
): Promise<Readers['kind'] | 'absent'> {
  if (external) return 'shared'
  if (direct || !channel) return 'own'
  try {
    return (await readersOf(ctx, client, { teamId, lane: channel })).kind
  } catch (error) {
    const failure = slackFailure(error)
    if (!failure) throw error
    return failure.kind === 'gone' ? 'absent' : 'unknown'
  }
}

const unposted = {
  shared: ['This channel is shared with another company', 'Ask without --share, or in a channel of your own company.'],
  unknown: ['Slack does not tell me whether another company reads this channel', 'Try again in a minute.'],
  absent: ['I am not in this conversation', 'Invite me with /invite and share it again.'],
} as const

/**
 * Posts for everybody, never where another company reads along: Forbidden with the reason. Where the bot is no member that
 * is Forbidden too, or null when nobody `wanted` it posted: two people's own conversation.
 */
export async function postHere(
  ctx: BotContext,
  voice: Voice,
  { body, wanted }: { body: Body; wanted: boolean },
): Promise<{ channel: string; ts: string } | null> {
  let readers = voice.client ? await readersHere(ctx, voice.client, voice.place) : 'own'
  try {
    if (readers === 'own') return await voice.post(body)
  } catch (error) {
    if (slackFailure(error)?.kind !== 'gone') throw error
    readers = 'absent'
  }
  if (readers === 'absent' && !wanted) return null
  const [reason, next] = unposted[readers]
  throw forbidden(`${reason}, so nothing was posted.`, { next })
}

/** Refuses the channel of this conversation for what shows costs when another company may read it; `next` says what to do instead. */
export async function assertOwnChannel(ctx: BotContext, next: string): Promise<void> {
  const install = await findInstall(ctx.db, ctx.place.teamId)
  if (!install) return
  const readers = await readersHere(ctx, clientFor(ctx, install), ctx.place)
  if (readers === 'shared')
    throw invalid(
      'This channel is shared with another company, and what is told here shows costs. Nothing was changed.',
      {
        next,
      },
    )
  if (readers !== 'own')
    throw invalid(
      'Slack does not tell me whether another company reads this channel, and what is told here shows costs. Nothing was changed.',
      { next: 'Invite me to the channel and try again in a minute.' },
    )
}
