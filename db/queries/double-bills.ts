/** Costs that two bills charge: the own bill of an account, and that of the account that pays for it. */
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { Account } from '../schema/cloud-accounts.ts'

/** The days on which both bills charge what the linked account used, and the months they lie in (their first days). */
export type DoubleBill = {
  linkedId: string
  linkedName: string
  origin: Account['billOrigin']
  payerId: string
  payerName: string
  from: string
  to: string
  periods: string[]
}

/**
 * Where the bill of this account and that of another connected one charge the same account for the same days. Two bills
 * that name a third account are none: an account may change who pays for it. Reads the rollup of days.
 */
export async function listDoubleBills(
  db: Db,
  where: { orgId: string; accountId: string; days?: { from: string; to: string } },
): Promise<DoubleBill[]> {
  const { orgId, accountId, days } = where
  const within = days ? sql`and s.day between ${days.from} and ${days.to}` : sql``
  const rows = await db.execute<DoubleBill>(sql`
    with pairs as materialized (
      select l.id as linked_id, l.name as linked, l.bill_origin, l.cloud_account_id as number, p.id as payer_id, p.name as payer
      from accounts l join accounts p on p.org_id = l.org_id and p.cloud = l.cloud and p.id <> l.id and p.deleted_at is null
      where l.org_id = ${orgId} and l.deleted_at is null and l.cloud_account_id <> '' and ${accountId} in (l.id, p.id)
    ), charged as materialized (
      select distinct s.account_id, s.sub_account, s.day from spend_days s
      where s.account_id in (select linked_id from pairs union select payer_id from pairs) ${within}
    ), twice as (
      select distinct pairs.*, theirs.day from pairs
      join charged theirs on theirs.account_id = payer_id and theirs.sub_account = number
      join charged own on own.account_id = linked_id and own.sub_account in ('', number) and own.day = theirs.day
    )
    select linked_id as "linkedId", linked as "linkedName", bill_origin as origin, payer_id as "payerId", payer as "payerName",
      min(day)::text as from, max(day)::text as to,
      array_agg(distinct date_trunc('month', day)::date::text order by date_trunc('month', day)::date::text) as periods
    from twice group by 1, 2, 3, 4, 5 order by linked, payer`)
  return [...rows]
}
