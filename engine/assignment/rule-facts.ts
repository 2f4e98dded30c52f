import { findRule, listRules, listStaleRules } from '../../db/queries/assignments.ts'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import type { Rule } from '../../db/schema/assignments.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { conditionInWords } from './rules.ts'

/** A rule as people read it. */
export type RuleFacts = Rule & {
  /** Each condition in words; all must hold. */
  says: string[]
  pool: { id: string; path: string }
  /** Null when the pool's default owner gets the resources. */
  owner: { id: string; name: string } | null
  /** Who made it; null when they left or an account brought it. */
  maker: string | null
  /** Why it hands out nothing although somebody wanted it, or null. */
  broken: string | null
}

/** All rules in the order they are checked; those that lead to one pool on request. A fixed number of queries. */
export async function readRules(ctx: Context, where: { poolId?: string } = {}): Promise<RuleFacts[]> {
  await assertCan(ctx, 'see_costs')
  return tell(ctx, await listRules(ctx.db, { orgId: ctx.orgId, ...where }))
}

/** One rule, or NotFound. */
export async function readRule(ctx: Context, ruleId: string): Promise<RuleFacts> {
  await assertCan(ctx, 'see_costs')
  const rule = await findRule(ctx.db, { orgId: ctx.orgId, id: ruleId })
  if (!rule) throw notFound('There is no such rule in this organization.', { next: 'It may have been deleted.' })
  const [facts] = await tell(ctx, [rule])
  return facts!
}

async function tell(ctx: Context, rules: Rule[]): Promise<RuleFacts[]> {
  const { db, orgId } = ctx
  const [pools, people, accounts, stale] = await Promise.all([
    listPools(db, orgId),
    listPeople(db, orgId),
    listAccounts(db, { orgId }),
    listStaleRules(db, orgId),
  ])
  const names = new Map(accounts.map(({ id, name }) => [id, name]))
  const person = (id: string | null) => people.find((one) => one.id === id)
  return rules.map((rule) => {
    const path = pools.find(({ id }) => id === rule.poolId)?.path ?? ''
    const owner = rule.ownerId ? { id: rule.ownerId, name: person(rule.ownerId)?.name ?? 'somebody who left' } : null
    return {
      ...rule,
      says: rule.conditions.map((row) => conditionInWords(row, names)),
      pool: { id: rule.poolId, path },
      owner,
      maker: person(rule.createdBy)?.name ?? null,
      broken: stale.includes(rule.id)
        ? `${owner?.name} has no role in ${path.replaceAll('->', ' › ')}, so the rule hands out nothing.`
        : null,
    }
  })
}
