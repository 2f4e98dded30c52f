/**
 * Who a Slack user is. Nobody is trusted by e-mail alone: an unknown person asks to join, a manager lets them in with one
 * click, and the command they typed first is answered right after.
 */
import type { WebClient } from '@slack/web-api'
import { findPersonByEmail, getOrganization, listManagers, type Member } from '../db/queries/organizations.ts'
import { findQuestion, insertQuestion } from '../db/queries/slack-questions.ts'
import type { SlackInstall } from '../db/schema/slack.ts'
import { contextFor, jobActor, within, type Context, type Deps } from '../engine/context.ts'
import { askToJoin, noStandsMs } from '../engine/organizations/join-requests.ts'
import { isZone } from '../engine/time.ts'
import { paragraph, type Body } from './blocks.ts'
import type { Place } from './context.ts'
import { questionId } from './errors.ts'
import { draw, frameOf } from './messages/message.ts'
import welcome from './messages/welcome.ts'
import { memberOf } from './people.ts'
import { md, moment } from './rich.ts'
import { listed } from './words.ts'

/** What an unknown Slack user reads. Their command is kept; the button carries it along. */
export async function unlinkedBody(deps: Deps, install: SlackInstall, line: string): Promise<Body> {
  const { name, currency } = await getOrganization(deps.db, install.orgId)
  const kept = line.trim() ? { id: questionId(), line: line.trim().slice(0, 500) } : null
  if (kept) await insertQuestion(deps.db, { id: kept.id, orgId: install.orgId, canonical: kept.line, at: deps.now() })
  const facts = { organization: name, kept: kept?.line ?? null, question: kept?.id ?? null, state: 'unknown' as const }
  return draw(welcome, facts, { frame: frameOf({ publicUrl: deps.publicUrl, currency }) })
}

/** What somebody reads who is known here but may see nothing yet. */
export async function withoutRoleBody({ db, orgId }: Pick<Context, 'db' | 'orgId'>): Promise<Body> {
  const managers = (await listManagers(db, { orgId, poolId: null })).map(({ name }) => name)
  return paragraph(`You have no role yet, so there is nothing to show. Ask ${listed(managers) || 'a manager'} for one.`)
}

export type SlackProfile = { name: string; email: string | null; zone: string | null }

/** What Slack knows about a user. */
export async function profileOf(client: WebClient, slackUserId: string): Promise<SlackProfile> {
  const { user } = await client.users.info({ user: slackUserId })
  const zone = user?.tz
  return {
    name: user?.real_name || user?.profile?.real_name || user?.name || 'Somebody',
    email: user?.profile?.email ?? null,
    zone: zone && isZone(zone) ? zone : null,
  }
}

/** Somebody who is here already under this e-mail, with their roles; whether it is the same person, a manager says. */
export async function matchOf(
  { db, orgId }: Pick<Context, 'db' | 'orgId'>,
  email: string | null,
): Promise<Member | null> {
  const found = email ? await findPersonByEmail(db, { orgId, email }) : null
  return found ? memberOf({ db, orgId }, found.id) : null
}

/** Asks the managers to let somebody in, and says what comes of it. */
export async function join(
  deps: Deps,
  {
    install,
    place,
    client,
    question,
  }: { install: SlackInstall; place: Place; client: WebClient; question: string | null },
): Promise<Body> {
  const { orgId } = install
  const { teamId, slackUserId } = place
  const ctx = within(contextFor(deps, orgId, jobActor('ask-to-join')))
  const profile = await profileOf(client, slackUserId)
  const kept = question && (await findQuestion(ctx.db, { orgId, id: question })) ? question : null
  const request = await askToJoin(ctx, { teamId, slackUserId, ...profile, questionId: kept })
  const managers = listed((await listManagers(ctx.db, { orgId, poolId: null })).map(({ name }) => name))
  if (!request.decidedAt)
    return paragraph(`I asked ${managers || 'the managers'} to let you in. I write to you here as soon as you are in.`)
  const again = new Date(request.decidedAt.getTime() + noStandsMs)
  return paragraph(
    md`You are not let in for now, so I asked nobody again. You can ask again from ${moment(again)}; ${managers || 'a manager'} can let you in at any time.`,
  )
}
