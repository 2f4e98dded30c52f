import { Hono } from 'hono'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listPools } from '../../db/queries/pools.ts'
import {
  findFinding,
  findingStatuses,
  listFindings,
  type FindingRow,
  type FindingStatus,
} from '../../db/queries/recommendations.ts'
import type { Context } from '../../engine/context.ts'
import { notFound } from '../../engine/errors.ts'
import { manuals } from '../../engine/recommendations/catalog.ts'
import { getRecommendation, readOptions, setOptions, type Options } from '../../engine/recommendations/options.ts'
import type { Recommendation } from '../../engine/recommendations/recommendation.ts'
import { scriptClouds } from '../../engine/recommendations/scripts.ts'
import { summary } from '../../engine/recommendations/summary.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { evidenceOf } from '../finding-parts.ts'
import { decide, decisionForms } from './finding.ts'
import { form, readForm, tick } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  address,
  columns,
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
export const recommendation = new Hono<WebEnv>()
  .get('/savings/:recommendation', async (c) => {
    const { ctx, view } = c.var
    const one = getRecommendation(c.req.param('recommendation'))
    const { status, after } = readAsked(c.req.query())
    const [all, options, rows] = await Promise.all([
      summary(ctx),
      readOptions(ctx, one),
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
        kind.error
          ? notice('warn', `Not every account could be checked. ${kind.error}`, 'Its last good findings are shown.')
          : null,
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
          findingStatuses.map((name) => ({
            href: at({ status: name === 'active' ? '' : name }),
            name: `${titles[name]} ${counts[name]}`,
            current: name === status,
          })),
        ),
        section(titles[status], findings(page, { one, view }), downloads(one, kind.count, status)),
        pager({ first: after ? at({}) : null, next: rows.length > pageSize ? at({ after: page.at(-1)!.id }) : null }),
        columns(
          [
            section('What this is', prose(manuals[one.id] ?? one.advice)),
            section('Settings', await settings(ctx, { one, options, view })),
          ],
          'wide',
        ),
      ],
      { trail: [['/savings', 'Savings']], lead: one.advice },
    )
  })
  .post('/savings/:recommendation/options', (c) => {
    const one = getRecommendation(c.req.param('recommendation'))
    return act(c, {
      back: `/savings/${one.id}`,
      form: 'options',
      run: async (ctx, values) => {
        const chosen = (prefix: string) =>
          Object.keys(values).flatMap((name) => (name.startsWith(`${prefix}.`) ? [name.slice(prefix.length + 1)] : []))
        await setOptions(ctx, {
          recommendation: one.id,
          options: {
            ...readForm(one.options, values),
            excluded_pools: Object.fromEntries(chosen('excluded_pools').map((id) => [id, true])),
            skip_cloud_accounts: chosen('skip_cloud_accounts'),
          },
        })
        return 'The settings are saved. They count from the next check on.'
      },
    })
  })
  .post('/findings/:id/:decision', async (c) => {
    const { ctx } = c.var
    const found = await findFinding(ctx.db, { orgId: ctx.orgId, id: c.req.param('id'), now: ctx.now() })
    const decision = decide[c.req.param('decision')]
    if (!found || !decision) throw notFound('There is no such finding. Nothing was changed.')
    const back =
      c.req.query('from') === 'resource' && found.resourceId
        ? `/resources/${found.resourceId}`
        : `/savings/${found.recommendation}`
    return act(c, { back, run: (ctx, values) => decision(ctx, found, values) })
  })

const titles: Record<FindingStatus, string> = {
  active: 'Active',
  snoozed: 'Snoozed',
  dismissed: 'Dismissed',
  excluded: 'Excluded',
}

function readAsked({ status, after }: Record<string, string>): { status: FindingStatus; after: string | null } {
  const known = findingStatuses.find((name) => name === status) ?? 'active'
  return { status: known, after: after && /^[0-9a-f-]{36}$/.test(after) ? after : null }
}

function downloads(one: Recommendation, count: number, status: FindingStatus): Content {
  if (count === 0 || status !== 'active') return null
  const at = `/files/savings/${one.id}`
  const script = scriptClouds(one).length ? linkButton(`${at}/script`, 'Clean-up script') : ''
  return [linkButton(`${at}/findings.csv`, 'CSV'), linkButton(`${at}/findings.json`, 'JSON'), script]
}

function findings(rows: FindingRow[], { one, view }: { one: Recommendation; view: View }): Content {
  return table<FindingRow>(
    [
      {
        title: 'Resource',
        head: true,
        cell: (row) =>
          twoLines(
            row.resourceId ? link(`/resources/${row.resourceId}`, row.resourceName ?? row.key) : row.key,
            `${row.accountName} · ${row.region ?? ''}`,
          ),
      },
      { title: 'Why', cell: (row) => evidenceOf(one.evidence, row.evidence, view) },
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

async function settings(
  ctx: Context,
  { one, options, view }: { one: Recommendation; options: Options; view: View },
): Promise<Content> {
  const [pools, accounts] = await Promise.all([
    listPools(ctx.db, ctx.orgId),
    listAccounts(ctx.db, { orgId: ctx.orgId }),
  ])
  const left = pools.map(({ id, path }) => tick(`excluded_pools.${id}`, path, options.excluded_pools[id] === true))
  const skipped = accounts.map(({ id, name }) =>
    tick(`skip_cloud_accounts.${id}`, name, options.skip_cloud_accounts.includes(id)),
  )
  return form(view, {
    name: 'options',
    action: `/savings/${one.id}/options`,
    submit: 'Save settings',
    schema: one.options,
    values: options,
    more: [one.excludable ? fold('Leave out pools', left) : '', fold('Skip accounts', skipped)],
  })
}
