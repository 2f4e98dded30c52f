/** The Web API of one workspace, and what its failures mean. */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebClient, LogLevel } from '@slack/web-api'
import type { SlackInstall } from '../db/schema/slack.ts'
import type { Deps } from '../engine/context.ts'

/** The place a bot token is sealed for. */
export const tokenPlace = (teamId: string): string => `slack_installs ${teamId}`

export type Installed = Pick<SlackInstall, 'teamId' | 'botToken'>

/**
 * A client with the workspace's token. `patient` retries by itself (answers to people); without it every failure comes
 * back at once, because the outbox has its own clock.
 */
export function clientFor(deps: Pick<Deps, 'secrets' | 'slack'>, install: Installed, patient = true): WebClient {
  const token = deps.secrets.open(install.botToken, tokenPlace(install.teamId))
  return new WebClient(token, clientOptions(deps, patient))
}

/** Options of every Web API client: our address, quiet logs, short time-outs, few retries. */
export function clientOptions(deps: Pick<Deps, 'slack'>, patient = true) {
  return {
    ...(deps.slack?.apiUrl ? { slackApiUrl: deps.slack.apiUrl } : {}),
    logLevel: LogLevel.ERROR,
    timeout: 10_000,
    retryConfig: { retries: patient ? 2 : 0, minTimeout: 200, maxTimeout: 1000 },
    rejectRateLimitedCalls: !patient,
  }
}

/**
 * wait: later, after so many seconds · blocks: the text still goes · gone: this conversation takes nothing any more ·
 * revoked: the workspace does not know us any more · again: an outage, try later · refused: trying again will not help.
 */
export type SlackFailure =
  | { kind: 'wait'; seconds: number }
  | { kind: 'blocks' | 'gone' | 'revoked' | 'again' | 'refused'; error: string }

const meaning: Record<string, 'blocks' | 'gone' | 'revoked' | 'again'> = {
  ...sameFor(
    'blocks',
    'invalid_blocks',
    'invalid_blocks_format',
    'msg_blocks_too_long',
    'invalid_attachments',
    'msg_too_long',
    'slack_file_not_found',
  ),
  ...sameFor(
    'gone',
    'channel_not_found',
    'is_archived',
    'not_in_channel',
    'user_not_found',
    'user_disabled',
    'cannot_dm_bot',
    'restricted_action',
    'message_not_found',
    'cant_update_message',
    'messages_tab_disabled',
  ),
  ...sameFor(
    'revoked',
    'token_revoked',
    'account_inactive',
    'invalid_auth',
    'token_expired',
    'not_authed',
    'org_login_required',
    'team_access_not_granted',
  ),
  ...sameFor(
    'again',
    'internal_error',
    'fatal_error',
    'service_unavailable',
    'request_timeout',
    'team_added_to_org',
    'ratelimited',
  ),
}

function sameFor<K>(kind: K, ...errors: string[]): Record<string, K> {
  return Object.fromEntries(errors.map((error) => [error, kind]))
}

/** What a failed Web API call means; null when the error is not Slack's (a defect of ours). */
export function slackFailure(error: unknown): SlackFailure | null {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'wait', seconds: Math.max(1, error.retryAfter) }
  if (error instanceof WebAPIPlatformError) {
    const name = error.data.error
    return { kind: meaning[name] ?? 'refused', error: name }
  }
  if (error instanceof WebAPIHTTPError) return { kind: 'again', error: `http ${error.statusCode}` }
  const code = (error as { code?: unknown } | null)?.code
  return code === 'slack_webapi_request_error' ? { kind: 'again', error: 'unreachable' } : null
}
