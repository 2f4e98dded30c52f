import { getOrganization } from '../../db/queries/organizations.ts'
import { roles } from '../../db/vocabulary.ts'
import { letIn } from '../../engine/organizations/join-requests.ts'
import { sayRoles } from '../../engine/organizations/role-words.ts'
import { memberOf } from '../people.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** A manager lets in who asked; `arg` is a role, somebody who is here already, or both: `engineer.<person>`. */
export default action({
  verb: 'let-in',
  on: 'join_request',
  effect: 'irreversible',
  async run(ctx, { id, arg }) {
    const [first = '', second] = arg.split('.')
    const role = roles.find((known) => known === first)
    const personId = second ?? (role ? undefined : first)
    const person = await letIn(ctx, { requestId: id, ...(personId ? { personId } : {}), ...(role ? { role } : {}) })
    const [organization, member] = [await getOrganization(ctx.db, ctx.orgId), await memberOf(ctx, person.id)]
    return done(`${person.name} is in ${organization.name} now: ${sayRoles(member?.roles ?? [])}.`, {
      subject: { kind: 'join_request', id },
    })
  },
})
