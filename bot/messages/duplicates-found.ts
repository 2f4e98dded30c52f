import { z } from 'zod'
import { duplicateCheckStates } from '../../db/vocabulary.ts'
import { sayBytes } from '../../engine/bytes.ts'
import { caveats, getDuplicateCheck } from '../../engine/duplicates/matrix.ts'
import { toneWords } from '../../engine/duplicates/thresholds.ts'
import { AppError } from '../../engine/errors.ts'
import { decimal } from '../../engine/money.ts'
import { dataThrough } from '../../engine/spend/breakdown.ts'
import { actions, context, header, section, type Block } from '../blocks.ts'
import { button, linkButton } from '../controls.ts'
import type { OrgContext } from '../context.ts'
import { lines, md, moment } from '../rich.ts'
import { bar, count, dayInWords } from '../words.ts'
import { card, type Frame } from './message.ts'

const tone = z.enum(['unknown', 'low', 'attention', 'critical'])
const bucket = z.object({
  ...{ name: z.string(), objects: z.number(), bytes: z.number() },
  ...{ saving: z.string().nullable(), tone },
})
const facts = z.object({
  id: z.string(),
  state: z.enum(duplicateCheckStates),
  reason: z.string().nullable(),
  buckets: z.number(),
  bucketsDone: z.number(),
  objects: z.number(),
  bytes: z.number(),
  minBytes: z.number(),
  groups: z.number(),
  duplicates: z.number(),
  duplicateBytes: z.number(),
  saving: z.string().nullable(),
  costDay: z.string().nullable(),
  /** The buckets with most to save. */
  top: z.array(bucket),
  /** Buckets whose cost no bill names, and those that could not be listed. */
  unpriced: z.number(),
  leftOut: z.array(z.object({ name: z.string(), reason: z.string() })),
  finishedAt: z.date().nullable(),
  through: z.date().nullable(),
})
type Facts = z.output<typeof facts>

/** A look for equal objects: how far it is, edited in place, then what was found and what it costs. */
export default card<Facts>({
  name: 'duplicates-found',
  subject: 'duplicates',
  facts,
  load: loadFacts,
  over: ({ state }) => state === 'failed',
  text: headline,
  slack: (f, frame) => (f.state === 'success' ? result(f, frame) : f.state === 'failed' ? failure(f) : progress(f)),
  footer: (f) => ({
    link: `/duplicates/${f.id}`,
    ...(f.state === 'success' ? { through: f.through } : {}),
    more: [
      f.finishedAt && md`Checked ${moment(f.finishedAt)}`,
      f.costDay && f.saving !== null && `storage cost of ${dayInWords(f.costDay)} times 30`,
    ],
  }),
  samples: {
    usual: sample({}),
    waiting: sample({ state: 'queued', bucketsDone: 0, objects: 0, bytes: 0, top: [], finishedAt: null, saving: null }),
    running: sample({ state: 'running', bucketsDone: 1, top: [], finishedAt: null, saving: null, costDay: null }),
    nothing: sample({ groups: 0, duplicates: 0, duplicateBytes: 0, saving: '0', top: [] }),
    unpriced: sample({
      ...{ saving: null, unpriced: 2, through: null },
      top: [{ name: 'backups', objects: 10, bytes: 2e9, saving: null, tone: 'unknown' }],
      leftOut: [{ name: 'old-logs', reason: 'It no longer exists.' }],
    }),
    failed: sample({ state: 'failed', reason: 'The account AWS prod was disconnected.', top: [], saving: null }),
  },
})

async function loadFacts(ctx: OrgContext, id: string): Promise<Facts | null> {
  const found = await getDuplicateCheck(ctx, id).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'not_found') return null
    throw error
  })
  if (!found) return null
  const { check, buckets } = found
  const spare = buckets
    .filter((one) => one.duplicateObjects > 0)
    .toSorted((a, b) => decimal(b.saving ?? -1).cmp(a.saving ?? -1) || b.duplicateBytes - a.duplicateBytes)
  const listed = buckets.filter(({ state }) => state === 'listed')
  const leftOut = buckets.filter(({ state }) => state === 'missing' || state === 'refused')
  return {
    ...{ id, state: check.state, reason: check.reason, buckets: check.buckets, bucketsDone: check.bucketsDone },
    ...{ objects: check.objects, bytes: check.totalBytes, minBytes: check.minBytes, groups: check.groups },
    ...{ duplicates: check.duplicateObjects, duplicateBytes: check.duplicateBytes, saving: check.saving },
    ...{ costDay: check.costDay, finishedAt: check.finishedAt, through: await dataThrough(ctx) },
    unpriced: check.state === 'success' ? listed.filter(({ monthlyCost }) => monthlyCost === null).length : 0,
    top: spare.slice(0, 5).map(({ name, duplicateObjects, duplicateBytes, saving, tone }) => ({
      ...{ name, objects: duplicateObjects, bytes: duplicateBytes, saving, tone },
    })),
    leftOut: leftOut.map(({ name, note }) => ({ name, reason: note ?? '' })),
  }
}

const isNothing = ({ groups }: Facts) => groups === 0

function headline(f: Facts, frame: Frame): string {
  const where = count(f.buckets - f.leftOut.length, 'bucket')
  if (f.state === 'failed') return `Looking for duplicates ended without a result. ${f.reason ?? ''}`.trim()
  if (f.state !== 'success')
    return `Looking for duplicates: ${f.bucketsDone} of ${count(f.buckets, 'bucket')}, ${count(f.objects, 'object')} so far.`
  if (isNothing(f)) return `No duplicates among ${count(f.objects, 'object')} in ${where}.`
  const saving = f.saving === null ? '' : `, about ${frame.money(f.saving)}/mo to save`
  return `${count(f.duplicates, 'equal object')} in ${where}: ${sayBytes(f.duplicateBytes)} to spare${saving}. Look at the matrix.`
}

function progress(f: Facts): Block[] {
  return [
    header(`Looking for duplicates in ${count(f.buckets, 'bucket')}`),
    section(
      lines(
        bar(f.buckets ? f.bucketsDone / f.buckets : 0),
        md`${f.bucketsDone} of ${count(f.buckets, 'bucket')} · ${count(f.objects, 'object')} · ${sayBytes(f.bytes)} so far`,
        f.state === 'running' ? null : (f.reason ?? 'It waits for its turn.'),
      ),
    ),
    actions(
      button({
        ...{ label: 'Stop', verb: 'stop-duplicates', id: f.id },
        confirm: { title: 'Stop?', text: 'What was listed so far is dropped.', yes: 'Stop', no: 'Keep Going' },
      }),
    ),
  ]
}

const failure = (f: Facts): Block[] => [
  section('*Looking for duplicates ended without a result.* Earlier checks are untouched.'),
  ...(f.reason ? [context(f.reason)] : []),
]

function result(f: Facts, frame: Frame): Block[] {
  const spare = f.saving === null ? 'No bill names the cost of these buckets, so no saving is given' : null
  const smaller = f.minBytes > 1 ? ` of at least ${sayBytes(f.minBytes)}` : ''
  const what = isNothing(f)
    ? md`*No duplicates* among ${count(f.objects, 'object')}${smaller}.`
    : md`*${count(f.duplicates, 'object')}*${smaller} in ${count(f.groups, 'group')} of equals; *${sayBytes(f.duplicateBytes)}* is not the only copy.`
  const unpriced = f.unpriced > 0 && f.saving !== null && `${count(f.unpriced, 'bucket')} without a cost on the bill`
  return [
    header(isNothing(f) ? 'No duplicates found' : headlineOf(f, frame)),
    section(lines(what, ...f.top.map((one) => bucketLine(one, frame)))),
    ...(f.leftOut.length
      ? [section(lines('*Left out:*', ...f.leftOut.slice(0, 5).map(({ name, reason }) => md`${name}: ${reason}`)))]
      : []),
    actions(
      linkButton('Open Matrix', frame.url(`/duplicates/${f.id}`)),
      !isNothing(f) && linkButton('Download', frame.url(`/duplicates/${f.id}/objects.csv`)),
      button({ label: 'Find Again', verb: 'find-duplicates' }),
    ),
    context(spare, unpriced, ...caveats),
  ]
}

const headlineOf = ({ saving, duplicateBytes }: Facts, frame: Frame) =>
  saving === null ? `${sayBytes(duplicateBytes)} of duplicates` : `${frame.money(saving)} a month in duplicates`

const bucketLine = ({ name, objects, bytes, saving, tone }: z.infer<typeof bucket>, frame: Frame) =>
  md`*${name}* · ${count(objects, 'object')}, ${sayBytes(bytes)} · ${saving === null ? '' : `${frame.money(saving)}/mo, `}${toneWords[tone]}`

function sample(more: Partial<Facts>): Facts {
  return {
    ...{ id: '6b1f0000-0000-4000-8000-000000000001', state: 'success', reason: null, buckets: 3, bucketsDone: 3 },
    ...{ objects: 428_113, bytes: 4.2e12, minBytes: 1, groups: 1200, duplicates: 3100, duplicateBytes: 1.3e12 },
    ...{ saving: '310.5', costDay: '2026-11-20', unpriced: 1, leftOut: [] },
    top: [
      { name: 'backups', objects: 2000, bytes: 1e12, saving: '240', tone: 'critical' },
      { name: 'reports', objects: 1100, bytes: 3e11, saving: '70.5', tone: 'attention' },
    ],
    finishedAt: new Date('2026-11-23T09:40:00Z'),
    through: new Date('2026-11-22T00:00:00Z'),
    ...more,
  }
}
