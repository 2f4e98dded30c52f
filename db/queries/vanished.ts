/** What a complete reading of a part did not name any more: resources of a type, items of a kind. */
import { rawSql, type Db } from '../client.ts'

/** The active rows of a type (or kind) in these regions that are not among `ids`. */
export type Vanished = {
  table: 'resources' | 'inventory'
  accountId: string
  type: string
  regions: string[]
  ids: string[]
}

/** How many active rows a region had before, and how many of them are not among the ids. */
export type Vanishing = { region: string; known: number; gone: number }

/** What the tables call a row's type and the cloud's id. */
const columns = {
  resources: { type: 'type', id: 'cloud_resource_id' },
  inventory: { type: 'kind', id: 'cloud_id' },
}

/** What would become inactive, by region. */
export async function countVanishing(db: Db, where: Vanished): Promise<Vanishing[]> {
  const sql = rawSql(db)
  const { type, id } = columns[where.table]
  return sql<Vanishing[]>`
    select r.region, count(*)::int as known, count(*) filter (where seen.id is null)::int as gone
    from ${sql(where.table)} r left join unnest(${where.ids}::text[]) as seen (id) on seen.id = r.${sql(id)}
    where r.account_id = ${where.accountId} and r.${sql(type)} = ${where.type} and r.active
      and r.region = any(${where.regions}::text[])
    group by r.region order by r.region`
}

/** Makes them inactive; returns how many. */
export async function setVanishedInactive(db: Db, where: Vanished): Promise<number> {
  const sql = rawSql(db)
  const { type, id } = columns[where.table]
  const gone = await sql`
    update ${sql(where.table)} r set active = false
    where r.account_id = ${where.accountId} and r.${sql(type)} = ${where.type} and r.active
      and r.region = any(${where.regions}::text[])
      and not exists (select from unnest(${where.ids}::text[]) as seen (id) where seen.id = r.${sql(id)})`
  return gone.count
}
