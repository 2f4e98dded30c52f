import { getOrganization, listManagers } from '../../db/queries/organizations.ts'
import { declineJoin } from '../../engine/organizations/join-requests.ts'
import joinDeclined from '../messages/join-declined.ts'
import { putInLane } from '../outbox.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** A manager says no. Whoever asked hears it, and who can help. */
export default action({
  verb: 'decline-join',
  on: 'join_request',
  effect: 'irreversible',
  async run(ctx, { id }) {
    const { teamId, slackUserId } = await declineJoin(ctx, { requestId: id })
    const { name } = await getOrganization(ctx.db, ctx.orgId)
    const managers = await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })
    await putInLane(
      ctx,
      { teamId, lane: slackUserId },
      {
        key: `declined ${id}`,
        message: joinDeclined.name,
        facts: { organization: name, managers },
        subjectKind: null,
        subjectId: null,
      },
    )
    return done('Declined. Nothing is shown to them, and they are told.', { subject: { kind: 'join_request', id } })
  },
})
