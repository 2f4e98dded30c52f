/** The workspaces the app is installed in: Bolt asks here who it is in a workspace, the start puts the configured one in. */
import type { Authorize } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import { disableInstall, findInstall, upsertInstall } from '../db/queries/slack-installs.ts'
import type { SlackInstall } from '../db/schema/slack.ts'
import type { Deps } from '../engine/context.ts'
import { clientOptions, tokenPlace } from './slack.ts'

/** Bot tokens by workspace, as they were last read: so that the bot can say that it cannot read anything. */
export type KnownTokens = Map<string, string>

/** Bolt's `authorize`: the opened token and the install itself, or an error for a workspace we do not serve. */
export function authorizer(deps: Deps, known: KnownTokens): Authorize<boolean> {
  return async ({ teamId }) => {
    const install = teamId ? await findInstall(deps.db, teamId) : null
    if (teamId) known.delete(teamId)
    if (!install || install.disabledAt) throw new Error('This workspace has not installed the app.')
    const botToken = deps.secrets.open(install.botToken, tokenPlace(install.teamId))
    known.set(install.teamId, botToken)
    return {
      botToken,
      botUserId: install.botUserId,
      teamId: install.teamId,
      install,
    }
  }
}

/** Puts one workspace in from a bot token: asks Slack who it belongs to, seals the token, keeps the rest. Safe at every start. */
export async function installWorkspace(
  deps: Deps,
  { orgId, botToken }: { orgId: string; botToken: string },
): Promise<SlackInstall> {
  const who = await new WebClient(botToken, clientOptions(deps)).auth.test()
  const teamId = who.team_id!
  await upsertInstall(deps.db, {
    ...{ teamId, orgId, teamName: who.team ?? '', botUserId: who.user_id ?? '' },
    botToken: deps.secrets.seal(botToken, tokenPlace(teamId)),
  })
  return (await findInstall(deps.db, teamId))!
}

/** The workspace removed the app or took the token back: forget the token, keep the audit. True the first time. */
export async function forgetWorkspace(deps: Deps, teamId: string): Promise<boolean> {
  const gone = await disableInstall(deps.db, { teamId, at: deps.now() })
  if (gone) deps.log.warn({ teamId }, 'the workspace removed the app')
  return gone
}
