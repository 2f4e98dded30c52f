/** Which pools a person belongs to, read off their roles and the tree. Pure. */
import type { Membership } from '../../db/schema/organizations.ts'
import type { PoolFacts } from '../../engine/pools/tree.ts'

/** The pools of these roles without those that lie below another one. A plain member belongs to no pool. */
export function topmost(pools: PoolFacts[], held: Membership[]): PoolFacts[] {
  const ids = held.filter(({ role, poolId }) => poolId !== null || role !== 'member').map(({ poolId }) => poolId)
  if (ids.includes(null)) return pools.filter(({ parentId }) => parentId === null)
  const inside = new Set<string>()
  return pools.filter(({ id, parentId }) => {
    const isBelow = parentId !== null && inside.has(parentId)
    if (isBelow || ids.includes(id)) inside.add(id)
    return ids.includes(id) && !isBelow
  })
}

/** These pools and everything below; parents come before their children. */
export function under(pools: PoolFacts[], tops: PoolFacts[]): PoolFacts[] {
  const inside = new Set(tops.map(({ id }) => id))
  return pools.filter(({ id, parentId }) => {
    if (parentId !== null && inside.has(parentId)) inside.add(id)
    return inside.has(id)
  })
}
