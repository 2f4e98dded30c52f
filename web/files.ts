/** Downloads. Each asks the same verb or query as its page. */
import { Hono, type Context as Request } from 'hono'
import { breakdown } from '../engine/spend/breakdown.ts'
import { csvLine } from './csv.ts'
import type { WebEnv } from './env.ts'
import { readAsked, spendQuery } from './spend-query.ts'

export const files = new Hono<WebEnv>().get('/files/spend.csv', async (c) => {
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

/** Answers with a file to keep; the name holds only letters any system takes. */
export function download(c: Request<WebEnv>, text: string, { name, type }: { name: string; type: string }): Response {
  const safe = name.replaceAll(/[^\w.-]/g, '_')
  return c.body(text, 200, {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${safe}"`,
  })
}
