import { sql, type SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../client.ts'

/** Deletes the rows of a table that fit, a batch per statement, so that none takes long; `where` names the table's columns. */
export async function deleteInBatches(db: Db, { table, where }: { table: PgTable; where: SQL }): Promise<void> {
  const size = 5000
  const batch = sql`delete from ${table} where ctid = any(array(select ctid from ${table} where ${where} limit ${size}))`
  let deleted = size
  while (deleted === size) deleted = (await db.execute(batch)).count
}

/** No card of this row's subject can be clicked or redrawn any more. */
export const hasNoLiveCopy = (table: PgTable): SQL => sql`not exists (
  select from slack_copies c where c.org_id = ${table}.org_id and c.subject_kind = ${table}.subject_kind
    and c.subject_id = ${table}.subject_id and c.live)`
