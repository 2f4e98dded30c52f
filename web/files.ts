/** Downloads. Each asks the same verb or query as its page. */
import { Hono, type Context as Request } from 'hono'
import { downloadCleanUp } from '../engine/clean-ups/request.ts'
import { toItem } from '../engine/recommendations/scripts.ts'
import { notFound } from '../engine/errors.ts'
import { listFindings, type FindingRow } from '../db/queries/recommendations.ts'
import type { Context } from '../engine/context.ts'
import { meaningOf, sayList } from '../engine/recommendations/evidence.ts'
import { getRecommendation } from '../engine/recommendations/options.ts'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import { dayOf } from '../engine/time.ts'
import { breakdown } from '../engine/spend/breakdown.ts'
import { csvLine, type Cell } from '../engine/csv.ts'
import type { WebEnv } from './env.ts'
import { readAsked, spendQuery } from './spend-query.ts'

/** More groups than a person reads, few enough for one answer; what is beyond stands in the last line but one. */
const mostGroups = 10_000
/** Findings are read and sent by so many, so that no list is too long. */
const pageSize = 2000

export const files = new Hono<WebEnv>()
  .get('/files/spend.csv', async (c) => {
    const { ctx } = c.var
    const ask = readAsked(c.req.query())
    const query = spendQuery(ask, ctx.now())
    const answer = await breakdown(ctx, { ...query, top: mostGroups })
    const lines = answer.groups.map(({ label, total, before, share }) =>
      csvLine([label, total, before, share, answer.currency]),
    )
    const total = csvLine(['Total', answer.total, answer.before, 100, answer.currency])
    const head = csvLine([query.groupBy, 'effective_cost', 'effective_cost_before', 'share_percent', 'currency'])
    return download(c, head + lines.join('') + total, {
      name: `spend-by-${query.groupBy}-${query.range.from}-${query.range.to}.csv`,
      type: 'text/csv',
    })
  })
  .get('/files/savings/:recommendation/script', async (c) => {
    const { script, fileNames } = await downloadCleanUp(c.get('ctx'), c.req.param('recommendation'))
    return download(c, script, { name: fileNames.script, type: 'text/x-shellscript' })
  })
  .get('/files/savings/:recommendation/list', async (c) => {
    const { json, fileNames } = await downloadCleanUp(c.get('ctx'), c.req.param('recommendation'))
    return download(c, json, { name: fileNames.json, type: 'application/json' })
  })
  .get('/files/savings/:recommendation/:file', async (c) => {
    const { ctx } = c.var
    const { recommendation, file } = c.req.param()
    const [, kind] = file.match(/^findings\.(json|csv)$/) ?? []
    if (!kind) throw notFound('There is no such file.')
    const one = getRecommendation(recommendation)
    const name = `${recommendation}-${dayOf(ctx.now())}.${kind}`
    return kind === 'json'
      ? download(c, jsonOf(ctx, one), { name, type: 'application/json' })
      : download(c, csvOf(ctx, one), { name, type: 'text/csv' })
  })

/** The active findings, page after page. */
async function* findingsOf(ctx: Context, { id }: Recommendation): AsyncGenerator<FindingRow[]> {
  for (let after: string | undefined; ;) {
    const rows = await listFindings(ctx.db, {
      ...{ orgId: ctx.orgId, now: ctx.now(), recommendation: id, status: 'active', limit: pageSize },
      ...(after ? { after } : {}),
    })
    if (rows.length) yield rows
    if (rows.length < pageSize) return
    after = rows.at(-1)!.id
  }
}

async function* jsonOf(ctx: Context, one: Recommendation): AsyncGenerator<string> {
  let before = '[\n'
  for await (const rows of findingsOf(ctx, one)) {
    yield before + rows.map((row) => JSON.stringify(toItem(one)(row))).join(',\n')
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

/** Items as a table; the first line has the names every item of this recommendation may use. */
async function* csvOf(ctx: Context, one: Recommendation): AsyncGenerator<string> {
  let names: string[] | null = null
  for await (const rows of findingsOf(ctx, one)) {
    const items = rows.map(toItem(one))
    if (!names) {
      names = [...new Set([...Object.keys(items[0]!), ...Object.keys(one.evidence.shape)])].toSorted()
      yield csvLine(names)
    }
    yield items.map((item) => csvLine(names!.map((name) => cellOf(item[name], meaningOf(one, name).unit)))).join('')
  }
  if (!names) yield csvLine(Object.keys(one.evidence.shape).toSorted())
}

/** Lists as words: a cell holds no structure. The JSON file does. */
function cellOf(value: unknown, unit: string | undefined): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value !== 'object') return value ? 'yes' : 'no'
  return 'name' in value ? String(value.name) : sayList(value, unit)
}

type File = { name: string; type: string }

/** Answers with a file to keep, as it is made; the name holds only letters any system takes. */
export function download(c: Request<WebEnv>, text: string | AsyncGenerator<string>, { name, type }: File): Response {
  const safe = name.replaceAll(/[^\w.-]/g, '_')
  const body = typeof text === 'string' ? text : ReadableStream.from(text).pipeThrough(new TextEncoderStream())
  return c.body(body, 200, {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${safe}"`,
  })
}
