/** The receipt of an assignment. */
import { can } from '../engine/access.ts'
import { readResource } from '../engine/resources/resource.ts'
import type { OrgContext } from './context.ts'
import { frameOf } from './messages/message.ts'
import { done, type Done } from './reply.ts'
import { md } from './rich.ts'

/** Whose a resource is now and in which pool; undone by `assign-to`. Who may make rules there is offered one for resources like it. */
export async function assignmentReceipt(ctx: OrgContext, resourceId: string): Promise<Done> {
  const { title, owner, pool } = await readResource(ctx, resourceId)
  const whose = owner ? md`belongs to ${frameOf(ctx).mention(owner)}` : md`belongs to nobody`
  const mayRule = await can(ctx, 'manage_rules', { poolId: pool.id })
  return done(md`${title} ${whose} in ${pool.path} now; its cost moved along.`, {
    subject: { kind: 'resource', id: resourceId },
    undo: { verb: 'assign-to', kept: {} },
    ...(mayRule ? { next: { label: 'Make a Rule', verb: 'make-rule', id: resourceId } } : {}),
  })
}
