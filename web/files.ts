/** Downloads. Each asks the same verb or query as its page. */
import { Hono, type Context as Request } from 'hono'
import { cleanUp, toItem } from '../engine/recommendations/scripts.ts'
import { notFound } from '../engine/errors.ts'
import { listFindings } from '../db/queries/recommendations.ts'
import { assertCan } from '../engine/access.ts'
import { getRecommendation } from '../engine/recommendations/options.ts'
import { dayOf } from '../engine/time.ts'
import { breakdown } from '../engine/spend/breakdown.ts'
import { csvLine, type Cell } from '../engine/csv.ts'
import type { WebEnv } from './env.ts'
import { readAsked, spendQuery } from './spend-query.ts'

export const files = new Hono<WebEnv>()
  .get('/files/spend.csv', async (c) => {
    const { ctx } = c.var
    const ask = readAsked(c.req.query())
    const query = spendQuery(ask, ctx.now())
    const answer = await breakdown(ctx, { ...query, top: 1000 })
    const lines = answer.groups.map(({ label, total, before, share }) =>
      csvLine([label, total, before, share, answer.currency]),
    )
    const total = csvLine(['Total', answer.total, answer.before, 100, answer.currency])
    const text = csvLine([query.groupBy, 'cost', 'before', 'share_percent', 'currency']) + lines.join('') + total
    return download(c, text, {
      name: `spend-by-${query.groupBy}-${query.range.from}-${query.range.to}.csv`,
      type: 'text/csv',
    })
  })
  .get('/files/savings/:recommendation/script', async (c) => {
    const { script, fileNames } = await cleanUp(c.get('ctx'), { recommendation: c.req.param('recommendation') })
    return download(c, script, { name: fileNames.script, type: 'text/x-shellscript' })
  })
  .get('/files/savings/:recommendation/:file', async (c) => {
    const { ctx } = c.var
    const { recommendation, file } = c.req.param()
    const [, kind] = file.match(/^findings\.(json|csv)$/) ?? []
    if (!kind) throw notFound('There is no such file.')
    const one = getRecommendation(recommendation)
    await assertCan(ctx, 'see_costs')
    const rows = await listFindings(ctx.db, {
      orgId: ctx.orgId,
      now: ctx.now(),
      recommendation,
      status: 'active',
      limit: 10_000,
    })
    const items = rows.map(toItem(one))
    const name = `${recommendation}-${dayOf(ctx.now())}.${kind}`
    return kind === 'json'
      ? download(c, `${JSON.stringify(items, null, 1)}\n`, { name, type: 'application/json' })
      : download(c, csvOf(items), { name, type: 'text/csv' })
  })

/** Items as a table; the first line has every name any of them uses. */
function csvOf(items: Record<string, unknown>[]): string {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))].toSorted()
  const cell = (value: unknown): Cell => {
    if (value === null || value === undefined) return null
    if (typeof value === 'number' || typeof value === 'string') return value
    return typeof value === 'object' && 'name' in value ? String(value.name) : JSON.stringify(value)
  }
  return csvLine(names) + items.map((item) => csvLine(names.map((name) => cell(item[name])))).join('')
}

/** Answers with a file to keep; the name holds only letters any system takes. */
export function download(c: Request<WebEnv>, text: string, { name, type }: { name: string; type: string }): Response {
  const safe = name.replaceAll(/[^\w.-]/g, '_')
  return c.body(text, 200, {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${safe}"`,
  })
}
