import { Hono } from 'hono'
import { html } from 'hono/html'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import type { Context } from '../../engine/context.ts'
import { formatMoney } from '../../engine/money.ts'
import { biggestMover, breakdown, otherKey, type SpendAnswer, type SpendLine } from '../../engine/spend/breakdown.ts'
import { seriesColor } from '../../engine/spend/chart.ts'
import { chart, shareBar, swatch } from '../chart-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { askForm, select, textInput, titleOf } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  address,
  change,
  fold,
  link,
  linkButton,
  money,
  sayDay,
  section,
  stats,
  table,
  type Content,
} from '../parts.ts'
import { drawable } from './spend-figure.ts'
import { asQuery, drillDown, groupings, ranges, readAsked, spendQuery, type Asked } from '../spend-query.ts'

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
        `Cost by ${by.toLowerCase()}`,
        answer.groups.length
          ? drawing(answer, { ask, by, grain: query.grain })
          : 'Nothing was spent here in this time.',
      ),
      section(by, groups(answer, { ask, view }), download),
    ],
    { lead: `${sayDay(from)} – ${sayDay(to)}, compared with the stretch before.` },
  )
})

const groupName = (by: string): string => (by in groupings ? groupings[by as keyof typeof groupings] : titleOf(by))

type Lists = {
  pools: { value: string; label: string }[]
  people: { value: string; label: string }[]
  accounts: { value: string; label: string }[]
}

async function readLists(ctx: Context): Promise<Lists> {
  const [pools, people, accounts] = await Promise.all([
    listPools(ctx.db, ctx.orgId),
    listPeople(ctx.db, ctx.orgId),
    listAccounts(ctx.db, { orgId: ctx.orgId }),
  ])
  const choice = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name })
  return {
    pools: pools.map(({ id, name, depth }) => ({
      value: id,
      label: `${' '.repeat(Math.max(0, depth - 1) * 2)}${name}`,
    })),
    people: people.map(choice),
    accounts: accounts.map(choice),
  }
}

const choices = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

function filters(ask: Asked, { pools, people, accounts }: Lists): Content {
  const kept = (['service', 'region', 'cloud', 'tag', 'resource'] as const).filter((name) => ask[name])
  const grouping = ask.by in groupings ? groupings : { ...groupings, [ask.by]: groupName(ask.by) }
  const asked = askForm('/spend', [
    select('by', 'Group by', { choices: choices(grouping), value: ask.by }),
    select('range', 'Time', {
      choices: choices(ranges),
      value: ask.from ? '' : ask.range,
      ...(ask.from ? { any: 'Own days' } : {}),
    }),
    select('grain', 'Steps', {
      any: 'Automatic',
      choices: choices({ day: 'Days', week: 'Weeks', month: 'Months' }),
      value: ask.grain,
    }),
    select('pool', 'Pool', { any: 'All pools', choices: pools, value: ask.pool }),
    select('owner', 'Owner', { any: 'Everybody', choices: people, value: ask.owner }),
    select('account', 'Account', { any: 'All accounts', choices: accounts, value: ask.account }),
    kept.map((name) => html`<input type="hidden" name="${name}" value="${ask[name]!}" />`),
  ])
  const { from, to, range: _, ...rest } = asQuery(ask)
  const days = askForm('/spend', [
    textInput('from', 'From', { type: 'date', value: from, required: true }),
    textInput('to', 'To', { type: 'date', value: to }),
    Object.entries(rest).map(([name, value]) =>
      value ? html`<input type="hidden" name="${name}" value="${value}" />` : '',
    ),
  ])
  return [asked, fold('Own days', days, Boolean(from))]
}

/** What the answer is limited to besides the lists, each with a way out. */
function narrowed(ask: Asked, lists: Lists): Content {
  const names = ['service', 'region', 'cloud', 'tag', 'resource', 'pool', 'owner', 'account'] as const
  const word = (name: (typeof names)[number]) =>
    [...lists.pools, ...lists.people, ...lists.accounts].find((one) => one.value === ask[name])?.label.trim() ??
    ask[name]
  const limits = names.filter((name) => ask[name])
  if (limits.length === 0) return null
  return html`<p>
    Only
    ${limits.map((name, index) => html`${index ? ', ' : ''}${name} <b>${word(name)}</b> (${link(address('/spend', { ...asQuery(ask), [name]: undefined }), 'remove')})`)}.
  </p>`
}

function figures(answer: SpendAnswer, { organization }: View): Content {
  const mover = biggestMover(answer)
  const amount = (value: string | null) => money(value, organization.currency)
  return stats([
    { name: 'Cost', value: amount(answer.total), note: answer.estimated ? 'amortized, may still grow' : 'amortized' },
    { name: 'Billed', value: amount(answer.billed), note: 'as on the invoice' },
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
      title: `Cost by ${by.toLowerCase()} per ${grain}`,
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
      { title: 'Cost', number: true, cell: (line) => money(line.total, currency) },
    ],
    answer.groups,
    { caption: `Cost by ${groupName(ask.by)}`, empty: 'Nothing was spent here in this time.' },
  )
}
