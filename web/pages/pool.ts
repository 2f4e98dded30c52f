import { Hono } from 'hono'
import { listPeople } from '../../db/queries/organizations.ts'
import { readRules } from '../../engine/assignment/rule-facts.ts'
import { readPool, readPools, type PoolFacts } from '../../engine/pools/tree.ts'
import { formatMoney } from '../../engine/money.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import { columns, linkButton, money, section, stats, type Content } from '../parts.ts'
import { forecastOf, hasLimit, limitBar, poolBadge } from '../pool-parts.ts'
import { poolTable } from './pools.ts'
import { ruleTable } from './rules.ts'
import { policyPart } from './pool-policies.ts'
import { changes, limitForm } from './pool-forms.ts'
import { spendFigure } from './spend-figure.ts'

/** One budget: its month, what it spends on, its limits, and what may be changed. */
export const pool = new Hono<WebEnv>().get('/pools/:id', async (c) => {
  const { ctx, view } = c.var
  const all = await readPools(ctx)
  const found = all.find(({ id }) => id === c.req.param('id')) ?? (await readPool(ctx, c.req.param('id')))
  const [figure, policies, people, rules] = await Promise.all([
    spendFigure(ctx, { scope: { poolId: found.id }, view }),
    policyPart(ctx, { found, view }),
    listPeople(ctx.db, ctx.orgId),
    readRules(ctx, { poolId: found.id }),
  ])
  const below = all.filter(({ parentId }) => parentId === found.id)
  const owners = people.map(({ id, name }) => ({ value: id, label: name }))
  return show(
    c,
    found.name,
    [
      figures(found, view),
      columns(
        [
          [
            section('Effective cost by service, last 30 days', figure),
            section('Pools in it', poolTable(below, { view, brief: true })),
            section(
              'Rules that lead here',
              ruleTable(rules, { view, orders: false }),
              linkButton(`/rules/new?pool=${found.id}`, 'New rule'),
            ),
          ],
          [
            section('Limit', limitForm(found, view)),
            section('Policies', policies),
            section('Change', changes(found, { view, owners })),
          ],
        ],
        'wide',
      ),
    ],
    {
      trail: [['/pools', 'Pools'], ...parents(all, found)],
      lead: found.ownerName ? `Owner: ${found.ownerName}` : 'Nobody owns it.',
      actions: [
        linkButton(`/spend?pool=${found.id}&range=month`, 'Spend'),
        linkButton(`/resources?pool=${found.id}`, 'Resources'),
        linkButton(`/rules/apply?pool=${found.id}`, 'Apply rules again'),
        linkButton(`/events?kind=pool&id=${found.id}`, 'Events'),
      ],
    },
  )
})

function parents(all: PoolFacts[], { parentId }: PoolFacts): [string, string][] {
  const parent = all.find(({ id }) => id === parentId)
  return parent ? [...parents(all, parent), [`/pools/${parent.id}`, parent.name]] : []
}

function figures(found: PoolFacts, view: View): Content {
  const { currency } = view.organization
  return stats([
    {
      name: 'Effective cost this month',
      value: money(found.cost, currency),
      note: `${formatMoney(found.ownCost, currency)} directly in it`,
    },
    { name: 'Forecast', value: forecastOf(found, view), note: `${formatMoney(found.daily, currency)} a day` },
    {
      name: 'Limit',
      value: hasLimit(found) ? money(found.limit, currency) : 'none',
      note: hasLimit(found) ? limitBar(found) : 'nothing is refused or warned about',
    },
    {
      name: 'State',
      value: poolBadge(found),
      note: found.violations ? `${found.violations} constraint violations` : 'no constraint violated',
    },
  ])
}
