import { Hono } from 'hono'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { readPools } from '../../engine/pools/tree.ts'
import { summary, type Summary } from '../../engine/recommendations/summary.ts'
import { topResources, type TopResource } from '../../engine/spend/top.ts'
import { addDays, dayOf } from '../../engine/time.ts'
import { healthNotice } from '../account-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import {
  change,
  columns,
  link,
  linkButton,
  money,
  notice,
  plural,
  section,
  table,
  twoLines,
  type Content,
} from '../parts.ts'
import { poolTable } from './pools.ts'
import { bookings, myResources, readMine } from './home-mine.ts'
import { figures, lastMonth, monthChart } from './home-month.ts'
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
    lastMonth(ctx),
  ])
  const root = pools[0]!
  const ill = accounts.filter(({ health }) => health !== 'ok' && health !== 'no_data_yet')
  return show(
    c,
    `Hello ${view.person.name}`,
    [
      welcome(accounts),
      ill.map(healthNotice),
      figures({ root, saving, last }, view),
      columns(
        [
          [
            section(
              'Effective cost by service, last 30 days',
              await spendFigure(ctx, { scope: {}, view }),
              link('/spend', 'Look closer'),
            ),
            section(
              'Pools requiring attention',
              poolTable(pools.filter(({ state }) => state !== 'ok').slice(0, 6), { view, flat: true, brief: true }),
              link('/pools', 'All pools'),
            ),
            section(
              'Most expensive resources, last 30 days',
              topTable(top.biggest, view),
              link('/resources', 'All resources'),
            ),
          ],
          [
            section('Organization', monthChart({ root, last, month: today }, view)),
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

const welcome = (accounts: Account[]): Content =>
  accounts.length === 0
    ? notice(
        'info',
        'No cloud account is connected yet, so there is nothing to show.',
        linkButton('/accounts', 'Connect an account or upload a bill', 'main'),
      )
    : null

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
      { title: 'Effective cost', number: true, cell: (one) => money(one.total, organization.currency) },
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
