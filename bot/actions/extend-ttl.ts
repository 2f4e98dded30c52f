import { extendTtl } from '../../engine/constraints/ttl.ts'
import { readResource } from '../../engine/resources/resource.ts'
import { ttlReceipt } from '../resources.ts'
import { action } from './action.ts'

/** Adds days to the TTL of a resource: one click on its alert. An old alert may still do it: more time hurts nobody. */
export default action({
  verb: 'extend-ttl',
  on: 'resource',
  effect: 'reversible',
  anyRevision: true,
  async run(ctx, { id, arg }) {
    const change = await extendTtl(ctx, { resourceId: id, days: Number(arg) })
    return ttlReceipt(ctx, await readResource(ctx, id), change)
  },
})
