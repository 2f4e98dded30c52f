import { Hono } from 'hono'
import { listDuplicateChecks, type BucketChoice } from '../../db/queries/duplicates.ts'
import type { DuplicateCheck } from '../../db/schema/duplicates.ts'
import { can } from '../../engine/access.ts'
import { sayBytes } from '../../engine/bytes.ts'
import { caveats, findLatestCheck } from '../../engine/duplicates/matrix.ts'
import {
  listCheckableBuckets,
  mostBuckets,
  StartDuplicateCheck,
  startDuplicateCheck,
} from '../../engine/duplicates/start.ts'
import { DuplicateThresholds, readThresholds, setThresholds } from '../../engine/duplicates/thresholds.ts'
import { act } from '../act.ts'
import { caveatLines, checkBadge, isOpen } from '../duplicate-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { askForm, form, picks, readForm, textInput, tick, ticked, type Typed } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  address,
  columns,
  fold,
  link,
  linkButton,
  moment,
  money,
  pager,
  quiet,
  section,
  stats,
  table,
  type Content,
} from '../parts.ts'
import { askedInstant } from '../times.ts'

const pageSize = 20
/** More buckets than these are found by a part of their name. */
const shownBuckets = 200
const Start = StartDuplicateCheck.pick({ minSize: true })

/** Checks for equal objects in buckets: the latest result, a new check, earlier ones. */
export const duplicates = new Hono<WebEnv>()
  .get('/duplicates', async (c) => {
    const { ctx, view } = c.var
    const { q = '' } = c.req.query()
    const before = askedInstant(c.req.query('before'))
    const [checks, latest, thresholds, buckets, manages] = await Promise.all([
      listDuplicateChecks(ctx.db, { orgId: ctx.orgId, limit: pageSize + 1, ...(before ? { before } : {}) }),
      findLatestCheck(ctx, 'success'),
      readThresholds(ctx),
      listCheckableBuckets(ctx, { ...(q ? { like: q } : {}), limit: shownBuckets }),
      can(ctx, 'check_duplicates'),
    ])
    const page = checks.slice(0, pageSize)
    const running = page.find(isOpen)
    const next =
      checks.length > pageSize ? address('/duplicates', { before: page.at(-1)!.createdAt.toISOString() }) : null
    const settings = form(view, {
      ...{ name: 'thresholds', action: '/duplicates/thresholds', submit: 'Save', schema: DuplicateThresholds },
      ...{ values: thresholds, tone: 'plain' },
    })
    return show(
      c,
      'S3 duplicates',
      [
        latest ? figures(latest, view) : null,
        columns(
          [
            [section('Checks', checkTable(page, view)), pager({ first: before ? '/duplicates' : null, next })],
            [
              manages ? section('New check', startForm(buckets, { view, q })) : null,
              section('How to read it', caveatLines(caveats)),
              manages ? section('Colours', fold('Thresholds', settings, view.flash?.form === 'thresholds')) : null,
            ],
          ],
          'wide',
        ),
      ],
      {
        trail: [['/savings', 'Savings']],
        lead: 'Objects with equal checksum and size, in one bucket or in several, and what their storage costs.',
        // Here are forms, so the page of the check looks again by itself instead.
        actions: running ? linkButton(`/duplicates/${running.id}`, 'Follow the check') : null,
      },
    )
  })
  .post('/duplicates', (c) =>
    act(c, {
      back: '/duplicates',
      form: 'start',
      run: async (ctx, values) => {
        const bucketIds = Object.keys(values).flatMap((name) => (name.startsWith('bucket.') ? [name.slice(7)] : []))
        const { id } = await startDuplicateCheck(ctx, { bucketIds, ...Start.parse(readForm(Start, values)) })
        return { say: 'The check was started. This page follows it.', goTo: `/duplicates/${id}` }
      },
    }),
  )
  .post('/duplicates/thresholds', (c) =>
    act(c, {
      back: '/duplicates',
      form: 'thresholds',
      run: async (ctx, values) => {
        await setThresholds(ctx, DuplicateThresholds.parse(readForm(DuplicateThresholds, values)))
        return 'The thresholds are saved; colours follow at once.'
      },
    }),
  )

const figures = (latest: DuplicateCheck, view: View): Content =>
  stats([
    {
      ...{
        name: 'Could be saved',
        value: money(latest.saving, view.organization.currency),
        href: `/duplicates/${latest.id}`,
      },
      note: latest.saving === null ? 'the cost of storage is not on a bill' : 'a month, by the latest check',
    },
    { name: 'To spare', value: sayBytes(latest.duplicateBytes), note: `of ${sayBytes(latest.totalBytes)}` },
    { name: 'Equal objects', value: latest.duplicateObjects.toLocaleString('en-US'), note: 'originals too' },
    { name: 'Checked', value: moment(latest.finishedAt, view), note: `${latest.buckets} buckets` },
  ])

const checkTable = (checks: DuplicateCheck[], view: View): Content =>
  table<DuplicateCheck>(
    [
      { title: 'Started', head: true, cell: (one) => link(`/duplicates/${one.id}`, moment(one.createdAt, view)) },
      { title: 'State', cell: (one) => [checkBadge(one), ' ', quiet(one.state === 'failed' ? one.reason : null)] },
      {
        title: 'Buckets',
        number: true,
        cell: (one) => (isOpen(one) ? `${one.bucketsDone} of ${one.buckets}` : one.buckets),
      },
      { title: 'Objects', number: true, cell: (one) => one.objects.toLocaleString('en-US') },
      {
        title: 'To spare',
        number: true,
        cell: (one) => (one.state === 'success' ? sayBytes(one.duplicateBytes) : null),
      },
      { title: 'A month', number: true, cell: (one) => money(one.saving, view.organization.currency) },
    ],
    checks,
    { caption: 'Checks, newest first', empty: 'No check was made yet.' },
  )

function startForm(buckets: BucketChoice[], { view, q }: { view: View; q: string }): Content {
  const narrow =
    buckets.length === shownBuckets || q
      ? askForm('/duplicates', textInput('q', 'Name contains', { value: q }), 'Find')
      : null
  if (buckets.length === 0 && !q)
    return quiet('No bucket is known yet. Connect an AWS account; its buckets are here after the first discovery.')
  const option = ({ id, name, accountName, region }: BucketChoice, typed: Typed) =>
    tick(
      `bucket.${id}`,
      `${name} · ${[accountName, region].filter(Boolean).join(' · ')}`,
      ticked(typed, `bucket.${id}`, false),
    )
  return [
    narrow,
    form(view, {
      ...{ name: 'start', action: '/duplicates', submit: 'Find duplicates', schema: Start },
      more: (typed) => [
        quiet(`Choose 1 to ${mostBuckets} buckets, the dearest first.`),
        picks(buckets.map((one) => option(one, typed))),
      ],
    }),
  ]
}
