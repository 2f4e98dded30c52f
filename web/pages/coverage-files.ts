import { Hono } from 'hono'
import { coverageReport } from '../../engine/commitments/coverage.ts'
import { commitmentsCsv, coverageCsv, coverageParts } from '../../engine/commitments/drawing.ts'
import { readCommitments } from '../../engine/commitments/offers.ts'
import { notFound } from '../../engine/errors.ts'
import { coverageQuery, readCoverageAsked } from '../coverage-query.ts'
import type { WebEnv } from '../env.ts'
import { download } from '../files.ts'

/** The tables of the coverage page as files. */
export const coverageFiles = new Hono<WebEnv>().get('/files/coverage/:table', async (c) => {
  const { ctx } = c.var
  const [, name] = c.req.param('table').match(/^(\w+)\.csv$/) ?? []
  const part = coverageParts.find((one) => one === name)
  if (!part && name !== 'offers') throw notFound('There is no such file.')
  const query = coverageQuery(readCoverageAsked(c.req.query()), ctx.now())
  const report = await coverageReport(ctx, query)
  const text = part ? coverageCsv(report, part) : commitmentsCsv(await readCommitments(ctx, query), report.currency)
  const { from, to } = query.range
  return download(c, text, { name: `coverage-${part ?? 'offers'}-${from}-${to}.csv`, type: 'text/csv' })
})
