import { Hono } from 'hono'
import { html } from 'hono/html'
import { decimal } from '../../engine/money.ts'
import { readPools, type PoolFacts } from '../../engine/pools/tree.ts'
import { totalSaving } from '../../engine/recommendations/summary.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import {
  atDepth,
  badge,
  link,
  money,
  plural,
  section,
  stats,
  table,
  tabs,
  type Column,
  type Content,
} from '../parts.ts'
import { forecastOf, hasLimit, limitBar, poolBadge, sayPath } from '../pool-parts.ts'

/** The tree of budgets with cost, forecast and limit of this month. */
export const pools = new Hono<WebEnv>().get('/pools', async (c) => {
  const { ctx, view } = c.var
  const all = await readPools(ctx)
  const saving = await totalSaving(ctx)
  const needy = all.filter(({ state }) => state !== 'ok')
  const onlyNeedy = c.req.query('show') === 'attention'
  const rows = onlyNeedy ? needy : all
  return show(
    c,
    'Pools',
    [
      figures(all, { view, saving }),
      section(
        onlyNeedy ? 'Pools requiring attention' : 'All pools',
        poolTable(rows, { view, flat: onlyNeedy }),
        tabs([
          { href: '/pools', name: `All ${all.length}`, current: !onlyNeedy },
          { href: '/pools?show=attention', name: `Requiring attention ${needy.length}`, current: onlyNeedy },
        ]),
      ),
    ],
    { lead: 'Budgets of this month. Costs and forecasts hold everything below a pool.' },
  )
})

function figures(all: PoolFacts[], { view, saving }: { view: View; saving: string }): Content {
  const { currency } = view.organization
  const root = all[0]!
  const over = all.filter(({ state }) => state === 'exceeded')
  const excess = over.reduce((sum, { cost, limit }) => sum.plus(cost).minus(limit), decimal(0)).toFixed()
  return stats([
    {
      name: 'Spent over limits',
      value: money(excess, currency),
      note: plural(over.length, 'pool'),
      tone: over.length ? 'bad' : 'good',
    },
    { name: 'Organization limit', value: hasLimit(root) ? money(root.limit, currency) : 'none', note: poolBadge(root) },
    { name: 'Effective cost', value: money(root.cost, currency), note: 'this month so far' },
    { name: 'Forecast', value: money(root.forecast, currency), note: 'by the end of the month' },
    { name: 'Possible savings', value: money(saving, currency), note: 'per month', href: '/savings' },
  ])
}

/** Pools as a tree, or flat with their paths; brief where there is little room. */
export function poolTable(
  rows: PoolFacts[],
  { view, flat = false, brief = false }: { view: View; flat?: boolean; brief?: boolean },
): Content {
  const { currency } = view.organization
  const top = rows[0]?.depth ?? 0
  const name = (pool: PoolFacts): Content => {
    const marked = html`${link(`/pools/${pool.id}`, flat ? sayPath(pool.path) : pool.name)}${pool.violations ? html` ${badge(plural(pool.violations, 'violation'), 'warn')}` : ''}`
    return flat ? marked : atDepth(pool.depth - top, marked)
  }
  const all: Column<PoolFacts>[] = [
    { title: 'Pool', head: true, cell: name },
    { title: 'State', cell: poolBadge },
    { title: 'Used', cell: limitBar },
    { title: 'Effective cost', number: true, cell: (pool) => money(pool.cost, currency) },
    { title: 'Forecast', number: true, cell: (pool) => forecastOf(pool, view) },
    { title: 'Limit', number: true, cell: (pool) => (hasLimit(pool) ? money(pool.limit, currency) : 'none') },
    { title: 'Owner', cell: (pool) => pool.ownerName ?? 'nobody' },
  ]
  const columns = brief ? all.filter(({ title }) => title !== 'Effective cost' && title !== 'Owner') : all
  return table<PoolFacts>(columns, rows, {
    caption: 'Pools with cost, forecast and limit of this month',
    empty: flat ? 'No pool needs attention. Everything is within its limits.' : 'There is no pool in it.',
  })
}
