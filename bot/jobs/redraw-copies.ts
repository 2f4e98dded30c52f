import { jobActor } from '../../engine/context.ts'
import { handler } from '../../engine/worker.ts'
import { orgContext } from '../context.ts'
import { redraw } from '../copies.ts'
import { queueHomes } from '../home/home.ts'

/** Something changed, by whichever door: every posted copy shows it, and so does every home tab somebody looks at. */
export default handler('redraw-copies', async ({ orgId, kind, id }, { deps }) => {
  const ctx = await orgContext(deps, orgId, jobActor('redraw-copies'))
  await queueHomes(ctx, { kind, id })
  await redraw(ctx, { kind, id })
})
