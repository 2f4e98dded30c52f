/**
 * Whose a resource is. Costs stay with the account whose bill charges them; a resource lies at the connected account that
 * holds it, which is the one the bill names on its lines (sub-account), else the payer.
 */
import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { setAssignments } from './assignments.ts'
import { mergeResources, resetCosts } from './merge-resources.ts'

/** A connected account inside the bill of another one. */
export type Held = { orgId: string; accountId: string; payerId: string }

/**
 * Connected accounts whose costs are in the bill of another connected account of the same cloud, where what the bill knew
 * of them still lies with the payer. Reads the months of one organization, or of all.
 */
export async function listUngathered(db: Db, where: { orgId?: string; accountId?: string } = {}): Promise<Held[]> {
  const { orgId, accountId } = where
  return db.execute<Held>(sql`
    with charged as materialized (
      select distinct org_id, account_id, sub_account from spend_months
      where sub_account <> '' ${orgId ? sql`and org_id = ${orgId}` : sql``})
    select l.org_id as "orgId", l.id as "accountId", p.id as "payerId"
    from charged c
    join accounts p on p.id = c.account_id and p.deleted_at is null
    join accounts l on l.org_id = p.org_id and l.cloud = p.cloud and l.cloud_account_id = c.sub_account
      and l.id <> p.id and l.deleted_at is null
    where not l.payer_ids @> array[p.id] ${accountId ? sql`and l.id = ${accountId}` : sql``}
    order by l.id, p.id`)
}

/** What was moved: how many, and a condition on `resources r` that finds them until the transaction ends. */
export type Moved = { count: number; scope: SQL }

/**
 * Gives what a payer's bill knew of accounts inside it to these accounts: a resource moves with its id; where discovery had
 * made a twin both become one; of one that several accounts share (a tax, a bill's sum) each gets its part. Costs
 * stay charged to the payer, to the last digit. What a person assigned stays. Call it under `lockSpend` of all of them.
 */
export async function gatherResources(
  db: Db,
  { orgId, payerId, accountIds }: { orgId: string; payerId: string; accountIds: string[] },
): Promise<Moved> {
  await listParts(db, { payerId, accountIds })
  await db.execute(sql`analyze gathering`)
  await meet(db, {
    orgId,
    pairs: sql`select twin_id as moving_id, source_id as still_id from gathering where was_there`,
  })
  for (const table of ['expenses', 'usage'])
    await db.execute(sql`
      update ${sql.identifier(table)} e set resource_id = g.twin_id from gathering g
      where g.shared and e.resource_id = g.source_id and e.account_id = ${payerId} and e.sub_account = g.number`)
  await mergeResources(
    db,
    sql`select twin_id as other_id, source_id as kept_id from gathering where not shared and was_there`,
  )
  const alone = sql`(select source_id, holder_id from gathering where not shared)`
  await db.execute(sql`
    update resources r set account_id = g.holder_id from ${alone} g where r.id = g.source_id`)
  await db.execute(sql`
    update findings f set account_id = g.holder_id from ${alone} g where f.resource_id = g.source_id`)
  await resetCosts(
    db,
    sql`select source_id from gathering where shared or was_there
    union select twin_id from gathering where shared`,
  )
  await dropEmpty(db, sql`select source_id from gathering where shared`)
  const now = sql`case when shared then twin_id else source_id end`
  await setAssignments(db, {
    orgId,
    scope: sql`select account_id from resources where id in (select ${now} from gathering)`,
    places: sql`select ${now} as resource_id, back_pool as pool_id, back_owner as owner_id, 'person' as assigned_by,
      null::uuid as rule_id from gathering where back_pool is not null`,
  })
  await db.execute(sql`
    update accounts set payer_ids = array_append(payer_ids, ${payerId}::uuid)
    where id = any(${sql.param(accountIds)}::uuid[]) and not payer_ids @> array[${payerId}::uuid]`)
  return moved(db, sql`select ${now} as id from gathering where back_pool is null`)
}

/**
 * Makes the temporary table `gathering`: which resource of the payer (`source_id`) goes to which holder, the one the holder has of that
 * name (`twin_id`; made where a resource is shared out), and where a person had put that one (`back_…`).
 */
async function listParts(db: Db, { payerId, accountIds }: { payerId: string; accountIds: string[] }): Promise<void> {
  const ids = sql`${sql.param(accountIds)}::uuid[]`
  await db.execute(sql`drop table if exists gathering, gathered`)
  await db.execute(sql`
    create temp table gathering on commit drop as
    with parts as (
      select e.resource_id, l.id as holder_id, l.cloud_account_id as number
      from expenses e left join accounts l on l.id = any(${ids}) and l.cloud_account_id = e.sub_account
      where e.account_id = ${payerId} group by 1, 2, 3
    ), shared as (select resource_id, count(*) > 1 as shared from parts group by 1)
    select k.id as source_id, p.holder_id, p.number, t.id as twin_id, t.id is not null as was_there,
      s.shared or k.active as shared, case when t.assigned_by = 'person' and (s.shared or k.active
        or k.assigned_by <> 'person') then t.pool_id end as back_pool, t.owner_id as back_owner
    from parts p join shared s using (resource_id)
    join resources k on k.id = p.resource_id and k.account_id = ${payerId}
    left join resources t on t.account_id = p.holder_id and t.cloud_resource_id = k.cloud_resource_id
    where p.holder_id is not null`)
  await db.execute(sql`
    with made as (
      insert into resources (org_id, account_id, cloud_resource_id, name, type, service, region, pool_id, owner_id,
        assigned_by, rule_id, tags, facts, first_seen_at, last_seen_at)
      select k.org_id, g.holder_id, k.cloud_resource_id, k.name, k.type, k.service, k.region, k.pool_id, k.owner_id,
        k.assigned_by, k.rule_id, k.tags, k.facts, k.first_seen_at, k.last_seen_at
      from gathering g join resources k on k.id = g.source_id where g.shared and g.twin_id is null
      returning id, account_id, cloud_resource_id
    )
    update gathering g set twin_id = made.id from made join resources k on k.cloud_resource_id = made.cloud_resource_id
    where g.source_id = k.id and g.holder_id = made.account_id and g.twin_id is null`)
}

/**
 * Gives what an account holds of others' bills back to those who pay, before it is removed: without what the cloud said of
 * it, since nobody reads it any more. Call it under `lockSpend`.
 */
export async function returnResources(
  db: Db,
  { orgId, accountId }: { orgId: string; accountId: string },
): Promise<Moved> {
  await db.execute(sql`drop table if exists returning_home, gathered`)
  await db.execute(sql`
    create temp table returning_home on commit drop as
    select p.id as source_id, p.payer_id, k.id as kept_id
    from (
      select r.id, r.cloud_resource_id, (array_agg(e.account_id order by e.day desc, e.account_id))[1] as payer_id
      from resources r join expenses e on e.resource_id = r.id and e.account_id <> ${accountId}
      where r.account_id = ${accountId} group by r.id
    ) p left join resources k on k.account_id = p.payer_id and k.cloud_resource_id = p.cloud_resource_id`)
  await db.execute(sql`delete from metric_points p using returning_home h where p.resource_id = h.source_id`)
  await db.execute(sql`
    update resources r set active = false, has_metrics = false, attached = null, available = null, stopped_allocated = null
    from returning_home h where r.id = h.source_id`)
  const known = sql`from returning_home where kept_id is not null`
  await meet(db, { orgId, pairs: sql`select source_id as moving_id, kept_id as still_id ${known}` })
  // What lies there already is alive or not by what its own account says.
  await db.execute(sql`
    update resources r set active = k.active from returning_home h join resources k on k.id = h.kept_id
    where r.id = h.source_id`)
  await mergeResources(db, sql`select source_id as other_id, kept_id ${known}`)
  await db.execute(sql`
    update resources r set account_id = h.payer_id from returning_home h where r.id = h.source_id and h.kept_id is null`)
  return moved(db, sql`select coalesce(kept_id, source_id) as id from returning_home`)
}

/** Puts the resources `moving_id` where `still_id` are, so that what they cost can become one sum. */
async function meet(db: Db, { orgId, pairs }: { orgId: string; pairs: SQL }): Promise<void> {
  await setAssignments(db, {
    orgId,
    scope: sql`select account_id from resources where id in (select moving_id from (${pairs}) p)`,
    places: sql`select p.moving_id as resource_id, k.pool_id, k.owner_id, k.assigned_by, k.rule_id
      from (${pairs}) p join resources k on k.id = p.still_id`,
  })
}

/** Removes what only a bill knew, no bill charges any more and nobody shares. */
export async function dropEmpty(db: Db, ids: SQL): Promise<void> {
  await db.execute(sql`
    delete from resources r where r.id in (${ids}) and not r.active
      and not exists (select from expenses e where e.resource_id = r.id)
      and not exists (select from environments n where n.resource_id = r.id)`)
}

async function moved(db: Db, ids: SQL): Promise<Moved> {
  await db.execute(sql`create temp table gathered on commit drop as ${ids}`)
  const [row] = await db.execute<{ count: number }>(sql`select count(*)::int as count from gathered`)
  return { count: row!.count, scope: sql`r.id in (select id from gathered)` }
}
