import { Hono } from 'hono'
import { html } from 'hono/html'
import { formatMoney } from '../../engine/money.ts'
import { biggestMover, breakdown, otherKey, type SpendAnswer, type SpendLine } from '../../engine/spend/breakdown.ts'
import { seriesColor } from '../../engine/spend/chart.ts'
import { chart, shareBar, swatch } from '../chart-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import { address, change, link, linkButton, money, sayDay, section, stats, table, type Content } from '../parts.ts'
import { drawable } from './spend-figure.ts'
import { filters, groupName, narrowed, readLists } from './spend-filters.ts'
import { asQuery, drillDown, readAsked, spendQuery, type Asked } from '../spend-query.ts'

/** Where the money went: grouped, over time, compared with the stretch before. */
export const spend = new Hono<WebEnv>().get('/spend', async (c) => {
  const { ctx, view } = c.var
  const ask = readAsked(c.req.query())
  const query = spendQuery(ask, ctx.now())
  const [answer, lists] = await Promise.all([breakdown(ctx, query), readLists(ctx)])
  const { from, to } = query.range
  const by = groupName(ask.by)
  const download = linkButton(address('/files/spend.csv', asQuery(ask)), 'Download CSV')
  return show(
    c,
    'Spend',
    [
      filters(ask, lists),
      narrowed(ask, lists),
      figures(answer, view),
      section(
        `Effective cost by ${by.toLowerCase()}`,
        answer.groups.length
          ? drawing(answer, { ask, by, grain: query.grain })
          : 'Nothing was spent here in this time.',
      ),
      section(by, groups(answer, { ask, view }), download),
    ],
    { lead: `${sayDay(from)} – ${sayDay(to)}, compared with the stretch before.` },
  )
})

function figures(answer: SpendAnswer, { organization }: View): Content {
  const mover = biggestMover(answer)
  const amount = (value: string | null) => money(value, organization.currency)
  return stats([
    {
      name: 'Effective cost',
      value: amount(answer.total),
      note: answer.estimated ? 'commitments spread, may still grow' : 'commitments spread over their days',
    },
    { name: 'Billed cost', value: amount(answer.billed), note: 'as on the invoice' },
    { name: 'Before', value: amount(answer.before), note: change(answer.change) },
    {
      name: 'Biggest mover',
      value: mover ? change(mover.change) : '–',
      note: mover ? html`${mover.label}: ${amount(mover.before)} → ${amount(mover.total)}` : 'nothing changed',
    },
  ])
}

function drawing(answer: SpendAnswer, { ask, by, grain }: { ask: Asked; by: string; grain: string }): Content {
  const { categories, ...drawn } = drawable(answer)
  const [first] = answer.groups
  const takeaway = first
    ? `${first.label} is the largest: ${formatMoney(first.total, answer.currency)}, ${first.share}% of all.`
    : ''
  return chart(
    {
      kind: grain === 'day' && categories.length > 10 ? 'area' : 'bar',
      title: `Effective cost by ${by.toLowerCase()} per ${grain}`,
      description: takeaway,
      ...drawn,
      categories: grain === 'month' ? categories.map((day) => day.slice(0, 7)) : categories,
    },
    ask.by === 'resource' ? null : takeaway,
  )
}

function groups(answer: SpendAnswer, { ask, view }: { ask: Asked; view: View }): Content {
  const { currency } = view.organization
  const place = new Map(answer.groups.map(({ key }, index) => [key, index]))
  const name = (line: SpendLine): Content => {
    const to = line.key === otherKey ? null : drillDown(ask.by, line.key)
    const label =
      ask.by === 'resource' && line.key !== otherKey ? link(`/resources/${line.key}`, line.label) : line.label
    const next = ask.by === 'service' ? 'resource' : 'service'
    return [
      swatch(place.get(line.key)!, line.label),
      to ? link(address('/spend', { ...asQuery(ask), ...to, by: next }), line.label) : label,
    ]
  }
  return table<SpendLine>(
    [
      { title: groupName(ask.by), head: true, cell: name },
      { title: 'Share', cell: (line) => shareBar(line.share, seriesColor(place.get(line.key)!, line.label)) },
      { title: '%', number: true, cell: (line) => `${line.share}%` },
      { title: 'Before', number: true, cell: (line) => money(line.before, currency) },
      { title: 'Change', number: true, cell: (line) => change(line.change) },
      { title: 'Effective cost', number: true, cell: (line) => money(line.total, currency) },
    ],
    answer.groups,
    { caption: `Effective cost by ${groupName(ask.by)}`, empty: 'Nothing was spent here in this time.' },
  )
}
