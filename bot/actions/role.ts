import { roles } from '../../db/vocabulary.ts'
import { giveRole, takeRole } from '../../engine/organizations/members.ts'
import { roleNow } from '../people.ts'
import { action } from './action.ts'

/** Only the way back of `role`: the person holds there again what they held before. */
export default action({
  verb: 'role',
  on: 'person',
  effect: 'reversible',
  async undo(ctx, { id, kept }) {
    const poolId = typeof kept['poolId'] === 'string' ? kept['poolId'] : null
    const role = roles.find((known) => known === kept['role'])
    const still = roles.find((known) => known === kept['after']) ?? null
    const { person } = role
      ? await giveRole(ctx, { personId: id, poolId, role, still })
      : await takeRole(ctx, { personId: id, poolId, still })
    return roleNow(ctx, { personId: id, name: person.name, poolId })
  },
})
