import { getOrganization, listManagers } from '../../db/queries/organizations.ts'
import { findInstall } from '../../db/queries/slack-installs.ts'
import { findLinkedPerson } from '../../db/queries/slack-links.ts'
import { assertCan } from '../../engine/access.ts'
import { conflict, notFound } from '../../engine/errors.ts'
import { dayOf } from '../../engine/time.ts'
import joinDeclined from '../messages/join-declined.ts'
import { putInLane } from '../outbox.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** A manager says no; nothing was shown, so nothing has to be taken back. Whoever asked hears it, and who can help. */
export default action({
  verb: 'decline-join',
  on: 'person',
  effect: 'irreversible',
  async run(ctx, { id }) {
    await assertCan(ctx, 'manage_organization')
    const [teamId = '', slackUserId = ''] = id.split(':')
    if ((await findInstall(ctx.db, teamId))?.orgId !== ctx.orgId)
      throw notFound('This workspace is not connected any more. Nothing is shown to them.')
    const linked = await findLinkedPerson(ctx.db, { teamId, slackUserId })
    if (linked)
      throw conflict(`${linked.name} is in already. Nothing was changed.`, {
        next: 'On the People page you can remove them.',
      })
    const { name } = await getOrganization(ctx.db, ctx.orgId)
    const managers = await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })
    await putInLane(
      ctx,
      { teamId, lane: slackUserId },
      {
        key: `declined ${id} ${dayOf(ctx.now())}`,
        message: joinDeclined.name,
        facts: { organization: name, managers },
        subjectKind: null,
        subjectId: null,
      },
    )
    return done('Declined. Nothing is shown to them, and they are told.', { subject: { kind: 'person', id } })
  },
})
