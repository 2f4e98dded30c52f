/** The pool an account's resources fall into when no other rule speaks, and the rule that says so. */
import { insertRule, lockRules, setRuleOrder } from '../../db/queries/assignments.ts'
import { getRootPool, listPools } from '../../db/queries/pools.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Pool } from '../../db/schema/pools.ts'
import type { Context } from '../context.ts'
import { createPool } from '../pools/pool.ts'

/** Makes a pool of the account's name below the root; a number is added when the name is taken. */
export async function poolFor(ctx: Context, name: string): Promise<Pool> {
  const root = await getRootPool(ctx.db, ctx.orgId)
  const siblings = (await listPools(ctx.db, ctx.orgId)).filter((pool) => pool.parentId === root.id)
  return createPool(ctx, {
    parentId: root.id,
    name: freeName(
      name,
      siblings.map((pool) => pool.name),
    ),
  })
}

/** Makes the last rule: "account is it → its pool". */
export async function ruleFor(ctx: Context, { account, pool }: { account: Account; pool: Pool }): Promise<void> {
  await lockRules(ctx.db, ctx.orgId)
  await insertRule(ctx.db, {
    orgId: ctx.orgId,
    name: `Rule for ${account.name} ${account.id.slice(0, 8)}`,
    priority: 1_000_000,
    poolId: pool.id,
    ownerId: pool.defaultOwnerId,
    conditions: [{ kind: 'source-is', value: account.id }],
    createdBy: ctx.actor.personId,
  })
  await setRuleOrder(ctx.db, { orgId: ctx.orgId })
}

/** The name, or with the first number behind it that nobody has: "Prod", "Prod 1", "Prod 2" … */
export function freeName(name: string, taken: string[]): string {
  const used = new Set(taken.map((each) => each.toLowerCase()))
  let free = name
  for (let n = 1; used.has(free.toLowerCase()); n += 1) free = `${name} ${n}`
  return free
}
