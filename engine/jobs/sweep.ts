import { sweepImports } from '../ingest/spool.ts'
import { handler } from '../worker.ts'

/** Clears away what nobody needs any more. */
export default handler('sweep', async (_, { deps }) => {
  await sweepImports(deps)
})
