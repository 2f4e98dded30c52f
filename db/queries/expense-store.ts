/**
 * Expense facts behind four functions, so that another store can take their place. Facts are replaced per scope (an
 * account's billing period), never patched; the rollups of the touched days and months are made anew in the same
 * transaction; what lies there must add up to what the file adds up to.
 */
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { lockSpend } from './expenses.ts'
import { listSpend } from './spend.ts'
import { byHash, copyInto, type ScopeText } from './staging.ts'
import { deleteUsage, replaceUsage } from './usage.ts'

/** `period` is the first day of the billing period's month. */
export type Scope = { orgId: string; accountId: string; period: string }

/** What a period adds up to by its file, and where it comes from. Amounts are exact decimals. */
export type ScopeTotal = {
  firstDay: string
  lastDay: string
  lines: number
  billed: string
  effective: string
  assembly: string
  importId: string
  importedAt: Date
}

/** Daily charges and what was used. */
export type ScopeBill = { total: ScopeTotal; rows: ScopeText; usage: ScopeText }

export type ControlTotal = { billed: string; effective: string; rows: number }

export type ExpenseStore = {
  replaceScope: (db: Db, scope: Scope, bill: ScopeBill) => Promise<void>
  dropScope: (db: Db, scope: Scope) => Promise<void>
  controlTotal: (db: Db, scope: Scope) => Promise<ControlTotal>
  /** Answers by group and bucket, from rollups wherever they suffice. */
  query: typeof listSpend
}

/** What a file said and what lies in the store differ: a defect, and the transaction must not commit. */
export class ControlTotalError extends Error {
  constructor({ period }: Scope, stored: ControlTotal, total: ScopeTotal) {
    const both = (sums: { billed: string; effective: string }) => `billed ${sums.billed}, effective ${sums.effective}`
    super(`The bill of ${period} adds up to ${both(total)}, but ${both(stored)} would be stored. Nothing was stored.`)
    this.name = 'ControlTotalError'
  }
}

/** Puts a billing period in place of what was there. Call it in a transaction. Throws `ControlTotalError` when the sums differ in any digit. */
async function replaceScope(db: Db, scope: Scope, { total, rows, usage }: ScopeBill): Promise<void> {
  const { orgId, accountId, period } = scope
  await lockSpend(db, sql`select ${accountId}::uuid as account_id`)
  const before = await removeFacts(db, scope)
  await copyInto(db, 'expenses', { common: { org_id: orgId, account_id: accountId, period }, rows })
  const stored = await touchStored(db, scope)
  const [same] = await db.execute<{ same: boolean }>(sql`
    select ${stored.billed}::numeric = ${total.billed}::numeric
      and ${stored.effective}::numeric = ${total.effective}::numeric as same`)
  if (!same!.same) throw new ControlTotalError(scope, stored, total)
  await settle(db, scope, { first: earlier(before?.first, total.firstDay), last: later(before?.last, total.lastDay) })
  await replaceUsage(db, scope, usage)
  const { firstDay, lastDay, lines, billed, effective, assembly, importId } = total
  const importedAt = total.importedAt.toISOString()
  await db.execute(sql`
    insert into bill_scopes (org_id, account_id, period, assembly, import_id, first_day, last_day, lines, billed,
      effective, imported_at)
    values (${orgId}, ${accountId}, ${period}, ${assembly}, ${importId}, ${firstDay}, ${lastDay}, ${lines}, ${billed},
      ${effective}, ${importedAt})
    on conflict (account_id, period) do update set assembly = excluded.assembly, import_id = excluded.import_id,
      first_day = excluded.first_day, last_day = excluded.last_day, lines = excluded.lines, billed = excluded.billed,
      effective = excluded.effective, imported_at = excluded.imported_at`)
}

const earlier = (one: string | undefined, two: string) => (one && one < two ? one : two)
const later = (one: string | undefined, two: string) => (one && one > two ? one : two)

/** Takes a billing period away: facts, usage, rollups and what resources cost. */
async function dropScope(db: Db, scope: Scope): Promise<void> {
  await lockSpend(db, sql`select ${scope.accountId}::uuid as account_id`)
  const days = await removeFacts(db, scope)
  if (days) await settle(db, scope, days)
  await deleteUsage(db, scope)
  await db.execute(sql`delete from bill_scopes where account_id = ${scope.accountId} and period = ${scope.period}`)
}

/** What is stored of a billing period, added up from the facts. */
async function controlTotal(db: Db, { orgId, accountId, period }: Scope): Promise<ControlTotal> {
  const [row] = await db.execute<ControlTotal>(sql`
    select coalesce(trim_scale(sum(billed)), 0)::text as billed, coalesce(trim_scale(sum(effective)), 0)::text as effective,
      count(*)::int as rows
    from expenses where org_id = ${orgId} and account_id = ${accountId} and period = ${period}`)
  return row!
}

/** Removes the facts of a scope and notes in `touched_resources` what each resource loses. Null: there were none. */
async function removeFacts(db: Db, { accountId, period }: Scope): Promise<{ first: string; last: string } | null> {
  await db.execute(sql`drop table if exists touched_resources`)
  await db.execute(sql`
    create temp table touched_resources (resource_id uuid, change numeric, last_day date, last_cost numeric) on commit drop`)
  await db.execute(sql`
    insert into touched_resources (resource_id, change)
    select resource_id, -sum(effective) from expenses
    where account_id = ${accountId} and period = ${period} group by resource_id`)
  const [days] = await db.execute<{ first: string | null; last: string | null }>(sql`
    with gone as (delete from expenses where account_id = ${accountId} and period = ${period} returning day)
    select min(day)::text as first, max(day)::text as last from gone`)
  return days?.first ? { first: days.first, last: days.last! } : null
}

/** Notes in `touched_resources` what each resource costs in a scope that was just filled. Returns what all of them cost. */
async function touchStored(db: Db, { accountId, period }: Scope): Promise<ControlTotal> {
  const ofScope = sql`e.account_id = ${accountId} and e.period = ${period}`
  await db.execute(sql`drop table if exists stored_resources`)
  await byHash(
    db,
    sql`create temp table stored_resources on commit drop as
    select e.resource_id, sum(e.effective) as effective, sum(e.billed) as billed, count(*) as rows, max(e.day) as newest
    from expenses e where ${ofScope} group by e.resource_id`,
  )
  await byHash(
    db,
    sql`
    insert into touched_resources (resource_id, change, last_day, last_cost)
    select s.resource_id, s.effective, s.newest, sum(e.effective)
    from stored_resources s join expenses e on e.resource_id = s.resource_id and e.day = s.newest
    where ${ofScope} group by s.resource_id, s.effective, s.newest`,
  )
  const [row] = await db.execute<ControlTotal>(sql`
    select coalesce(trim_scale(sum(billed)), 0)::text as billed, coalesce(trim_scale(sum(effective)), 0)::text as effective,
      coalesce(sum(rows), 0)::int as rows
    from stored_resources`)
  return row!
}

/** After facts changed: the rollups of these days and their months, and what the touched resources cost. */
async function settle(db: Db, scope: Scope, days: { first: string; last: string }): Promise<void> {
  await rollUp(db, scope, days)
  await settleResources(db)
}

/** Makes the rollups of these days of an account and of their months anew from the facts; call it in the transaction that changed them. */
export async function rollUp(
  db: Db,
  { orgId, accountId }: Omit<Scope, 'period'>,
  days: { first: string; last: string },
): Promise<void> {
  const range = sql`between ${days.first} and ${days.last}`
  const keys = sql`pool_id, owner_id, sub_account, service, region, category`
  const months = sql`between date_trunc('month', ${days.first}::date) and ${days.last}::date`
  const sums = sql`trim_scale(sum(billed)), trim_scale(sum(effective)), trim_scale(sum(list)), sum(lines)`
  await db.execute(sql`delete from spend_days where account_id = ${accountId} and day ${range}`)
  await byHash(
    db,
    sql`
    insert into spend_days (org_id, account_id, day, ${keys}, billed, effective, list, lines)
    select ${orgId}, ${accountId}, e.day, ${keys}, ${sums}
    from expenses e join (
      select id, pool_id, owner_id from resources where account_id in (
        select ${accountId}::uuid union select a.id from accounts a where a.payer_ids @> array[${accountId}::uuid])
    ) r on r.id = e.resource_id
    where e.account_id = ${accountId} and e.day ${range} group by e.day, ${keys}`,
  )
  await db.execute(sql`delete from spend_months where account_id = ${accountId} and month ${months}`)
  await db.execute(sql`
    insert into spend_months (org_id, account_id, month, ${keys}, billed, effective, list, lines)
    select ${orgId}, ${accountId}, date_trunc('month', day)::date, ${keys}, ${sums} from spend_days
    where account_id = ${accountId} and date_trunc('month', day) ${months} group by date_trunc('month', day), ${keys}`)
}

/** `last_expense_…` follows the newest day; where that day may have gone, it is looked up again. */
async function settleResources(db: Db): Promise<void> {
  await db.execute(sql`analyze touched_resources`)
  await db.execute(sql`
    with touched as (
      select resource_id, sum(change) as change, max(last_day) as last_day, max(last_cost) as last_cost
      from touched_resources group by resource_id
    ), newest as (
      select t.resource_id, t.change,
        case when r.last_expense_day is null or t.last_day >= r.last_expense_day then t.last_day else old.day end as day,
        case when r.last_expense_day is null or t.last_day >= r.last_expense_day then t.last_cost else old.cost end as cost
      from touched t join resources r on r.id = t.resource_id
      left join lateral (
        select e.day, sum(e.effective) as cost from expenses e
        where e.resource_id = t.resource_id and t.last_day is distinct from greatest(t.last_day, r.last_expense_day)
        group by e.day order by e.day desc limit 1
      ) old on true
    )
    update resources r set total_cost = trim_scale(r.total_cost + n.change), last_expense_day = n.day,
      last_expense_cost = trim_scale(n.cost)
    from newest n where n.resource_id = r.id and (n.change <> 0 or r.last_expense_day is distinct from n.day
      or r.last_expense_cost is distinct from n.cost)`)
}

/** Facts in monthly partitions of PostgreSQL, rollups beside them. */
export const expenseStore: ExpenseStore = { replaceScope, dropScope, controlTotal, query: listSpend }
