import { sweepImports } from '../ingest/spool.ts'
import { sweepSessions } from '../organizations/sign-in.ts'
import { handler } from '../worker.ts'

/** Clears away what nobody needs any more. */
export default handler('sweep', async (_, { deps }) => {
  await sweepImports(deps)
  await sweepSessions(deps)
})
