/** The contract of an event Slack tells us about. */
import type { SlackInstall } from '../../db/schema/slack.ts'
import type { Desk } from '../desk.ts'

export type SlackEvent = { type: string; user?: string; channel?: string; [name: string]: unknown }

export type AnyEvent = {
  /** The file name with underscores is Slack's name of the event: `app-mention` → `app_mention`; `message-im` is `message`. */
  name: string
  /** Bot scopes the event needs, for the manifest. */
  scopes: string[]
  /** Runs once per event id, after the acknowledgement. */
  run: (desk: Desk, heard: { event: SlackEvent; install: SlackInstall; external: boolean }) => Promise<void>
}

/** Declares a listener. */
export const event = (declared: AnyEvent): AnyEvent => declared
