import { requestIt } from '../hand-over.ts'
import { action } from './action.ts'

/** The clean-up script and list of a recommendation's open findings, as files; a big one is approved first. */
export default action({
  verb: 'get-script',
  on: 'recommendation',
  effect: 'none',
  run: (ctx, { id }) => requestIt(ctx, { recommendation: id }),
})
