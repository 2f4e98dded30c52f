import { letGo } from '../../engine/constraints/ttl.ts'
import { readResource } from '../../engine/resources/resource.ts'
import { constraintReceipt } from '../resources.ts'
import { md, moment } from '../rich.ts'
import { action } from './action.ts'

/** Says that a resource may go at its end. Nothing is deleted; nobody is reminded again. */
export default action({
  verb: 'let-go',
  on: 'resource',
  effect: 'reversible',
  anyRevision: true,
  async run(ctx, { id }) {
    const change = await letGo(ctx, { resourceId: id })
    const { title } = await readResource(ctx, id)
    const when = change.after.endsAt ? md` after ${moment(change.after.endsAt)}` : md``
    return constraintReceipt(change, md`${title} may go${when}. Delete it in the cloud then; this bot deletes nothing.`)
  },
})
