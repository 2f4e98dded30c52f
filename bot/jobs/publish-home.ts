import { listInstalls } from '../../db/queries/slack-installs.ts'
import { listSlackUsers } from '../../db/queries/slack-links.ts'
import { handler } from '../../engine/worker.ts'
import { publishHome } from '../home/home.ts'

/** A person's home shows what changed, in every workspace they are known in. */
export default handler('publish-home', async ({ orgId, personId }, { deps }) => {
  const [users, installs] = await Promise.all([
    listSlackUsers(deps.db, { orgId, personIds: [personId] }),
    listInstalls(deps.db, orgId),
  ])
  for (const { teamId, slackUserId } of users) {
    const install = installs.find((one) => one.teamId === teamId)
    if (install) await publishHome(deps, { install, slackUserId, looking: false })
  }
})
