import { z } from 'zod'
import { decimal, isPositive } from '../../engine/money.ts'
import { actions, chart, picture, section, table, type Block } from '../blocks.ts'
import { button, menu, overflow } from '../controls.ts'
import { join, lines, md, type Rich } from '../rich.ts'
import { count } from '../words.ts'
import { report, type Frame } from './message.ts'

const row = z.object({
  ...{ label: z.string(), percent: z.number().nullable(), hours: z.string(), cost: z.string() },
  ...{ saving: z.string(), waste: z.string() },
})
const advice = z.object({
  ...{ name: z.string(), account: z.string(), region: z.string(), family: z.string(), system: z.string() },
  ...{ payment: z.string(), years: z.number(), upfront: z.string(), saving: z.string() },
  ...{ breakEvenMonth: z.number(), losesBelow: z.number() },
})
const facts = z.object({
  scope: z.string(),
  when: z.string(),
  range: z.string(),
  plain: z.boolean(),
  through: z.coerce.date().nullable(),
  percent: z.number().nullable(),
  hoursPercent: z.number().nullable(),
  /** "partly covered". */
  state: z.string(),
  hours: z.string(),
  cost: z.string(),
  saving: z.string(),
  waste: z.string(),
  net: z.string(),
  rows: z.array(row),
  series: z
    .object({
      title: z.string(),
      days: z.array(z.string()),
      lines: z.array(z.object({ name: z.string(), values: z.array(z.number()) })),
    })
    .nullable(),
  advice: advice.nullable(),
  link: z.string(),
})
export type CoverageFacts = z.output<typeof facts>

/** What reservations and savings plans pay for, what they save and waste, and the best thing that could be bought. */
export default report<CoverageFacts>({
  name: 'coverage-answer',
  facts,
  text: (f, frame) => join(sentences(f, frame), ' '),
  slack: (f, frame) => [
    section(lines(...sentences(f, frame))),
    ...drawing(f, frame),
    ...rows(f, frame),
    ...suggestion(f, frame),
    ...controls(f, frame.question),
  ],
  footer: (f) => ({
    ...{ link: f.link, through: f.through },
    more: ['Coverage: the share of machine cost that commitments pay; uncovered and saved at on-demand prices'],
  }),
  samples: {
    usual: sample({}),
    empty: sample({ through: null, percent: null, hoursPercent: null, hours: '0', cost: '0', rows: [], series: null }),
    quiet: sample({ hours: '0', percent: null, hoursPercent: null, saving: '0', waste: '0', rows: [], advice: null }),
    plain: sample({ plain: true, series: null, waste: '0', saving: '-3' }),
    many: sample({
      scope: '決済プラットフォーム Ω',
      rows: Array.from({ length: 100 }, (_, n) => ({
        ...{
          label: `アカウント ${n} ${'x'.repeat(90)}`,
          percent: n,
          hours: '1000',
          cost: `${n}.5`,
          saving: '1',
          waste: '0',
        },
      })),
    }),
  },
})

function sentences(f: CoverageFacts, frame: Frame): Rich[] {
  if (f.through === null)
    return [md`No bill has machine hours yet.`, md`Connect an AWS account or upload its cost and usage report.`]
  if (f.percent === null)
    return [
      md`*${f.scope}*: no machine hours ${f.when}.`,
      ...(isPositive(f.waste) ? [md`Commitments still cost *${frame.money(f.waste)}*.`] : []),
    ]
  const wasted = isPositive(f.waste) ? md`; *${frame.money(f.waste)}* was paid for nothing` : md``
  if (f.percent === 0 && decimal(f.saving).isZero())
    return [
      md`*${f.scope}* is not covered ${f.when}: no commitment pays for any of its *${frame.money(f.cost)}*${wasted}.`,
    ]
  const saves = decimal(f.saving).gte(0)
  return [
    md`*${f.scope}* is ${f.state} ${f.when}: commitments pay *${f.percent}%* of the machine cost and ${f.hoursPercent ?? 0}% of the hours.`,
    md`They ${saves ? 'saved' : 'cost'} *${frame.money(decimal(f.saving).abs().toFixed())}* ${saves ? 'against' : 'more than'} on demand${wasted}.`,
  ]
}

function drawing(f: CoverageFacts, frame: Frame): Block[] {
  if (frame.picture) return [picture(frame.picture, `Machine hours per day: reservations, savings plans, uncovered.`)]
  if (!f.series || f.plain) return []
  const { title, days, lines: series } = f.series
  return [chart({ kind: 'area', title, categories: days, series, unit: 'hours' })]
}

function rows(f: CoverageFacts, frame: Frame): Block[] {
  if (f.rows.length === 0) return []
  const cells = f.rows.map((one) => [
    ...[
      one.label,
      one.percent === null ? '–' : `${one.percent}%`,
      Math.round(Number(one.hours)).toLocaleString('en-US'),
    ],
    ...[frame.money(one.cost), frame.money(one.saving), frame.money(one.waste)],
  ])
  if (f.plain)
    return [section(lines(...cells.slice(0, 12).map(([label, share, , cost]) => md`${label!}: ${share!} of ${cost!}`)))]
  const titles = ['Of', 'Covered', 'Hours', 'Cost', 'Saved', 'Wasted']
  return [table(`Coverage ${f.when}: ${count(cells.length, 'row')}`, [titles, ...cells])]
}

function suggestion({ advice: one }: CoverageFacts, frame: Frame): Block[] {
  if (!one) return []
  const even = isPositive(one.upfront)
    ? md`${frame.money(one.upfront)} upfront, even in month ${one.breakEvenMonth}`
    : md`nothing upfront`
  return [
    section(
      lines(
        md`*${one.name}, ${one.years === 1 ? '1 year' : `${one.years} years`}* for ${one.family} in ${one.region} (${one.account}, ${one.system}): saves *${frame.money(one.saving)}/mo*, ${even}.`,
        md`Only what always ran in the last 30 days is counted. Used less than ${one.losesBelow}%, it loses money.`,
      ),
    ),
  ]
}

const ranges: Record<string, string> = {
  mtd: 'Month to Date',
  '7d': 'Last 7 Days',
  '14d': 'Last 14 Days',
  '30d': 'Last 30 Days',
  'last-month': 'Last Month',
}

function controls(f: CoverageFacts, question: string | null): Block[] {
  if (!question) return []
  const again = (label: string, arg: string) => ({ label, verb: 'ask-again', id: question, arg })
  const choices = Object.entries(ranges).map(([token, label]) => again(label, token))
  return [
    actions(
      menu({ name: 'range', placeholder: 'Range', choices, chosen: f.range }),
      button({
        label: 'What to Reserve',
        verb: 'run-command',
        arg: 'recs reserved',
        aria: 'Instances that could be reserved',
      }),
      button({ label: 'Share to Channel', verb: 'share', id: question, aria: 'Post this answer for everybody here' }),
      overflow(again('As Plain Text', '--text'), again('Download CSV', '--csv')),
    ),
  ]
}

function sample(more: Partial<CoverageFacts>): CoverageFacts {
  const days = ['Nov 19', 'Nov 20', 'Nov 21', 'Nov 22']
  return {
    ...{
      scope: 'Everything',
      when: 'this month so far',
      range: 'mtd',
      plain: false,
      link: '/coverage?from=2026-11-01',
    },
    ...{ through: new Date('2026-11-22T00:00:00Z'), percent: 41.5, hoursPercent: 38, state: 'partly covered' },
    ...{ hours: '5280', cost: '412.4', saving: '96.1', waste: '12.2', net: '83.9' },
    rows: [
      { label: 'AWS HQ', percent: 52.7, hours: '3600', cost: '301.2', saving: '80', waste: '0' },
      { label: 'AWS Marketing', percent: 11, hours: '1680', cost: '111.2', saving: '16.1', waste: '12.2' },
    ],
    series: {
      title: 'Machine hours per day this month so far',
      days,
      lines: ['Reservations', 'Savings plans', 'Uncovered'].map((name, n) => ({
        name,
        values: days.map(() => 40 * n),
      })),
    },
    advice: {
      ...{ name: 'Compute savings plan', account: 'AWS HQ', region: 'eu-central-1', family: 't3', system: 'Linux' },
      ...{ payment: 'Partial Upfront', years: 1, upfront: '525.6', saving: '57', breakEvenMonth: 6, losesBelow: 61 },
    },
    ...more,
  }
}
