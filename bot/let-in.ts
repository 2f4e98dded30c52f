/** Letting a Slack user in by a command: who they are to Slack, whether they are here already, and with which role. */
import { findInstall } from '../db/queries/slack-installs.ts'
import type { Role } from '../db/vocabulary.ts'
import { notFound } from '../engine/errors.ts'
import { sayOneRole, sayRoles } from '../engine/organizations/role-words.ts'
import { linkSlackUser } from '../engine/organizations/slack-link.ts'
import type { BotContext } from './context.ts'
import { matchOf, profileOf } from './link.ts'
import { memberOf } from './people.ts'
import { ask, done, type Reply } from './reply.ts'
import { clientFor } from './slack.ts'

/** Asks first, because a manager may do everything from then on and it cannot be undone (IC-8). */
export async function letIn(
  ctx: BotContext,
  user: string,
  { role, sure }: { role: Role | undefined; sure: 'yes' | 'same' | undefined },
): Promise<Reply> {
  const install = await findInstall(ctx.db, ctx.place.teamId)
  if (install?.orgId !== ctx.orgId) throw notFound('This workspace is not connected any more. Nobody was let in.')
  const { name, email, zone } = await profileOf(clientFor(ctx, install), user)
  const match = await matchOf(ctx, email)
  const as = role ? ` as ${sayOneRole({ role, pool: null })}` : ''
  if (match && sure !== 'same')
    return ask(
      `${name} has the e-mail of ${match.name} (${sayRoles(match.roles)}), who is here already. Let them in as the same person${as}?`,
      [{ label: 'Let In', command: ['link', `<@${user}>`, role && `as ${role}`, 'same'].filter(Boolean).join(' ') }],
    )
  if (!match && sure !== 'yes') {
    const wanted = role ?? 'member'
    return ask(`Let ${name} in as ${sayOneRole({ role: wanted, pool: null })}?`, [
      { label: 'Let In', command: `link <@${user}> as ${wanted} yes` },
    ])
  }
  const known = match
    ? { id: match.id, ...(role ? { role } : {}), ...(zone ? { zone } : {}) }
    : { name, role: role ?? 'member', ...(email ? { email } : {}), ...(zone ? { zone } : {}) }
  const linked = await linkSlackUser(ctx, { teamId: ctx.place.teamId, slackUserId: user, person: known })
  const member = await memberOf(ctx, linked.id)
  return done(`${linked.name} is in now: ${sayRoles(member?.roles ?? [])}.`, {
    subject: { kind: 'person', id: linked.id },
  })
}
