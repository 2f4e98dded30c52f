/** Slack Connect: channels that people of another company read. No money is shown there. */
import type { WebClient } from '@slack/web-api'

/** Does another company read this channel? A workspace that does not tell is taken as not shared. */
export const isShared = (client: WebClient, channel: string): Promise<boolean> =>
  client.conversations
    .info({ channel })
    .then((answer) => answer.channel?.is_ext_shared ?? false)
    .catch(() => false)
