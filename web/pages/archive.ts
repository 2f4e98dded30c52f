import { Hono } from 'hono'
import type { ArchivedRow } from '../../db/queries/archived-findings.ts'
import { archiveReasons } from '../../db/vocabulary.ts'
import { listArchive, readArchive, reasonWords, titleOf, type Ended } from '../../engine/recommendations/archive.ts'
import { recommendations } from '../../engine/recommendations/catalog.ts'
import { archiveQuery, archiveRanges, asArchiveQuery, readArchiveAsked, type ArchiveAsked } from '../archive-query.ts'
import type { View, WebEnv } from '../env.ts'
import { evidenceOf } from '../finding-parts.ts'
import { askForm, select } from '../form-parts.ts'
import { show } from '../layout.ts'
import * as parts from '../parts.ts'

const pageSize = 50

/** Findings that ended: when, why, and what they would have saved. */
export const archive = new Hono<WebEnv>().get('/savings/archive', async (c) => {
  const { ctx, view } = c.var
  const ask = readArchiveAsked(c.req.query())
  const query = archiveQuery(ask, ctx.now())
  const [sums, rows] = await Promise.all([
    readArchive(ctx, query),
    listArchive(ctx, { ...query, limit: pageSize + 1, ...(ask.after ? { after: ask.after } : {}) }),
  ])
  const page = rows.slice(0, pageSize)
  const at = (more: Record<string, string | undefined> = {}) =>
    parts.address('/savings/archive', { ...asArchiveQuery(ask), ...more })
  const file = (kind: string) => parts.address(`/files/archive/ended.${kind}`, asArchiveQuery(ask))
  return show(
    c,
    'Archive',
    [
      question(ask),
      sums.count ? figures(sums.reasons, { view, at }) : null,
      parts.section(
        parts.plural(sums.count, 'finding that ended', 'findings that ended'),
        ended(page, view),
        sums.count ? [parts.linkButton(file('csv'), 'CSV'), parts.linkButton(file('json'), 'JSON')] : undefined,
      ),
      parts.pager({
        first: ask.after ? at() : null,
        next: rows.length > pageSize ? at({ after: page.at(-1)!.id }) : null,
      }),
    ],
    {
      trail: [['/savings', 'Savings']],
      lead: 'What checks no longer found, and why. Savings are per month, of each finding by itself.',
    },
  )
})

const question = (ask: ArchiveAsked): parts.Content =>
  askForm('/savings/archive', [
    select('range', 'Ended', {
      choices: Object.entries(archiveRanges).map(([value, label]) => ({ value, label })),
      value: ask.range,
    }),
    select('recommendation', 'Recommendation', {
      any: 'all',
      choices: recommendations.map(({ id, title }) => ({ value: id, label: title })),
      value: ask.recommendation,
    }),
    select('reason', 'Why', {
      any: 'any reason',
      choices: archiveReasons.map((reason) => ({ value: reason, label: capital(reasonWords[reason].short) })),
      value: ask.reason,
    }),
  ])

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** A figure for each reason; its name narrows the list to it. */
const figures = (
  reasons: Ended[],
  { view, at }: { view: View; at: (more: Record<string, string>) => string },
): parts.Content =>
  parts.stats(
    reasons.map(({ reason, count, saving }) => ({
      ...{ name: capital(reasonWords[reason].short), value: count, href: at({ reason }) },
      note: saving === null ? 'saves no money' : [parts.money(saving, view.organization.currency), ' a month'],
      ...(reason === 'recommendation_applied' ? { tone: 'good' as const } : {}),
    })),
  )

const ended = (rows: ArchivedRow[], view: View): parts.Content =>
  parts.table<ArchivedRow>(
    [
      {
        title: 'Resource',
        head: true,
        cell: ({ isKnown, resourceId, resourceName, accountName }) =>
          parts.twoLines(
            isKnown ? parts.link(`/resources/${resourceId}`, resourceName) : resourceName,
            accountName ?? 'an account that is gone',
          ),
      },
      {
        title: 'Recommendation',
        cell: ({ recommendation }) => parts.link(`/savings/${recommendation}`, titleOf(recommendation)),
      },
      {
        title: 'Why it ended',
        cell: ({ reason }) => parts.twoLines(capital(reasonWords[reason].short), reasonWords[reason].long),
      },
      { title: 'What was known', cell: (row) => known(row, view) },
      { title: 'Found', cell: ({ detectedAt }) => parts.moment(detectedAt, view) },
      { title: 'Ended', cell: ({ archivedAt }) => parts.moment(archivedAt, view) },
      {
        title: 'Saving a month',
        number: true,
        cell: ({ saving }) => (saving === null ? '–' : parts.money(saving, view.organization.currency)),
      },
    ],
    rows,
    { caption: 'Findings that ended, the latest first', empty: 'Nothing ended then, as far as was asked.' },
  )

function known({ recommendation, evidence }: ArchivedRow, view: View): parts.Content {
  const one = recommendations.find(({ id }) => id === recommendation)
  return one ? evidenceOf(one, evidence, view) : '–'
}
