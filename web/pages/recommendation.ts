import { Hono } from 'hono'
import { listFindings, type FindingRow, type FindingStatus } from '../../db/queries/recommendations.ts'
import { manuals } from '../../engine/recommendations/catalog.ts'
import { readArchive, recently } from '../../engine/recommendations/archive.ts'
import { sayInputs } from '../../engine/recommendations/inputs.ts'
import { getRecommendation, readOptions } from '../../engine/recommendations/options.ts'
import type { Recommendation } from '../../engine/recommendations/recommendation.ts'
import { hasScript, scriptClouds } from '../../engine/recommendations/scripts.ts'
import { summary, type Kind } from '../../engine/recommendations/summary.ts'
import type { View, WebEnv } from '../env.ts'
import { endedLine, evidenceOf } from '../finding-parts.ts'
import { decisionForms } from './finding.ts'
import { settings } from './recommendation-settings.ts'
import { show } from '../layout.ts'
import {
  address,
  columns,
  facts,
  fold,
  link,
  linkButton,
  moment,
  money,
  notice,
  pager,
  prose,
  section,
  stats,
  table,
  tabs,
  twoLines,
  type Content,
} from '../parts.ts'

const pageSize = 50

/** One kind of advice: what it found, what may be done about it, how it looks. */
export const recommendation = new Hono<WebEnv>().get('/savings/:recommendation', async (c) => {
  const { ctx, view } = c.var
  const one = getRecommendation(c.req.param('recommendation'))
  const { status, after } = readAsked(c.req.query())
  const [all, options, archive, rows] = await Promise.all([
    summary(ctx),
    readOptions(ctx, one),
    readArchive(ctx, { recommendation: one.id, range: recently(ctx.now()) }),
    listFindings(ctx.db, {
      orgId: ctx.orgId,
      now: ctx.now(),
      recommendation: one.id,
      status,
      limit: pageSize + 1,
      ...(after ? { after } : {}),
    }),
  ])
  const kind = all.kinds.find(({ id }) => id === one.id)!
  const page = rows.slice(0, pageSize)
  const at = (more: { status?: string; after?: string | undefined }) =>
    address(`/savings/${one.id}`, { status: status === 'active' ? '' : status, ...more })
  const counts = { active: kind.count, snoozed: kind.snoozed, dismissed: kind.dismissed, excluded: kind.excluded }
  return show(
    c,
    one.title,
    [
      kind.lacks.map(({ account, text }) =>
        notice('warn', `${account}: ${text}`, 'What was found before is still shown.'),
      ),
      stats([
        ...(kind.saving === null
          ? []
          : [
              {
                name: 'Possible saving',
                value: money(kind.saving, view.organization.currency),
                note: 'per month',
                tone: 'good' as const,
              },
            ]),
        { name: 'Findings', value: kind.count, note: 'active' },
        {
          name: 'Put aside',
          value: kind.snoozed + kind.dismissed + kind.excluded,
          note: 'snoozed, dismissed or excluded',
        },
      ]),
      tabs(
        statuses.map((name) => ({
          href: at({ status: name === 'active' ? '' : name }),
          name: `${titles[name]} ${counts[name]}`,
          current: name === status,
        })),
      ),
      section(titles[status], findings(page, { one, view }), downloads(one, kind, status)),
      archive.kinds.map(endedLine),
      one.id === 'reserved_instances' ? link('/coverage', 'What is covered already, and what could be bought') : null,
      pager({ first: after ? at({}) : null, next: rows.length > pageSize ? at({ after: page.at(-1)!.id }) : null }),
      columns(
        [
          section('What this is', [prose(manuals[one.id] ?? one.advice), about(one)]),
          section('Settings', await settings(ctx, { one, options, view })),
        ],
        'wide',
      ),
    ],
    { trail: [['/savings', 'Savings']], lead: one.advice },
  )
})

/** What it reads and where, and what is done with it. */
const about = (one: Recommendation): Content =>
  facts([
    ['Reads', sayInputs(one).join(', ')],
    ['Clouds', one.clouds.join(', ')],
    ['Clean-up script', scriptClouds(one).join(', ') || 'none, it is done by hand'],
  ])

const statuses = ['active', 'snoozed', 'dismissed', 'excluded'] as const satisfies FindingStatus[]
const titles: Record<FindingStatus, string> = {
  active: 'Active',
  snoozed: 'Snoozed',
  dismissed: 'Dismissed',
  excluded: 'Excluded',
}

function readAsked({ status, after }: Record<string, string>): { status: FindingStatus; after: string | null } {
  const known = statuses.find((name) => name === status) ?? 'active'
  return { status: known, after: after && /^[0-9a-f-]{36}$/.test(after) ? after : null }
}

function downloads(one: Recommendation, { count, clouds }: Kind, status: FindingStatus): Content {
  if (count === 0 || status !== 'active') return null
  const at = `/files/savings/${one.id}`
  const cleanUp = hasScript(one, clouds)
    ? [linkButton(`${at}/script`, 'Clean-up script'), linkButton(`${at}/list`, 'List for the script')]
    : ''
  return [linkButton(`${at}/findings.csv`, 'CSV'), linkButton(`${at}/findings.json`, 'JSON'), cleanUp]
}

function findings(rows: FindingRow[], { one, view }: { one: Recommendation; view: View }): Content {
  return table<FindingRow>(
    [
      {
        title: 'Resource',
        head: true,
        cell: (row) =>
          twoLines(
            link(row.resourceId ? `/resources/${row.resourceId}` : `/findings/${row.id}`, row.resourceName ?? row.key),
            [row.accountName, row.region].filter(Boolean).join(' · '),
          ),
      },
      {
        title: 'Why',
        cell: (row) => [evidenceOf(one, row.evidence, view), ' ', link(`/findings/${row.id}`, 'Details')],
      },
      { title: 'Pool and owner', cell: (row) => twoLines(row.poolName ?? '–', row.ownerName ?? 'nobody') },
      { title: 'Since', cell: (row) => moment(row.detectedAt, view) },
      ...(one.category === 'cost'
        ? [
            {
              title: 'Saving a month',
              number: true,
              cell: (row: FindingRow) => money(row.saving, view.organization.currency),
            },
          ]
        : []),
      { title: 'Decide', cell: (row) => fold('Decide', decisionForms(row, view)) },
    ],
    rows,
    { caption: `Findings of ${one.title}`, empty: 'Nothing here. Good.' },
  )
}
