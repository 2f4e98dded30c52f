import { Hono } from 'hono'
import { html } from 'hono/html'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { coverageReport, coverageWords, type CoverageReport } from '../../engine/commitments/coverage.ts'
import { readCommitments } from '../../engine/commitments/offers.ts'
import { purchaseSuggestions } from '../../engine/commitments/suggestions.ts'
import { isPositive } from '../../engine/money.ts'
import { commitmentsTable, coverageTable, coverageTones, suggestionsTable } from '../coverage-parts.ts'
import {
  asCoverageQuery,
  coverageQuery,
  coverageRanges,
  readCoverageAsked,
  type CoverageAsked,
} from '../coverage-query.ts'
import type { View, WebEnv } from '../env.ts'
import { askForm, select } from '../form-parts.ts'
import { show } from '../layout.ts'
import { coverageCharts } from './coverage-charts.ts'
import { address, link, linkButton, money, quiet, sayDay, section, stats, type Content } from '../parts.ts'

/** What reservations and savings plans cover, waste and could cover. */
export const coverage = new Hono<WebEnv>().get('/coverage', async (c) => {
  const { ctx, view } = c.var
  const ask = readCoverageAsked(c.req.query())
  const query = coverageQuery(ask, ctx.now())
  const where = query.accountId ? { accountId: query.accountId } : {}
  const [report, commitments, suggestions, accounts] = await Promise.all([
    coverageReport(ctx, query),
    readCommitments(ctx, query),
    purchaseSuggestions(ctx, where),
    listAccounts(ctx.db, { orgId: ctx.orgId }),
  ])
  const file = (part: string) => linkButton(address(`/files/coverage/${part}.csv`, asCoverageQuery(ask)), 'CSV')
  const part = (title: string, rows: CoverageReport['accounts'], name: string) =>
    section(`By ${title.toLowerCase()}`, coverageTable(rows, { title, view }), rows.length ? file(name) : null)
  return show(
    c,
    'Coverage',
    [
      filters(ask, accounts),
      figures(report, view),
      coverageCharts(report, ask.saved === 'yes'),
      section(
        'Reservations and savings plans',
        commitmentsTable(commitments, view),
        commitments.length ? file('offers') : null,
      ),
      section(
        'What could be bought',
        [suggestionsTable(suggestions, view), suggestions.length ? quiet(caveat) : null],
        link('/savings/reserved_instances', 'By instance'),
      ),
      part('Account', report.accounts, 'accounts'),
      part('Family', report.families, 'families'),
      part('Region', report.regions, 'regions'),
    ],
    {
      trail: [['/savings', 'Savings']],
      lead: `${sayDay(query.range.from)} – ${sayDay(query.range.to)}: machine time of AWS bills that reservations and savings plans pay for. Spot is left out.`,
    },
  )
})

const caveat =
  'Counted is what ran uncovered on at least 95 of 100 of the last 30 days, by the average of each day, because bills always tell days and not always hours. Prices are public list prices; discounts of your own are not in them. Nothing is bought here: buy in the console of the cloud. A commitment is paid for its whole term, used or not.'

function filters(ask: CoverageAsked, accounts: { id: string; name: string; cloud: string }[]): Content {
  const clouds = accounts.filter(({ cloud }) => cloud !== 'environment')
  return askForm('/coverage', [
    select('range', 'Time', {
      choices: Object.entries(coverageRanges).map(([value, label]) => ({ value, label })),
      value: ask.from ? '' : ask.range,
      ...(ask.from ? { any: 'Own days' } : {}),
    }),
    select('account', 'Account', {
      any: 'All accounts',
      choices: clouds.map(({ id, name }) => ({ value: id, label: name })),
      value: ask.account,
    }),
    select('saved', 'Costs', {
      any: 'Without savings',
      choices: [{ value: 'yes', label: 'With savings' }],
      value: ask.saved,
    }),
  ])
}

function figures({ total, through }: CoverageReport, { organization }: View): Content {
  const amount = (value: string) => money(value, organization.currency)
  const share = (value: number | null) => (value === null ? '–' : `${value}%`)
  return stats([
    {
      name: 'Coverage',
      value: share(total.percent),
      note:
        total.percent === null
          ? through
            ? 'no machine hours'
            : 'no bill yet'
          : `${coverageWords[total.state]}, of the cost`,
      ...(total.percent === null ? {} : { tone: coverageTones[total.state] }),
    },
    { name: 'Hours covered', value: share(total.hoursPercent), note: `${share(total.normalizedPercent)} by size` },
    { name: 'Saved', value: amount(total.saving), note: html`${amount(total.netSaving)} after waste`, tone: 'good' },
    {
      name: 'Wasted',
      value: amount(total.waste),
      note: html`reservations ${amount(total.ri.waste)}, plans ${amount(total.sp.waste)}`,
      ...(isPositive(total.waste) ? { tone: 'warn' as const } : {}),
    },
    { name: 'Cost with commitments', value: amount(total.cost), note: html`${amount(total.list)} without` },
  ])
}
