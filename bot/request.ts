/** One request of Slack, read once: who, where, which message, and the voice to answer with. */
import type { WebClient } from '@slack/web-api'
import type { SlackInstall } from '../db/schema/slack.ts'
import type { Deps } from '../engine/context.ts'
import type { Block } from './blocks.ts'
import type { Place } from './context.ts'
import type { ViewState } from './inputs.ts'
import { voiceOf, type Voice } from './voice.ts'

export type WireElement = Record<string, unknown> & { action_id: string; block_id: string }
export type WireView = {
  id: string
  hash: string
  type: string
  callback_id: string
  private_metadata: string
  blocks: Block[]
  state: ViewState
}
export type WireMessage = { ts: string; text?: string; blocks?: Block[]; thread_ts?: string }

/** The fields of commands, interactions and submissions that the bot reads. */
export type Wire = {
  team?: { id: string } | null
  team_id?: string
  user?: { id: string }
  user_id?: string
  channel?: { id: string }
  channel_id?: string
  command?: string
  text?: string
  response_url?: string
  trigger_id?: string
  container?: { type?: string; channel_id?: string; message_ts?: string; thread_ts?: string; is_ephemeral?: boolean }
  view?: WireView
  actions?: WireElement[]
  message?: WireMessage
  callback_id?: string
  value?: string
}

/** Bolt's types know each payload apart; the bot reads the same few fields of all. Guarantee: every field is optional and checked where it is used. */
export const wireOf = (body: unknown): Wire => body as Wire

/** What Bolt hands to a listener, as far as it is read here. */
export type Args = { body: unknown; context: Record<string, unknown>; client: WebClient }
export type Acked = Args & { ack: (answer?: never) => Promise<void> }

/** What every listener starts from. */
export type Heard = { deps: Deps; wire: Wire; install: SlackInstall; client: WebClient; place: Place; voice: Voice }

/** Reads a request; `carried` is the conversation a dialog was opened from. */
export function hear(deps: Deps, args: Args, carried: { channel?: string | null; threadTs?: string } = {}): Heard {
  const wire = wireOf(args.body)
  const install = args.context['install'] as SlackInstall
  const place = placeOf(wire, install, carried)
  const channel = wire.container?.channel_id ?? wire.channel?.id
  const message =
    wire.message && channel && !wire.container?.is_ephemeral ? { ts: wire.message.ts, channel } : undefined
  const voice = voiceOf({
    ...{ client: args.client, place, log: deps.log, message, hooks: hooksOf(deps) },
    ...{
      responseUrl: wire.response_url,
      triggerId: wire.trigger_id,
      inDialog: wire.view?.type === 'modal' && Boolean(wire.actions),
    },
  })
  return { deps, wire, install, client: args.client, place, voice }
}

function placeOf(wire: Wire, install: SlackInstall, carried: { channel?: string | null; threadTs?: string }): Place {
  const channel = wire.channel_id ?? wire.container?.channel_id ?? wire.channel?.id ?? carried.channel ?? null
  const threadTs = wire.container?.thread_ts ?? wire.message?.thread_ts ?? carried.threadTs
  return {
    teamId: install.teamId,
    slackUserId: wire.user_id ?? wire.user?.id ?? '',
    channel,
    ...(threadTs ? { threadTs } : {}),
    direct: channel?.startsWith('D') ?? false,
    external: false,
  }
}

/** A response_url comes with the request, so it may point only to Slack, or to where the Web API was said to be. */
export function hooksOf({ slack }: Pick<Deps, 'slack'>): (url: string) => boolean {
  const own = slack?.apiUrl ? new URL(slack.apiUrl).origin : null
  return (url) =>
    URL.canParse(url) && (new URL(url).origin === 'https://hooks.slack.com' || new URL(url).origin === own)
}
