import { Hono } from 'hono'
import { can } from '../../engine/access.ts'
import { sayBytes } from '../../engine/bytes.ts'
import { duplicatesFile } from '../../engine/duplicates/download.ts'
import { caveats, getDuplicateCheck, type BucketFacts, type DuplicateFacts } from '../../engine/duplicates/matrix.ts'
import { stopDuplicateCheck } from '../../engine/duplicates/start.ts'
import { dayOf } from '../../engine/time.ts'
import { act } from '../act.ts'
import { caveatLines, checkBadge, checkBar, isOpen, matrixTable, toneBadge } from '../duplicate-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { download } from '../files.ts'
import { postButton } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  linkButton,
  money,
  moment,
  notice,
  plural,
  quiet,
  sayDay,
  section,
  stats,
  table,
  twoLines,
  type Content,
} from '../parts.ts'

/** One check for duplicates: how far it is, or what was found, bucket by bucket. */
export const duplicateCheck = new Hono<WebEnv>()
  .get('/duplicates/:id', async (c) => {
    const { ctx, view } = c.var
    const found = await getDuplicateCheck(ctx, c.req.param('id'))
    const { check } = found
    const open = isOpen(check)
    const stop = open && (await can(ctx, 'check_duplicates'))
    return show(
      c,
      `Duplicates in ${plural(check.buckets, 'bucket')}`,
      [
        open ? progress(found) : null,
        check.state === 'failed'
          ? notice('bad', `The check ended without a result. ${check.reason ?? ''}`, 'Earlier checks are untouched.')
          : null,
        check.state === 'success' ? result(found, view) : null,
        section('Buckets', bucketTable(found.buckets, view)),
        section('How to read it', caveatLines(caveats)),
      ],
      {
        trail: [
          ['/savings', 'Savings'],
          ['/duplicates', 'S3 duplicates'],
        ],
        lead: [checkBadge(check), ' started ', moment(check.createdAt, view)],
        actions: [
          check.groups > 0 ? linkButton(`/duplicates/${check.id}/objects.csv`, 'Download all') : null,
          stop ? postButton(view, { action: `/duplicates/${check.id}/stop`, submit: 'Stop' }) : null,
        ],
        refresh: open ? 2 : undefined,
      },
    )
  })
  .post('/duplicates/:id/stop', (c) => {
    const checkId = c.req.param('id')
    return act(c, {
      back: `/duplicates/${checkId}`,
      run: async (ctx) => {
        await stopDuplicateCheck(ctx, { checkId })
        return 'The check was stopped; what it listed so far is dropped.'
      },
    })
  })
  .get('/duplicates/:id/objects.csv', async (c) => {
    const { ctx } = c.var
    const number = (text: string | undefined) => (/^\d{1,3}$/.test(text ?? '') ? Number(text) : undefined)
    const [bucket, other] = [number(c.req.query('bucket')), number(c.req.query('with'))]
    const file = await duplicatesFile(ctx, {
      checkId: c.req.param('id'),
      ...(bucket === undefined ? {} : { bucket }),
      ...(other === undefined ? {} : { with: other }),
    })
    const which = [bucket, other].filter((n) => n !== undefined).map((n) => `-bucket-${n}`)
    return download(c, file, { name: `duplicates${which.join('')}-${dayOf(ctx.now())}.csv`, type: 'text/csv' })
  })

const progress = ({ check }: DuplicateFacts): Content =>
  section('Progress', [
    checkBar(check),
    quiet(
      `${check.bucketsDone} of ${plural(check.buckets, 'bucket')}, ${plural(check.objects, 'object')}, ${sayBytes(check.totalBytes)}. This page looks again by itself.`,
    ),
    check.reason ? quiet(` ${check.reason} It is tried again.`) : null,
  ])

function result(found: DuplicateFacts, view: View): Content {
  const { check, buckets } = found
  const small = check.objects - check.filteredObjects
  const unpriced = buckets.filter(({ state, monthlyCost }) => state === 'listed' && monthlyCost === null).length
  return [
    unpriced > 0
      ? notice(
          'plain',
          `The bill names no storage cost of ${plural(unpriced, 'bucket')} on ${sayDay(check.costDay!)}, so their saving is not known.`,
        )
      : null,
    stats([
      {
        ...{ name: 'Could be saved', value: money(check.saving, view.organization.currency), tone: 'good' },
        note:
          check.saving === null
            ? 'the cost of storage is not known'
            : `a month, at the storage cost of ${sayDay(check.costDay!)}`,
      },
      {
        name: 'To spare',
        value: sayBytes(check.duplicateBytes),
        note: `of ${sayBytes(check.totalBytes)}, one copy kept of each`,
      },
      {
        ...{ name: 'Equal objects', value: check.duplicateObjects.toLocaleString('en-US') },
        note: `${plural(check.groups, 'group')}, originals too`,
      },
      {
        ...{ name: 'Objects', value: check.objects.toLocaleString('en-US') },
        note: small
          ? `${small.toLocaleString('en-US')} smaller than ${sayBytes(check.minBytes)} left out`
          : 'all of them counted',
      },
    ]),
    section(
      'Matrix',
      check.groups > 0 ? matrixTable(found, view) : quiet('No two objects are equal.'),
      check.groups > 0
        ? 'what deleting the copies from the bucket of the row saves a month; a cell downloads its objects'
        : null,
    ),
  ]
}

const words: Record<BucketFacts['state'], string> = {
  ...{ waiting: 'waits', listing: 'is read', listed: 'read', missing: 'left out', refused: 'left out' },
}

const bucketTable = (buckets: BucketFacts[], { organization: { currency } }: View): Content =>
  table<BucketFacts>(
    [
      {
        title: 'Bucket',
        head: true,
        cell: (one) => twoLines(one.name, [one.accountName, ' · ', one.region || 'region not known']),
      },
      { title: 'State', cell: (one) => twoLines(words[one.state], one.note) },
      {
        title: 'Objects',
        number: true,
        cell: (one) => twoLines(one.objects.toLocaleString('en-US'), sayBytes(one.bytes)),
      },
      {
        ...{ title: 'With duplicates', number: true },
        cell: (one) => twoLines(one.duplicateObjects.toLocaleString('en-US'), sayBytes(one.duplicateBytes)),
      },
      { title: 'Storage a month', number: true, cell: (one) => money(one.monthlyCost, currency) },
      { title: 'Could be saved', number: true, cell: (one) => money(one.saving, currency) },
      { title: 'Colour', cell: (one) => (one.state === 'listed' ? toneBadge(one.tone) : null) },
    ],
    buckets,
    { caption: 'Buckets of the check, the dearest first', empty: 'None.' },
  )
