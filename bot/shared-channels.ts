/** Slack Connect: channels that people of another company read. No money is shown there. */
import type { WebClient } from '@slack/web-api'
import { findInstall } from '../db/queries/slack-installs.ts'
import { invalid } from '../engine/errors.ts'
import type { BotContext } from './context.ts'
import { isChannel } from './outbox.ts'
import { clientFor } from './slack.ts'

/** Does another company read this conversation? A person's never; a workspace that does not tell is taken as not shared. */
export const isShared = async (client: WebClient, lane: string): Promise<boolean> =>
  isChannel(lane) &&
  client.conversations
    .info({ channel: lane })
    .then((answer) => answer.channel?.is_ext_shared ?? false)
    .catch(() => false)

/** Refuses the channel of this conversation for what shows costs when another company reads it; `next` says what to do instead. */
export async function assertOwnChannel(ctx: BotContext, next: string): Promise<void> {
  const { teamId, channel, external } = ctx.place
  const install = await findInstall(ctx.db, teamId)
  if (external || (install && channel && (await isShared(clientFor(ctx, install), channel))))
    throw invalid(
      'This channel is shared with another company, and what is told here shows costs. Nothing was changed.',
      {
        next,
      },
    )
}
