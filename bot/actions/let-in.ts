import { getOrganization } from '../../db/queries/organizations.ts'
import { findInstall } from '../../db/queries/slack-installs.ts'
import { roles } from '../../db/vocabulary.ts'
import { assertCan } from '../../engine/access.ts'
import { enqueue } from '../../engine/context.ts'
import { invalid, notFound } from '../../engine/errors.ts'
import { sayRoles } from '../../engine/organizations/role-words.ts'
import { linkSlackUser } from '../../engine/organizations/slack-link.ts'
import { profileOf } from '../link.ts'
import { memberOf } from '../people.ts'
import { done } from '../reply.ts'
import { clientFor } from '../slack.ts'
import { action } from './action.ts'

/** A manager lets a Slack user in: as somebody known, or as a new person with a role. Then the kept command is answered. */
export default action({
  verb: 'let-in',
  on: 'person',
  effect: 'irreversible',
  async run(ctx, { id, arg }) {
    // Before Slack is asked: whoever may not let people in does not read their profiles through us.
    await assertCan(ctx, 'manage_organization')
    const [teamId = '', slackUserId = ''] = id.split(':')
    const [who = '', question] = arg.split(':')
    const install = await findInstall(ctx.db, teamId)
    if (install?.orgId !== ctx.orgId) throw notFound('This workspace is not connected any more. Nobody was let in.')
    const { name, email, zone } = await profileOf(clientFor(ctx, install), slackUserId)
    // A role, a person who is here already, or both: `engineer.<person>`.
    const [first = '', second] = who.split('.')
    const role = roles.find((known) => known === first)
    const known = second ?? (role ? null : first)
    if (known !== null && !/^[0-9a-f-]{36}$/.test(known)) throw invalid('This button is broken. Nobody was let in.')
    const person = known
      ? { id: known, ...(role ? { role } : {}) }
      : { name, role: role!, ...(email ? { email } : {}), ...(zone ? { zone } : {}) }
    const linked = await linkSlackUser(ctx, { teamId, slackUserId, person })
    await enqueue(ctx, 'answer-question', { orgId: ctx.orgId, questionId: question ?? '-', teamId, slackUserId })
    const organization = await getOrganization(ctx.db, ctx.orgId)
    return done(
      `${linked.name} is in ${organization.name} now: ${sayRoles((await memberOf(ctx, linked.id))?.roles ?? [])}.`,
      {
        subject: { kind: 'person', id: linked.id },
      },
    )
  },
})
