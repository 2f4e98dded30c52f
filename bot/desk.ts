/** What the bot works with besides the engine: the Web API of each workspace and the settings of this installation. */
import type { WebClient } from '@slack/web-api'
import type { SlackInstall } from '../db/schema/slack.ts'
import type { Deps } from '../engine/context.ts'

export type Desk = {
  deps: Deps
  /** The Web API with the workspace's own token. */
  client: (install: Pick<SlackInstall, 'teamId' | 'botToken'>) => WebClient
  /** Milliseconds between two posts to one conversation; Slack asks for about one second. */
  paceMs: number
}
