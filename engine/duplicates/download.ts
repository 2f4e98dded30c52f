import { findDuplicateCheck } from '../../db/queries/duplicates.ts'
import { listDuplicateObjects } from '../../db/queries/duplicate-figures.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { csvLine } from '../csv.ts'
import { notFound } from '../errors.ts'

/** Rows are read and sent by so many. */
const pageSize = 5000

export type DuplicateFile = { checkId: string; bucket?: number; with?: number }

/**
 * Equal objects as a CSV file (tag, bucket, key, size in bytes), group by group, the most wasteful first: of a whole check,
 * of one bucket, or of what two have in common. NotFound for a check that is not of the organization.
 */
export async function duplicatesFile(ctx: Context, file: DuplicateFile): Promise<AsyncGenerator<string>> {
  await assertCan(ctx, 'see_costs')
  const check = await findDuplicateCheck(ctx.db, { orgId: ctx.orgId, id: file.checkId })
  if (!check) throw notFound('There is no such check for duplicates in this organization.')
  return lines(ctx, file)
}

async function* lines({ db }: Context, { checkId, bucket, with: other }: DuplicateFile): AsyncGenerator<string> {
  const buckets = [bucket, other].filter((n) => n !== undefined)
  yield csvLine(['tag', 'bucket', 'key', 'size'])
  for (let after = 0; ;) {
    const rows = await listDuplicateObjects(db, { checkId, buckets, after, limit: pageSize })
    if (rows.length) yield rows.map(({ tag, bucket, key, size }) => csvLine([tag, bucket, key, size])).join('')
    if (rows.length < pageSize) return
    after = rows.at(-1)!.n
  }
}
