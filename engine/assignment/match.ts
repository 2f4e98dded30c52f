import { sql, type SQL } from 'drizzle-orm'
import { setAssignments, setStaleRulesOff, listRules, type Assigned } from '../../db/queries/assignments.ts'
import { lockSpend } from '../../db/queries/expenses.ts'
import { countResourcesIn } from '../../db/queries/pools.ts'
import { listNearestManagers } from '../../db/queries/pool-alerts.ts'
import type { ConditionRow, Rule } from '../../db/schema/assignments.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { record } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import type { ResourceColumns } from './condition.ts'
import { conditions } from './conditions/catalog.ts'

const kinds = new Map(conditions.map((condition) => [condition.kind, condition]))
const columns: ResourceColumns = {
  name: sql`r.name`,
  cloudResourceId: sql`r.cloud_resource_id`,
  type: sql`r.type`,
  region: sql`r.region`,
  accountId: sql`r.account_id`,
  tags: sql`r.tags`,
}

/**
 * Assigns all resources of `scope` (a condition on `resources r`) by the active rules in one statement: the first rule
 * whose conditions all hold decides pool and owner; without one the account's pool and its default owner do. Spend moves
 * along. Runs in the caller's transaction. Returns how many resources changed, per rule.
 */
export async function assignBySql(ctx: Context, scope: SQL): Promise<Assigned[]> {
  const { orgId } = ctx
  const inScope = sql`r.org_id = ${orgId} and ${scope}`
  const accounts = sql`select distinct r.account_id from resources r where ${inScope}`
  // Before any rule is touched: an import holds this lock when it comes here, and nobody may wait in a circle.
  await lockSpend(ctx.db, accounts)
  await switchOffStale(ctx)
  const rules = await listRules(ctx.db, { orgId, active: true })
  const changed = await setAssignments(ctx.db, {
    orgId,
    scope: accounts,
    places: sql`
      select r.id as resource_id, coalesce(rule.pool_id, fallback.id) as pool_id,
        case when rule.id is null then fallback.default_owner_id else coalesce(rule.owner_id, target.default_owner_id) end as owner_id,
        case when rule.id is null then 'account' else 'rule' end as assigned_by, rule.id as rule_id
      from (select r.id, r.account_id, ${firstMatch(rules)} as matched from resources r where ${inScope}) r
      join accounts a on a.id = r.account_id
      join pools root on root.org_id = ${orgId} and root.parent_id is null
      join pools fallback on fallback.id = coalesce(a.pool_id, root.id)
      left join rules rule on rule.id = r.matched
      left join pools target on target.id = rule.pool_id`,
  })
  const applied = new Map(changed.map(({ ruleId, count }) => [ruleId, count]))
  for (const { id, poolId } of rules) {
    const count = applied.get(id)
    if (count) await record(ctx, 'rule.applied', { subject: { kind: 'rule', id }, after: { poolId, resources: count } })
  }
  return changed
}

/**
 * Assigns the resources that ingest or discovery just created, by the rules, with the account's pool as fallback. Call it inside
 * the transaction that created them, before their expenses are stored (spend that is there already moves along, exactly).
 * New are `resourceIds`, or without them those created in this very transaction. What a person assigned is never touched.
 */
export async function assignNewResources(
  ctx: Context,
  { accountIds, resourceIds }: { accountIds: string[]; resourceIds?: string[] },
): Promise<Assigned[]> {
  const isNew = resourceIds
    ? sql`r.id in (select i::uuid from jsonb_array_elements_text(${JSON.stringify(resourceIds)}::jsonb) i)`
    : sql`r.created_at = transaction_timestamp()`
  const within = sql`r.account_id = any(${sql.param(accountIds)}::uuid[])`
  return assignBySql(ctx, sql`${within} and r.assigned_by = 'account' and ${isNew}`)
}

/** How many resources meet all these conditions now, whatever the rules above would do with them. */
export async function countMatching(ctx: Context, rows: ConditionRow[]): Promise<number> {
  await assertCan(ctx, 'see_costs')
  return countResourcesIn(ctx.db, { orgId: ctx.orgId, within: allHold(rows) })
}

/** The id of the first rule that holds for `resources r`, as SQL. */
function firstMatch(rules: Rule[]): SQL {
  if (rules.length === 0) return sql`null::uuid`
  const cases = rules.map((rule) => sql`when ${allHold(rule.conditions)} then ${rule.id}::uuid`)
  return sql`case ${sql.join(cases, sql` `)} end`
}

const allHold = (rows: ConditionRow[]): SQL => sql.join(rows.map(holds), sql` and `)

function holds(row: ConditionRow): SQL {
  const kind = kinds.get(row.kind)
  return kind ? kind.sql(columns, row) : sql`false`
}

/** A rule whose owner lost the right to own in its pool would hand out what nobody may have: it is switched off and its people told. */
async function switchOffStale(ctx: Context): Promise<void> {
  const stale = await setStaleRulesOff(ctx.db, ctx.orgId)
  const managers = await listNearestManagers(ctx.db, { orgId: ctx.orgId, poolIds: stale.map(({ poolId }) => poolId) })
  for (const { id, name, ownerId, poolId, createdBy } of stale) {
    const subject = { kind: 'rule' as const, id }
    await record(ctx, 'rule.switched-off', {
      subject,
      before: { active: true },
      after: { active: false, ownerId, poolId },
    })
    const people = managers.filter((manager) => manager.poolId === poolId).map(({ personId }) => personId)
    await notify(ctx, {
      kind: 'rule-off',
      key: `rule-off ${id} ${ctx.now().toISOString()}`,
      personIds: [...new Set([...people, ...(createdBy ? [createdBy] : [])])],
      subject,
      facts: { ruleId: id, name },
    })
  }
}
