/** The contract of an event Slack tells us about. */
import type { WebClient } from '@slack/web-api'
import type { SlackInstall } from '../../db/schema/slack.ts'
import type { Deps } from '../../engine/context.ts'
import type { Place } from '../context.ts'

export type SlackEvent = { type: string; user?: string; channel?: string; [name: string]: unknown }

/** What a listener may do besides reading: answer a typed line as every other door does. */
export type Hearing = {
  deps: Deps
  install: SlackInstall
  event: SlackEvent
  place: Place
  client: WebClient
  answer: (line: string) => Promise<void>
}

export type AnyEvent = {
  /** Slack's name of the event; the file is called the same with dashes. */
  name: string
  /** Bot scopes the event needs, for the manifest. */
  scopes: string[]
  /** What the manifest subscribes to when it is not the name, e.g. `message.im`. */
  subscription?: string
  /** Runs once per event id, after the acknowledgement. */
  run: (hearing: Hearing) => Promise<void>
}

/** Declares a listener. */
export const event = (declared: AnyEvent): AnyEvent => declared
