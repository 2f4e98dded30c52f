import { z } from 'zod'
import { sumFindings, sumSavings } from '../../db/queries/recommendations.ts'
import { daysLeft } from '../../engine/forecast/forecast.ts'
import { decimal } from '../../engine/money.ts'
import { readPools } from '../../engine/pools/tree.ts'
import { breakdown } from '../../engine/spend/breakdown.ts'
import { addDays, dayOf, daysBetween, monthOf } from '../../engine/time.ts'
import { actions, fields, header, section } from '../blocks.ts'
import { button, overflow } from '../controls.ts'
import type { OrgContext } from '../context.ts'
import { quote } from '../grammar.ts'
import { runs } from '../resources.ts'
import { lines, md } from '../rich.ts'
import { bar, count, dayInWords } from '../words.ts'
import { card, type Frame } from './message.ts'

const facts = z.object({
  id: z.string(),
  rev: z.number(),
  name: z.string(),
  path: z.string(),
  state: z.enum(['ok', 'warning', 'overspend', 'exceeded']),
  limit: z.string(),
  cost: z.string(),
  forecast: z.string(),
  passesOn: z.string().nullable(),
  daysLeft: z.number(),
  drivers: z.array(z.object({ label: z.string(), more: z.string() })),
  savings: z.object({ count: z.number(), saving: z.string() }),
  through: z.date().nullable(),
})
type Facts = z.output<typeof facts>

/** A pool against its limit: passed, about to be, or inside again (M4). Drawn from the pool's state, so it is never out of date. */
export default card<Facts>({
  name: 'pool-alert',
  subject: 'pool',
  facts,
  async load(ctx, id) {
    const pool = (await readPools(ctx)).find((one) => one.id === id)
    if (!pool) return null
    const { rev, name, path, state, limit, cost, forecast, passesOn } = pool
    const [{ drivers, through }, savings] = await Promise.all([driversOf(ctx, id), savingsOf(ctx, id)])
    return {
      id,
      rev,
      name,
      path,
      state,
      limit,
      cost,
      forecast,
      passesOn,
      daysLeft: daysLeft(ctx.now()),
      drivers,
      savings,
      through,
    }
  },
  text: (f, frame) =>
    `${headline(f)}: ${frame.money(f.cost)}${Number(f.limit) > 0 ? ` of ${frame.money(f.limit)}` : ''} used, ${frame.money(f.forecast)} expected. ${calls[f.state]}`,
  slack: (f, frame) => [
    header(headline(f)),
    section(used(f, frame)),
    ...(f.drivers.length || f.savings.count
      ? [
          fields({
            'Main drivers': f.drivers.map(({ label, more }) => `${label} +${frame.money(more)}`).join(' · '),
            'Could be saved': f.savings.count
              ? `${frame.money(f.savings.saving)} a month in ${count(f.savings.count, 'recommendation')}`
              : null,
          }),
        ]
      : []),
    ...(over(f) ? [] : [buttons(f)]),
  ],
  footer: (f) => ({ link: `/pools/${f.id}`, through: f.through, more: ['Sub-pools included'] }),
  over,
  samples: {
    usual: sample({}),
    exceeded: sample({
      state: 'exceeded',
      cost: '26120.4',
      passesOn: null,
      drivers: [],
      savings: { count: 0, saving: '0' },
    }),
    inside: sample({ state: 'ok', limit: '50000', passesOn: null }),
    unlimited: sample({ state: 'ok', limit: '0', passesOn: null }),
  },
})

const calls: Record<Facts['state'], string> = {
  ok: 'Nothing to do.',
  warning: 'Keep an eye on it.',
  overspend: 'Look at the drivers, save, or raise the limit.',
  exceeded: 'Look at the drivers, save, or raise the limit.',
}

/** As `/finops recs for` this pool counts them: two that lower one cost count once. */
async function savingsOf(ctx: OrgContext, poolId: string): Promise<Facts['savings']> {
  const where = { orgId: ctx.orgId, now: ctx.now(), poolId, status: 'active', over: '0' } as const
  const counts = await sumFindings(ctx.db, where)
  return { count: counts.reduce((sum, one) => sum + one.count, 0), saving: await sumSavings(ctx.db, where) }
}

/** Inside its limit again: nothing to press. */
function over({ state }: Pick<Facts, 'state'>): boolean {
  return state === 'ok' || state === 'warning'
}

function headline({ name, state, limit, passesOn }: Pick<Facts, 'name' | 'state' | 'limit' | 'passesOn'>): string {
  if (Number(limit) === 0) return `${name} has no limit`
  if (state === 'exceeded') return `${name} is over its limit`
  if (state === 'overspend')
    return `${name} will pass its limit${passesOn ? ` on ${dayInWords(passesOn)}` : ' this month'}`
  return `${name} is inside its limit`
}

function used({ cost, limit, forecast, daysLeft }: Facts, frame: Frame) {
  const left = md`used with ${count(daysLeft, 'day')} left. Forecast *${frame.money(forecast)}*`
  if (Number(limit) === 0) return md`*${frame.money(cost)}* ${left}.`
  const beyond = decimal(forecast).minus(limit)
  const more = beyond.gt(0) ? md`, that is *${frame.money(beyond.toFixed())}* over` : md``
  return lines(
    md`*${frame.money(cost)}* of *${frame.money(limit)}* ${left}${more}.`,
    bar(decimal(cost).div(limit).toNumber()),
  )
}

function buttons({ id, rev, path, savings }: Facts) {
  const name = quote(path)
  const see = savings.count > 0 && runs(`See ${count(savings.count, 'Saving')}`, `recs for ${name}`)
  const spend = runs('See Spend', `cost by service for ${name} mtd vs prev`)
  return actions(
    see && button({ ...see, primary: true }),
    spend && button(spend),
    button({ label: 'Raise Limit', verb: 'pool-limit', id, rev }),
    overflow(runs('Biggest Resources', `cost by resource for ${name} mtd`)),
  )
}

async function driversOf(ctx: OrgContext, poolId: string): Promise<Pick<Facts, 'drivers' | 'through'>> {
  const to = dayOf(ctx.now())
  const range = { from: monthOf(to), to }
  const days = daysBetween(range.from, to) + 1
  const compare = { from: addDays(range.from, -days), to: addDays(range.from, -1) }
  const answer = await breakdown(ctx, {
    scope: { poolId },
    groupBy: 'service',
    range,
    compare,
    grain: 'month',
    top: 20,
  })
  const drivers = answer.groups
    .map(({ label, total, before }) => ({
      label: label || 'Other',
      more: decimal(total)
        .minus(before ?? '0')
        .toFixed(),
    }))
    .filter(({ more }) => decimal(more).gt(0))
    .sort((a, b) => decimal(b.more).cmp(a.more))
  return { drivers: drivers.slice(0, 2), through: answer.through }
}

function sample(more: Partial<Facts>): Facts {
  return {
    id: '8f2c0000-0000-4000-8000-000000000002',
    rev: 2,
    name: 'Data platform',
    path: 'Data platform',
    state: 'overspend',
    limit: '25000',
    cost: '18940',
    forecast: '26120',
    passesOn: '2026-11-27',
    daysLeft: 7,
    drivers: [
      { label: 'BigQuery', more: '1310' },
      { label: 'GKE', more: '240' },
    ],
    savings: { count: 4, saving: '640' },
    through: new Date('2026-11-22T00:00:00Z'),
    ...more,
  }
}
