import { scriptsFor } from '../clean-up.ts'
import { action } from './action.ts'

/** The clean-up script and list of a recommendation's open findings, as files. */
export default action({
  verb: 'get-script',
  on: 'recommendation',
  effect: 'none',
  run: (ctx, { id }) => scriptsFor(ctx, [{ recommendation: id }]),
})
