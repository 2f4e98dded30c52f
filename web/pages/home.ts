import { Hono } from 'hono'
import { html } from 'hono/html'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listBookings } from '../../db/queries/environments.ts'
import { listResources } from '../../db/queries/resources.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Context } from '../../engine/context.ts'
import { formatMoney } from '../../engine/money.ts'
import { readPools, type PoolFacts } from '../../engine/pools/tree.ts'
import { summary, type Summary } from '../../engine/recommendations/summary.ts'
import { topResources, type TopResource } from '../../engine/spend/top.ts'
import { breakdown } from '../../engine/spend/breakdown.ts'
import { addDays, addMonths, dayOf, monthOf } from '../../engine/time.ts'
import { healthNotice } from '../account-parts.ts'
import { chart } from '../chart-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import {
  change,
  columns,
  emptyState,
  link,
  linkButton,
  money,
  moment,
  notice,
  plural,
  section,
  stats,
  table,
  twoLines,
  type Content,
} from '../parts.ts'
import { hasLimit, poolBadge } from '../pool-parts.ts'
import { poolTable } from './pools.ts'
import { spendFigure } from './spend-figure.ts'

/** The start page: this month, what needs attention, what could be saved, what is mine. */
export const home = new Hono<WebEnv>().get('/', async (c) => {
  const { ctx, view } = c.var
  const today = dayOf(view.now)
  const [pools, saving, top, accounts, mine, last] = await Promise.all([
    readPools(ctx),
    summary(ctx),
    topResources(ctx, { range: { from: addDays(today, -29), to: today }, limit: 6 }),
    listAccounts(ctx.db, { orgId: ctx.orgId }),
    readMine(ctx),
    breakdown(ctx, {
      scope: {},
      groupBy: 'none',
      range: { from: addMonths(today, -1), to: addDays(monthOf(today), -1) },
      grain: 'month',
    }),
  ])
  const root = pools[0]!
  const ill = accounts.filter(({ health }) => health !== 'ok' && health !== 'no_data_yet')
  return show(
    c,
    `Hello ${view.person.name}`,
    [
      welcome(accounts),
      ill.map(healthNotice),
      figures({ root, saving, last: last.total }, view),
      columns(
        [
          [
            section(
              'Cost by service, last 30 days',
              await spendFigure(ctx, { scope: {}, view }),
              link('/spend', 'Look closer'),
            ),
            section(
              'Pools requiring attention',
              poolTable(pools.filter(({ state }) => state !== 'ok').slice(0, 6), { view, flat: true }),
              link('/pools', 'All pools'),
            ),
            section(
              'Most expensive resources, last 30 days',
              topTable(top.biggest, view),
              link('/resources', 'All resources'),
            ),
          ],
          [
            section('Organization', monthChart({ root, last: last.total, month: today }, view)),
            section('Possible savings', savingsTable(saving, view), link('/savings', 'All savings')),
            section('Your bookings', bookings(mine.bookings, view), link('/environments', 'Environments')),
            section(
              'Your resources',
              myResources(mine.resources, view),
              link(`/resources?owner=${view.person.id}`, 'All of yours'),
            ),
          ],
        ],
        'wide',
      ),
    ],
    {
      lead: `${view.organization.name}, ${new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(view.now)}`,
    },
  )
})

type Mine = { bookings: Awaited<ReturnType<typeof listBookings>>; resources: Awaited<ReturnType<typeof listResources>> }

async function readMine(ctx: Context): Promise<Mine> {
  const personId = ctx.actor.personId!
  const [bookings, resources] = await Promise.all([
    listBookings(ctx.db, { orgId: ctx.orgId, personId, from: ctx.now(), limit: 5 }),
    listResources(ctx.db, { orgId: ctx.orgId, ownerId: personId, active: true, limit: 5 }),
  ])
  return { bookings, resources }
}

const welcome = (accounts: Account[]): Content =>
  accounts.length === 0
    ? notice(
        'info',
        'No cloud account is connected yet, so there is nothing to show.',
        html`${linkButton('/accounts', 'Connect an account or upload a bill', 'main')}`,
      )
    : null

function figures(
  { root, saving, last }: { root: PoolFacts; saving: Summary; last: string },
  { organization }: View,
): Content {
  const { currency } = organization
  return stats([
    {
      name: 'This month so far',
      value: money(root.cost, currency),
      note: `${formatMoney(root.daily, currency)} a day`,
    },
    {
      name: 'Forecast',
      value: money(root.forecast, currency),
      note: poolBadge(root),
      tone: root.state === 'exceeded' || root.state === 'overspend' ? 'bad' : 'plain',
    },
    { name: 'Last month', value: money(last, currency), note: 'the whole month' },
    {
      name: 'Possible savings',
      value: money(saving.totalSaving, currency),
      note: 'per month',
      tone: 'good',
      href: '/savings',
    },
  ])
}

function monthChart(
  { root, last, month }: { root: PoolFacts; last: string; month: string },
  { organization }: View,
): Content {
  const { currency } = organization
  const limit = hasLimit(root) ? { limit: { label: 'Limit', value: Number(root.limit) } } : {}
  return chart({
    kind: 'bar',
    title: 'The organization by month',
    description: `Last month ${formatMoney(last, currency)}, this month ${formatMoney(root.cost, currency)} so far, forecast ${formatMoney(root.forecast, currency)}.`,
    categories: [addMonths(month, -1).slice(0, 7), 'So far', 'Forecast'],
    series: [{ name: 'Cost', values: [Number(last), Number(root.cost), Number(root.forecast)] }],
    unit: currency,
    width: 420,
    height: 240,
    ...limit,
  })
}

function topTable(rows: TopResource[], { organization }: View): Content {
  return table<TopResource>(
    [
      {
        title: 'Resource',
        head: true,
        cell: (one) => twoLines(link(`/resources/${one.id}`, one.name), `${one.type} · ${one.region}`),
      },
      { title: 'Pool', cell: (one) => link(`/pools/${one.poolId}`, one.poolName) },
      { title: 'Change', number: true, cell: (one) => change(one.change) },
      { title: 'Cost', number: true, cell: (one) => money(one.total, organization.currency) },
    ],
    rows,
    { caption: 'Most expensive resources', empty: 'Nothing has cost anything in the last 30 days.' },
  )
}

function savingsTable({ kinds }: Summary, { organization }: View): Content {
  const found = kinds.filter(({ count }) => count > 0).slice(0, 5)
  return table<Summary['kinds'][number]>(
    [
      {
        title: 'Recommendation',
        head: true,
        cell: (kind) => twoLines(link(`/savings/${kind.id}`, kind.title), plural(kind.count, 'finding')),
      },
      { title: 'A month', number: true, cell: (kind) => money(kind.saving, organization.currency) },
    ],
    found,
    { caption: 'Recommendations with the largest savings', empty: 'Nothing to save was found.' },
  )
}

const bookings = (rows: Mine['bookings'], view: View): Content =>
  rows.length
    ? table<Mine['bookings'][number]>(
        [
          {
            title: 'Environment',
            head: true,
            cell: (one) => twoLines(link(`/environments/${one.environmentId}`, one.environment), one.reason),
          },
          { title: 'From', cell: (one) => moment(one.startsAt, view) },
          { title: 'To', cell: (one) => moment(one.endsAt, view) },
        ],
        rows,
        { caption: 'Your bookings', empty: '' },
      )
    : emptyState('You have not booked anything.')

const myResources = (rows: Mine['resources'], { organization }: View): Content =>
  table<Mine['resources'][number]>(
    [
      {
        title: 'Resource',
        head: true,
        cell: (one) => twoLines(link(`/resources/${one.id}`, one.name || one.cloudResourceId), one.type),
      },
      { title: 'Last day', number: true, cell: (one) => money(one.lastExpenseCost, organization.currency) },
    ],
    rows,
    { caption: 'Your resources', empty: 'You own no active resource.' },
  )
