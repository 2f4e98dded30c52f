import { z } from 'zod'
import { decimal } from '../../engine/money.ts'
import { actions, chart, picture, section, table, type Block } from '../blocks.ts'
import { button, menu, overflow } from '../controls.ts'
import { join, lines, md, type Rich } from '../rich.ts'
import { change, count, dayInWords, signed } from '../words.ts'
import { report, type Frame } from './message.ts'

const group = z.object({ label: z.string(), total: z.string(), change: z.number().nullable(), share: z.number() })

const facts = z.object({
  /** Whose money: "Payments", "Everything". */
  scope: z.string(),
  by: z.string(),
  range: z.string(),
  when: z.string(),
  before: z.string(),
  total: z.string(),
  billed: z.string(),
  change: z.number().nullable(),
  compared: z.boolean(),
  mover: z.object({ label: z.string(), more: z.string() }).nullable(),
  groups: z.array(group),
  /** Drawn natively; null when a picture is drawn or nobody wants one. */
  series: z
    .object({
      title: z.string(),
      days: z.array(z.string()),
      lines: z.array(z.object({ name: z.string(), values: z.array(z.number()) })),
    })
    .nullable(),
  limit: z.object({ limit: z.string(), forecast: z.string(), passesOn: z.string().nullable() }).nullable(),
  /** Is it a pool's money, or all of it? Nothing else has a limit. */
  limitable: z.boolean().default(true),
  wantsLimit: z.boolean().default(false),
  through: z.coerce.date().nullable(),
  estimated: z.boolean(),
  plain: z.boolean(),
  link: z.string(),
})
export type CostFacts = z.output<typeof facts>

/** What was spent, by what, and how that compares; menus ask the same question again with one change. */
export default report<CostFacts>({
  name: 'cost-answer',
  facts,
  text: spoken,
  slack: (f, frame) => [
    section(lines(...sentences(f, frame))),
    ...drawing(f, frame),
    ...groupBlocks(f, frame),
    ...controls(f, frame.question),
  ],
  footer: (f) => ({
    link: f.link,
    through: f.through,
    more: [f.estimated ? 'Estimated: this month’s bill may still change' : null],
  }),
  samples: {
    usual: sample({}),
    empty: sample({ total: '0', billed: '0', change: null, mover: null, groups: [], series: null, through: null }),
    'budget of a person': sample({ scope: 'Priya', limitable: false, wantsLimit: true }),
    budget: sample({ limit: { limit: '28000', forecast: '29120', passesOn: '2026-11-27' } }),
    many: sample({
      scope: '決済プラットフォーム Ω',
      groups: Array.from({ length: 100 }, (_, n) => ({
        label: `サービス ${n} ${'x'.repeat(90)}`,
        total: `${1000 - n}.25`,
        change: n,
        share: 1,
      })),
    }),
    plain: sample({ plain: true }),
  },
})

/** What the answer is, sentence by sentence; names and amounts are bold where marks are read. */
function sentences(f: CostFacts, frame: Frame): Rich[] {
  if (f.through === null)
    return [
      md`There is no cost data yet.`,
      md`Connect an account or upload a bill; the first answer comes right after the import.`,
    ]
  const compared =
    f.change === null ? `nothing in ${f.before}` : `${change(f.change)} ${f.change === 0 ? 'as' : 'from'} ${f.before}`
  const first = md`*${f.scope}* spent *${frame.money(f.total)}* ${f.when}${f.compared ? `, ${compared}` : ''}.`
  const moved = f.mover && decimal(f.mover.more)
  const way = moved?.gt(0) ? 'up' : 'down'
  return [
    first,
    ...(f.mover && moved ? [md`Biggest mover: *${f.mover.label}*, ${way} ${frame.money(moved.abs().toFixed())}.`] : []),
    ...(f.limit ? [md`${limitSentence(f.limit, frame)}`] : []),
    ...(f.wantsLimit && !f.limitable ? [md`Only pools have limits.`] : []),
  ]
}

/** The same in one line. */
function spoken(f: CostFacts, frame: Frame): Rich {
  return join(sentences(f, frame), ' ')
}

function limitSentence({ limit, forecast, passesOn }: NonNullable<CostFacts['limit']>, frame: Frame): string {
  const expected = `${frame.money(forecast)} expected by the end of the month`
  if (Number(limit) === 0) return `${expected}; there is no limit.`
  const over = decimal(forecast).gt(limit)
  return `${expected}, ${over ? 'over' : 'inside'} the limit of ${frame.money(limit)}${passesOn ? `; it will be passed on ${dayInWords(passesOn)}` : ''}.`
}

function drawing(f: CostFacts, frame: Frame): Block[] {
  if (frame.picture) return [picture(frame.picture, spoken(f, frame).rich.replaceAll('*', ''))]
  if (!f.series || f.series.lines.length === 0 || f.plain) return []
  const { title, days, lines: series } = f.series
  // Slack lays areas over each other, so the biggest would hide the rest.
  return [chart({ kind: series.length > 1 ? 'line' : 'area', title, categories: days, series, unit: frame.currency })]
}

function groupBlocks(f: CostFacts, frame: Frame): Block[] {
  if (f.groups.length < 2) return []
  const rows = f.groups.map((one) => [
    one.label || 'Not set',
    frame.money(one.total),
    f.compared ? signed(one.change) : '–',
    `${one.share}%`,
  ])
  if (f.plain)
    return [
      section(
        lines(
          ...rows.slice(0, 12).map(([label, total, moved, share]) => md`${label!}: ${total!}, ${moved!}, ${share!}`),
        ),
      ),
    ]
  return [
    table(`Cost by ${f.by}, ${f.when}: ${count(rows.length, 'row')}`, [
      [titleOf(f.by), 'Cost', 'Change', 'Share'],
      ...rows,
    ]),
  ]
}

const titleOf = (by: string) => `${by[0]!.toUpperCase()}${by.slice(1)}`

const groupings = ['service', 'pool', 'owner', 'account', 'region', 'type', 'resource', 'cloud']
const ranges: Record<string, string> = {
  '7d': 'Last 7 Days',
  '14d': 'Last 14 Days',
  '30d': 'Last 30 Days',
  mtd: 'Month to Date',
  'last-month': 'Last Month',
  '12w': 'Last 12 Weeks',
}

function controls(f: CostFacts, question: string | null): Block[] {
  if (!question) return []
  const again = (label: string, arg: string) => ({ label, verb: 'ask-again', id: question, arg })
  return [
    actions(
      menu({
        name: 'group',
        placeholder: 'Group by',
        choices: groupings.map((by) => again(titleOf(by), `by ${by}`)),
        chosen: `by ${f.by}`,
      }),
      menu({
        name: 'range',
        placeholder: 'Range',
        choices: Object.entries(ranges).map(([token, label]) => again(label, token)),
        chosen: f.range,
      }),
      button({
        label: 'Share to Channel',
        verb: 'share',
        id: question,
        aria: 'Post this answer for everybody in the channel',
      }),
      overflow(
        f.limitable && again('Compare With Budget', 'vs budget'),
        again('As Plain Text', '--text'),
        again('Download CSV', '--csv'),
      ),
    ),
  ]
}

function sample(more: Partial<CostFacts>): CostFacts {
  const days = [
    'Nov 9',
    'Nov 10',
    'Nov 11',
    'Nov 12',
    'Nov 13',
    'Nov 14',
    'Nov 15',
    'Nov 16',
    'Nov 17',
    'Nov 18',
    'Nov 19',
    'Nov 20',
    'Nov 21',
    'Nov 22',
  ]
  return {
    ...{ limitable: true, wantsLimit: false },
    ...{ scope: 'Payments', by: 'service', range: '14d', when: 'in the last 14 days', before: 'the 14 days before' },
    ...{ total: '12480.17', billed: '12100', change: 18, compared: true, mover: { label: 'Amazon RDS', more: '1310' } },
    groups: [
      { label: 'Amazon EC2', total: '5298', change: 2, share: 42 },
      { label: 'Amazon RDS', total: '3721', change: 54, share: 30 },
      { label: 'Other (12)', total: '1259', change: null, share: 10 },
    ],
    series: {
      title: 'Daily spend by service, last 14 days',
      days,
      lines: [{ name: 'Amazon EC2', values: days.map((_, n) => 400 + n) }],
    },
    limit: null,
    through: new Date('2026-11-22T00:00:00Z'),
    ...{ estimated: true, plain: false, link: '/spend?by=service&range=14d' },
    ...more,
  }
}
