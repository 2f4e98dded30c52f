/** Tables of the coverage page. */
import { html } from 'hono/html'
import { coverageWords, type Coverage, type CoverageState } from '../engine/commitments/coverage.ts'
import type { Commitment } from '../engine/commitments/offers.ts'
import type { Offer, Suggestion } from '../engine/commitments/suggestions.ts'
import { decimal, isPositive } from '../engine/money.ts'
import type { View } from './env.ts'
import {
  badge,
  dash,
  fold,
  link,
  money,
  plural,
  quiet,
  sayDay,
  table,
  twoLines,
  type Content,
  type Tone,
} from './parts.ts'
import { dayOf } from '../engine/time.ts'

export const coverageTones: Record<CoverageState, Tone> = { hardly: 'bad', partly: 'warn', well: 'good' }

const hours = (amount: string | null): Content =>
  amount === null ? dash : Math.round(Number(amount)).toLocaleString('en-US')
const percent = (value: number | null): Content => (value === null ? dash : `${value}%`)

/** Accounts, families or regions with their hours, costs and waste. */
export function coverageTable(rows: Coverage[], { title, view }: { title: string; view: View }): Content {
  const amount = (value: string) => money(value, view.organization.currency)
  return table<Coverage>(
    [
      { title, head: true, cell: ({ label }) => label },
      {
        title: 'Covered',
        cell: ({ percent: share, state }) =>
          share === null ? dash : [badge(coverageWords[state], coverageTones[state]), ` ${share}%`],
      },
      { title: 'Hours', number: true, cell: (row) => hours(row.hours) },
      { title: 'of them covered', number: true, cell: (row) => percent(row.hoursPercent) },
      { title: 'With commitments', number: true, cell: (row) => amount(row.cost) },
      { title: 'Without', number: true, cell: (row) => amount(row.list) },
      { title: 'Saved', number: true, cell: (row) => amount(row.saving) },
      { title: 'Wasted', number: true, cell: (row) => amount(row.waste) },
    ],
    rows,
    { caption: `Coverage by ${title.toLowerCase()}`, empty: 'No machine hours in this time.' },
  )
}

/** The reservations and plans, with how much of each was used. */
export function commitmentsTable(rows: Commitment[], view: View): Content {
  const amount = (value: string | null) => money(value, view.organization.currency)
  return table<Commitment>(
    [
      {
        title: 'Commitment',
        head: true,
        cell: ({ id, type, resourceId, account }) =>
          twoLines(resourceId ? link(`/resources/${resourceId}`, type) : type, `${id} · ${account}`),
      },
      { title: 'For', cell: ({ flavor, region }) => twoLines(flavor || 'any', region || 'any region') },
      { title: 'Payment', cell: ({ payment, term }) => twoLines(payment || '–', term) },
      { title: 'Cost', number: true, cell: ({ expected }) => amount(expected) },
      { title: 'Used', number: true, cell: used },
      {
        title: 'Wasted',
        number: true,
        cell: ({ waste, wasteHours, flavor }) =>
          isPositive(waste) && wasteHours !== null
            ? twoLines(
                amount(waste),
                `${Math.round(Number(wasteHours)).toLocaleString('en-US')} h of ${flavor || 'machines'}`,
              )
            : amount(waste),
      },
      { title: 'Ends', cell: ends },
    ],
    rows,
    { caption: 'Reservations and savings plans', empty: 'No reservation or savings plan was billed in this time.' },
  )
}

/** Less than 80 per cent used is worth a look. */
function used({ utilization }: Commitment): Content {
  if (utilization === null) return quiet('not said')
  return utilization < 80 ? [badge('hardly used', 'warn'), ` ${utilization}%`] : `${utilization}%`
}

function ends({ startsAt, endsAt, daysLeft }: Commitment): Content {
  if (!endsAt) return dash
  const left = daysLeft ? `${plural(daysLeft, 'day')} left` : 'over'
  const soon = daysLeft !== null && daysLeft <= 30 ? badge(left, 'warn') : quiet(left)
  return html`${startsAt ? `${sayDay(dayOf(startsAt))} – ` : ''}${sayDay(dayOf(endsAt))} ${soon}`
}

/** What could be bought for each steady base, the best offer first. */
export function suggestionsTable(suggestions: Suggestion[], view: View): Content {
  const best = table<Suggestion>(
    [
      {
        title: 'Always running, uncovered',
        head: true,
        cell: ({ family, region, account, system, steady }) =>
          twoLines(`${family} in ${region}`, `${account} · ${system} · ${trimmed(steady)} units an hour`),
      },
      { title: 'Best offer', cell: ({ best: one }) => twoLines(named(one), bought(one)) },
      ...offerColumns<Suggestion>(({ best: one }) => one, view),
    ],
    suggestions,
    {
      caption: 'What could be bought',
      empty: 'Nothing uncovered runs on at least 95 of 100 days, or no offer for it is known yet.',
    },
  )
  const others = suggestions.map(({ family, region, account, offers }) =>
    fold(
      `All offers for ${family} in ${region} (${account})`,
      table<Offer>(
        [
          { title: 'Offer', head: true, cell: (one) => twoLines(named(one), bought(one)) },
          ...offerColumns<Offer>((one) => one, view),
          { title: 'Risk', cell: ({ risk }) => quiet(risk) },
        ],
        offers,
        { caption: `Offers for ${family} in ${region}`, empty: '' },
      ),
    ),
  )
  return [best, others]
}

const offerColumns = <Row>(of: (row: Row) => Offer, view: View) => {
  const amount = (value: string) => money(value, view.organization.currency)
  return [
    { title: 'Upfront', number: true, cell: (row: Row) => amount(of(row).upfront) },
    { title: 'On demand per month', number: true, cell: (row: Row) => amount(of(row).onDemand) },
    { title: 'Saves per month', number: true, cell: (row: Row) => amount(of(row).saving) },
    {
      title: 'Even in month',
      number: true,
      cell: (row: Row) => (isPositive(of(row).upfront) ? of(row).breakEvenMonth : 'at once'),
    },
    { title: 'Loses below', number: true, cell: (row: Row) => `${of(row).losesBelow}% used` },
  ]
}

const named = ({ name, years }: Offer): string => `${name}, ${plural(years, 'year')}`
const bought = ({ kind, count, flavor, payment, hourly }: Offer): string =>
  kind === 'ri' ? `${trimmed(count)} × ${flavor} · ${payment}` : `${trimmed(hourly)} an hour · ${payment}`
const trimmed = (amount: string): string => decimal(amount).toDecimalPlaces(4).toFixed()
