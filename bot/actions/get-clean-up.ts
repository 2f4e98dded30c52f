import { conflict } from '../../engine/errors.ts'
import { assertFollows, readCleanUp } from '../../engine/clean-ups/verify.ts'
import { handOver } from '../hand-over.ts'
import { action } from './action.ts'

/** The files of a clean-up that was handed over, as they were frozen. */
export default action({
  verb: 'get-clean-up',
  on: 'clean_up',
  effect: 'none',
  async run(ctx, { id }) {
    const cleanUp = await readCleanUp(ctx, { cleanUpId: id })
    await assertFollows(ctx, cleanUp)
    if (cleanUp.state === 'declined' || cleanUp.state === 'expired')
      throw conflict('This clean-up was not approved, so there are no scripts.', { next: 'Review what is left.' })
    return handOver(cleanUp)
  },
})
