import { z } from 'zod'
import { listPools } from '../../db/queries/pools.ts'
import { assignResources } from '../../engine/assignment/assign.ts'
import { invalid } from '../../engine/errors.ts'
import { readResource } from '../../engine/resources/resource.ts'
import { assignmentReceipt } from '../assigned.ts'
import { section } from '../blocks.ts'
import { personBehind } from '../resources.ts'
import { cut, md } from '../rich.ts'
import { modal, type Choice } from './modal.ts'

/** Who owns a resource, and in which pool its cost lies. */
export default modal({
  name: 'assign',
  title: 'Assign Resource',
  submit: 'Assign',
  fields: z.object({
    owner: z.string().optional().meta({ label: 'Owner', input: 'person' }),
    pool: z.string().optional().meta({ label: 'Pool', input: 'found', placeholder: 'Type a part of its name' }),
  }),
  async load(ctx, { resourceId = '' }) {
    const { title, owner, pool } = await readResource(ctx, resourceId)
    const keep = (what: string) => `Leave it empty to keep ${cut(what, 100)}`
    return {
      blocks: [section(md`*${title}* belongs to ${owner?.name ?? 'nobody'} in ${pool.path}. Its cost moves with it.`)],
      // Filled in it would be sent with a new pool, and undo what somebody else decided meanwhile.
      hints: { owner: keep(owner?.name ?? 'nobody'), pool: keep(pool.path) },
    }
  },
  async find(ctx, text): Promise<Choice[]> {
    const pools = await listPools(ctx.db, ctx.orgId)
    const fitting = pools.filter(({ path }) => path.toLowerCase().includes(text.toLowerCase()))
    return fitting.slice(0, 50).map(({ id, path }) => ({ label: path, value: id }))
  },
  async run(ctx, { facts, values }) {
    const resourceId = facts['resourceId'] ?? ''
    if (!values.owner && !values.pool) throw invalid('Pick an owner or a pool.', { field: 'owner' })
    await assignResources(ctx, {
      resourceIds: [resourceId],
      ...(values.owner ? { ownerId: personBehind(ctx, values.owner) } : {}),
      ...(values.pool ? { poolId: values.pool } : {}),
    })
    return assignmentReceipt(ctx, resourceId)
  },
})
