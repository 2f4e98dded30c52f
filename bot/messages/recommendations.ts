import { z } from 'zod'
import { isPositive } from '../../engine/money.ts'
import { actions, context, section, type Block } from '../blocks.ts'
import { button, overflow } from '../controls.ts'
import { lines, linkTo, md, moment } from '../rich.ts'
import { count, listed } from '../words.ts'
import { report, type Frame } from './message.ts'

const kind = z.object({
  id: z.string(),
  title: z.string(),
  advice: z.string(),
  count: z.number(),
  saving: z.string().nullable(),
  hasScript: z.boolean(),
})
const row = z.object({
  ...{ id: z.string(), rev: z.number(), dismissable: z.boolean(), schedulable: z.boolean().default(false) },
  ...{ resource: z.string(), where: z.string(), owner: z.string(), saving: z.string().nullable() },
  /** What is known about it, the first of it. */
  why: z.object({ rich: z.string() }),
})

const schema = z.object({
  /** " for payments", " above $50": what narrows the answer. */
  scope: z.string(),
  /** Per 30 days; null when only safety was asked about. */
  total: z.string().nullable(),
  kinds: z.array(kind),
  /** How overlapping savings are counted in the total. */
  overlaps: z.string().nullable().optional(),
  /** How many ended lately and why, in a sentence. */
  ended: z.string().nullable().optional(),
  /** What could not be judged, why and what to do, with the kinds it concerns. */
  problems: z.array(z.object({ text: z.string(), titles: z.array(z.string()) })),
  /** The biggest ones when one kind was asked for. */
  rows: z.array(row),
  /** The kind whose settings the person may change; null when several are shown or they may not. */
  settings: z.string().nullable().default(null),
  /** What the review buttons carry besides the kind: pool, owner and least saving. */
  narrow: z.string(),
  page: z.string(),
  lastCheckAt: z.coerce.date().nullable(),
  nextCheckAt: z.coerce.date().nullable(),
  running: z.boolean(),
  through: z.coerce.date().nullable(),
})
export type RecommendationsFacts = z.infer<typeof schema>

/** What can be saved: every kind of recommendation with findings, or one kind with its biggest resources. */
export default report({
  name: 'recommendations',
  facts: schema,
  text: (f, frame) => {
    const found = f.kinds.reduce((sum, one) => sum + one.count, 0)
    if (found === 0) return `No recommendations${f.scope}.`
    if (f.total === null) return `${count(found, 'finding')}${f.scope}: ${f.kinds[0]!.title}.`
    return `You can save ${frame.money(f.total)}/mo${f.scope}: ${count(found, 'recommendation')}, most in ${f.kinds[0]!.title}.`
  },
  slack: (f, frame) => {
    const found = f.kinds.filter((one) => one.count > 0)
    if (found.length === 0) return [section(`No recommendations${f.scope}.`), ...problems(f), checkAgain(f)]
    const total =
      f.total === null
        ? `This is about safety${f.scope}; it saves no money.`
        : md`*${frame.money(f.total)}* a month can be saved${f.scope}. ${f.overlaps ?? ''}`
    return [
      section(total),
      ...found.slice(0, mostKinds).map((one) => kindRow(one, f, frame)),
      ...(found.length > mostKinds ? [context(`${count(found.length - mostKinds, 'more kind')} on the page`)] : []),
      ...f.rows.slice(0, 5).map((each) => findingRow(each, frame)),
      ...problems(f),
      reviewAll(f, found),
    ]
  },
  footer: (f) => ({ link: f.page, through: f.through, more: [checks(f), f.ended] }),
  samples: {
    usual: sample({}),
    one: sample({
      rows: [
        {
          ...{ id: 'f1', rev: 1, dismissable: true, schedulable: true },
          ...{ resource: 'data-2', where: 'AWS prod · eu-west-1', owner: 'Max', saving: '12.4' },
          why: { rich: 'Cost while not attached: $41.70' },
        },
      ],
      settings: 'volumes_not_attached_for_a_long_time',
    }),
    safety: sample({
      total: null,
      kinds: [
        {
          ...{
            id: 'inactive_users',
            title: 'Inactive IAM users',
            count: 1,
            saving: null,
            hasScript: true,
            error: null,
          },
          advice: 'Switch off the keys and the password of the user; delete it when nobody asks.',
        },
      ],
      rows: [
        {
          ...{ id: 'f1', rev: 1, dismissable: false, schedulable: false, saving: null },
          ...{ resource: 'old-deploy', where: 'AWS prod', owner: 'nobody', why: { rich: 'Last used: never' } },
        },
      ],
    }),
    nothing: sample({ kinds: [], total: '0' }),
    never: sample({ lastCheckAt: null, nextCheckAt: null, through: null, scope: ' for payments', running: true }),
  },
})

const mostKinds = 6
type Kind = z.infer<typeof kind>
type Row = z.infer<typeof row>

function kindRow(one: Kind, { narrow }: RecommendationsFacts, frame: Frame): Block {
  const saving = one.saving !== null && isPositive(one.saving) ? md` · *${frame.money(one.saving)}/mo*` : ''
  const review = button({
    ...{ label: 'Review', verb: 'review', arg: `${one.id}${narrow}` },
    aria: `Review ${count(one.count, 'recommendation')}: ${one.title}`,
  })
  return section(lines(md`*${one.title}* · ${one.count}${saving}`, one.advice), review)
}

function findingRow(
  { id, rev, dismissable, schedulable, resource, where, owner, saving, why }: Row,
  frame: Frame,
): Block {
  const schedule = schedulable && { label: 'Power Schedule', verb: 'suggest-schedule', id, rev }
  const later = { label: 'Snooze 7 Days', verb: 'snooze', id, rev, arg: '7' }
  const never = dismissable && { label: 'Dismiss', verb: 'dismiss', id, rev }
  const worth = saving === null ? '' : md` · ${frame.money(saving)}/mo`
  const page = linkTo(frame.url(`/findings/${id}`), 'Details')
  return section(
    lines(md`*${resource}*${worth} · ${page}`, md`${where} · ${owner}`, why),
    overflow(schedule, later, never)!,
  )
}

const problems = ({ problems: all }: RecommendationsFacts): Block[] => {
  if (all.length === 0) return []
  const shown = all.slice(0, 3).map(({ text, titles }) => md`${text} _${listed(titles)}_`)
  const more = all.length > 3 ? `${count(all.length - 3, 'more reason')} on the page.` : null
  return [section(lines(md`*Not checked completely:*`, ...shown, more))]
}

function reviewAll(f: RecommendationsFacts, found: Kind[]): Block {
  const scripts = found.filter((one) => one.hasScript)
  return actions(
    found.length > 1 && button({ label: 'Review All', verb: 'review', arg: f.narrow, primary: true }),
    scripts.length === 1 && button({ label: 'Get Script', verb: 'get-script', id: scripts[0]!.id }),
    button({ label: 'Check Again Now', verb: 'check-again' }),
    settings(f),
    scripts.length > 1 &&
      overflow(...scripts.map((one) => ({ label: `Script: ${one.title}`, verb: 'get-script', id: one.id }))),
  )
}

const checkAgain = (f: RecommendationsFacts): Block =>
  actions(button({ label: 'Check Again Now', verb: 'check-again' }), settings(f))

const settings = ({ settings: id }: RecommendationsFacts) =>
  id !== null && button({ label: 'Settings', verb: 'recommendation-settings', id })

function checks({ lastCheckAt, nextCheckAt, running }: RecommendationsFacts) {
  if (running) return 'A check is running'
  if (!lastCheckAt) return 'Not checked yet'
  const next = nextCheckAt ? md`, next ${moment(nextCheckAt, 'time')}` : ''
  return md`Checked ${moment(lastCheckAt)}${next}`
}

function sample(more: Partial<RecommendationsFacts>): RecommendationsFacts {
  return {
    ...{
      scope: '',
      total: '412.6',
      overlaps: '3 of these lower the same cost; only the largest counts.',
      ended: '12 ended in the last 30 days: 9 done, 2 no longer needed, 1 gone',
      rows: [],
      settings: null,
      narrow: '||||',
      page: '/savings',
      running: false,
    },
    kinds: [
      {
        ...{ id: 'volumes_not_attached_for_a_long_time', title: 'Not attached volumes', count: 7, saving: '51.2' },
        ...{ advice: 'Delete the volume, after a snapshot if its data may be needed.', hasScript: true },
      },
      {
        ...{ id: 'rightsizing_instances', title: 'Underutilized instances', count: 3, saving: '361.4' },
        ...{ advice: 'Change the instance to the recommended machine type; it restarts.', hasScript: false },
      },
    ],
    problems: [
      {
        text: 'AWS prod: There is no price list of machine types for this cloud yet. Nothing to do: prices are read after the account.',
        titles: ['Underutilized instances', 'Reserved instances opportunities'],
      },
    ],
    lastCheckAt: new Date('2026-11-23T09:00:00Z'),
    nextCheckAt: new Date('2026-11-23T12:00:00Z'),
    through: new Date('2026-11-22T00:00:00Z'),
    ...more,
  }
}
