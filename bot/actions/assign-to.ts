import { assignResources, undoAssignment } from '../../engine/assignment/assign.ts'
import { assignmentReceipt } from '../assigned.ts'
import { action } from './action.ts'

/** Assigns a resource at once: `me`, or `owner:<person>`, or `pool:<pool>`. */
export default action({
  verb: 'assign-to',
  on: 'resource',
  effect: 'reversible',
  async run(ctx, { id, arg }) {
    const [kind, to] = arg.split(':')
    const place = kind === 'pool' ? { poolId: to ?? '' } : { ownerId: kind === 'me' ? ctx.person.id : (to ?? '') }
    await assignResources(ctx, { resourceIds: [id], ...place })
    return assignmentReceipt(ctx, id)
  },
  async undo(ctx, { id }) {
    await undoAssignment(ctx, { resourceIds: [id] })
    return 'It belongs where it belonged before.'
  },
})
