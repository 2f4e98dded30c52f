/**
 * Slack Connect: channels that people of another company read. No money is shown there. Slack is asked each time; while it
 * cannot answer, what it said within a day counts, and where it never said anything the channel counts as shared.
 */
import type { WebClient } from '@slack/web-api'
import { findToldShared, upsertToldShared } from '../db/queries/slack-channels.ts'
import { findInstall } from '../db/queries/slack-installs.ts'
import type { Context } from '../engine/context.ts'
import { invalid } from '../engine/errors.ts'
import { dayMs } from '../engine/time.ts'
import type { BotContext } from './context.ts'
import { isChannel } from './outbox.ts'
import { clientFor, slackFailure } from './slack.ts'

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

/** The same for whoever waits for an answer: what cannot be known now counts as shared. */
export const isShared = (ctx: BotContext, client: WebClient, lane: Lane): Promise<boolean> =>
  readersOf(ctx, client, lane).then(
    ({ kind }) => kind !== 'own',
    (error: unknown) => {
      if (slackFailure(error)) return true
      throw error
    },
  )

/** Refuses the channel of this conversation for what shows costs when another company may read it; `next` says what to do instead. */
export async function assertOwnChannel(ctx: BotContext, next: string): Promise<void> {
  const { teamId, channel, external } = ctx.place
  if (external) throw readAlong(next)
  const install = await findInstall(ctx.db, teamId)
  if (!install || !channel) return
  const readers = await readersOf(ctx, clientFor(ctx, install), { teamId, lane: channel }).catch((error: unknown) => {
    if (!slackFailure(error)) throw error
    return { kind: 'unknown' as const }
  })
  if (readers.kind === 'shared') throw readAlong(next)
  if (readers.kind === 'unknown')
    throw invalid(
      'Slack does not tell me whether another company reads this channel, and what is told here shows costs. Nothing was changed.',
      { next: 'Invite me to the channel and try again in a minute.' },
    )
}

const readAlong = (next: string) =>
  invalid('This channel is shared with another company, and what is told here shows costs. Nothing was changed.', {
    next,
  })
