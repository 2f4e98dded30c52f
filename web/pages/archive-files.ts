import { Hono } from 'hono'
import type { ArchivedRow } from '../../db/queries/archived-findings.ts'
import type { Context } from '../../engine/context.ts'
import { csvLine } from '../../engine/csv.ts'
import { notFound } from '../../engine/errors.ts'
import { listArchive, reasonWords, titleOf, type ArchiveQuery } from '../../engine/recommendations/archive.ts'
import { dayOf } from '../../engine/time.ts'
import { archiveQuery, readArchiveAsked } from '../archive-query.ts'
import type { WebEnv } from '../env.ts'
import { download } from '../files.ts'

/** Read and sent by so many, so that no list is too long. */
const pageSize = 2000

/** The archive as files, asked like its page. */
export const archiveFiles = new Hono<WebEnv>().get('/files/archive/:file', async (c) => {
  const { ctx } = c.var
  const [, kind] = c.req.param('file').match(/^ended\.(json|csv)$/) ?? []
  if (!kind) throw notFound('There is no such file.')
  const query = archiveQuery(readArchiveAsked(c.req.query()), ctx.now())
  const name = `ended-${query.recommendation ?? 'findings'}-${dayOf(ctx.now())}.${kind}`
  return kind === 'json'
    ? download(c, jsonOf(ctx, query), { name, type: 'application/json' })
    : download(c, csvOf(ctx, query), { name, type: 'text/csv' })
})

async function* pagesOf(ctx: Context, query: ArchiveQuery): AsyncGenerator<ArchivedRow[]> {
  for (let after: string | undefined; ;) {
    const rows = await listArchive(ctx, { ...query, limit: pageSize, ...(after ? { after } : {}) })
    if (rows.length) yield rows
    if (rows.length < pageSize) return
    after = rows.at(-1)!.id
  }
}

/** One of them under the names of both files; times are ISO 8601, the saving is exact and per 30 days. */
const itemOf = (row: ArchivedRow) => ({
  recommendation: row.recommendation,
  title: titleOf(row.recommendation),
  reason: row.reason,
  why: reasonWords[row.reason].long,
  resource_name: row.resourceName,
  resource_id: row.resourceId,
  key: row.key,
  cloud_account_id: row.accountId,
  cloud_account_name: row.accountName,
  saving: row.saving,
  detected_at: row.detectedAt.toISOString(),
  archived_at: row.archivedAt.toISOString(),
})

const names = [
  ...['recommendation', 'title', 'reason', 'why', 'resource_name', 'resource_id', 'key', 'cloud_account_id'],
  ...['cloud_account_name', 'saving', 'detected_at', 'archived_at'],
] as (keyof ReturnType<typeof itemOf>)[]

async function* csvOf(ctx: Context, query: ArchiveQuery): AsyncGenerator<string> {
  yield csvLine(names)
  for await (const rows of pagesOf(ctx, query))
    yield rows
      .map(itemOf)
      .map((item) => csvLine(names.map((name) => item[name])))
      .join('')
}

/** With what was known about each, which a table cannot hold. */
async function* jsonOf(ctx: Context, query: ArchiveQuery): AsyncGenerator<string> {
  let before = '[\n'
  for await (const rows of pagesOf(ctx, query)) {
    yield before + rows.map((row) => JSON.stringify({ ...itemOf(row), evidence: row.evidence })).join(',\n')
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}
