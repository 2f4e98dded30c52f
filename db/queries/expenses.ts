import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'

/**
 * Everything that changes the rollups of an account holds this lock until its transaction ends: an import that rebuilds
 * them and a move that shifts them never see half of each other. Several accounts are locked in the order of their ids,
 * with those that pay for them, in whose rollups their resources' costs are.
 */
export async function lockSpend(db: Db, accountIds: SQL): Promise<void> {
  await db.execute(sql`
    select pg_advisory_xact_lock(hashtextextended('spend ' || account_id::text, 0))
    from (
      with asked as materialized (${accountIds})
      select account_id from asked
      union select unnest(a.payer_ids) from accounts a join asked on a.id = asked.account_id
      order by account_id
    ) as accounts`)
}

/** The same for the accounts of some resources. */
export const lockSpendOf = (db: Db, { orgId, resourceIds }: { orgId: string; resourceIds: string[] }): Promise<void> =>
  lockSpend(
    db,
    sql`select account_id from resources where org_id = ${orgId} and id = any(${sql.param(resourceIds)}::uuid[])`,
  )

/** Where a resource goes: its pool and owner to be. */
export type Move = { resourceId: string; poolId: string; ownerId: string | null }

/** A list of moves as the relation `moveSpend` wants. */
export const movesOf = (moves: Move[]): SQL => sql`
  select "resourceId" as resource_id, "poolId" as pool_id, "ownerId" as owner_id
  from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as move("resourceId" uuid, "poolId" uuid, "ownerId" uuid)`

/**
 * Shifts the spend of resources from their pool and owner of now to those of `moves`, in both rollups, as exact
 * differences. Call it in the transaction that assigns, BEFORE the resources' own rows change: the old place is read
 * from them. `moves` is a list, or a query with the columns resource_id, pool_id, owner_id. Resources that stay where
 * they are cost nothing; a rollup row that has no line left is removed.
 */
export async function moveSpend(db: Db, where: { orgId: string; moves: Move[] | SQL }): Promise<void> {
  const moves = Array.isArray(where.moves) ? movesOf(where.moves) : where.moves
  await lockSpend(
    db,
    sql`select account_id from resources where org_id = ${where.orgId} and id in (select resource_id from (${moves}) as m)`,
  )
  await db.execute(sql`drop table if exists moving`)
  await db.execute(sql`
    create temp table moving on commit drop as
    select r.id as resource_id, r.pool_id as from_pool, r.owner_id as from_owner,
      move.pool_id as to_pool, move.owner_id as to_owner
    from (${moves}) as move join resources r on r.id = move.resource_id and r.org_id = ${where.orgId}
    where (r.pool_id, r.owner_id) is distinct from (move.pool_id, move.owner_id)`)
  await db.execute(sql`
    create temp table shifts on commit drop as
    select e.org_id, e.day, e.account_id, side.pool_id, side.owner_id, e.sub_account, e.service, e.region, e.category,
      sum(side.sign * e.billed) as billed, sum(side.sign * e.effective) as effective,
      sum(side.sign * e.list) as list, sum(side.sign * e.lines)::int as lines
    from moving m
    join expenses e on e.resource_id = m.resource_id
    cross join lateral (values (m.from_pool, m.from_owner, -1), (m.to_pool, m.to_owner, 1)) as side(pool_id, owner_id, sign)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9`)
  await shift(db, { table: sql`spend_days`, span: sql`day`, from: sql`day` })
  await shift(db, { table: sql`spend_months`, span: sql`month`, from: sql`date_trunc('month', day)::date` })
  await db.execute(sql`drop table shifts`)
  await db.execute(sql`drop table moving`)
}

const keys = sql`account_id, pool_id, owner_id, sub_account, service, region, category`

async function shift(db: Db, { table, span, from }: Record<'table' | 'span' | 'from', SQL>): Promise<void> {
  await db.execute(sql`
    insert into ${table} as kept (org_id, ${span}, ${keys}, billed, effective, list, lines)
    select org_id, ${from}, ${keys}, sum(billed), sum(effective), sum(list), sum(lines) from shifts
    group by org_id, ${from}, ${keys}
    on conflict (org_id, ${span}, ${keys}) do update set billed = trim_scale(kept.billed + excluded.billed),
      effective = trim_scale(kept.effective + excluded.effective), list = trim_scale(kept.list + excluded.list),
      lines = kept.lines + excluded.lines`)
  await db.execute(sql`
    delete from ${table} as kept using (select distinct org_id, ${from} as span, ${keys} from shifts) as touched
    where kept.lines = 0 and kept.org_id = touched.org_id and kept.${span} = touched.span
      and kept.account_id = touched.account_id`)
}
