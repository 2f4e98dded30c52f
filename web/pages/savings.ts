import { Hono } from 'hono'
import type { DuplicateCheck } from '../../db/schema/duplicates.ts'
import { sayBytes } from '../../engine/bytes.ts'
import { findLatestCheck } from '../../engine/duplicates/matrix.ts'
import { coverageReport, coverageWords, type Coverage } from '../../engine/commitments/coverage.ts'
import { forceCheck } from '../../engine/recommendations/force-check.ts'
import { getRecommendation } from '../../engine/recommendations/options.ts'
import { sayOverlaps, summary, type Kind, type Summary } from '../../engine/recommendations/summary.ts'
import { addDays, dayOf } from '../../engine/time.ts'
import { act } from '../act.ts'
import { coverageTones } from '../coverage-parts.ts'
import { savingCard } from '../finding-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { postButton } from '../form-parts.ts'
import { show } from '../layout.ts'
import { ago, columns, money, notice, plural, stats, tabs, type Content } from '../parts.ts'

const views = {
  all: { name: 'All', keep: () => true },
  cost: { name: 'Savings', keep: (kind: Kind) => kind.category === 'cost' },
  security: { name: 'Security', keep: (kind: Kind) => kind.category === 'security' },
  critical: { name: 'Critical', keep: (kind: Kind) => kind.state === 'critical' },
  found: { name: 'With findings', keep: (kind: Kind) => kind.count > 0 },
}

/** What could be saved, a card for each kind of advice. */
export const savings = new Hono<WebEnv>()
  .get('/savings', async (c) => {
    const { ctx, view } = c.var
    const range = { from: addDays(dayOf(ctx.now()), -29), to: dayOf(ctx.now()) }
    const [all, duplicates, { total }] = await Promise.all([
      summary(ctx),
      findLatestCheck(ctx, 'success'),
      coverageReport(ctx, { range }),
    ])
    const asked = c.req.query('show') ?? 'all'
    const current = asked in views ? (asked as keyof typeof views) : 'all'
    const shown = all.kinds.filter(views[current].keep)
    return show(
      c,
      'Savings',
      [
        figures({ all, duplicates, covered: total }, view),
        tabs(
          Object.entries(views).map(([key, { name, keep }]) => ({
            href: key === 'all' ? '/savings' : `/savings?show=${key}`,
            name: `${name} ${all.kinds.filter(keep).length}`,
            current: key === current,
          })),
        ),
        shown.length
          ? columns(
              shown.map((kind) => savingCard(kind, { view, advice: getRecommendation(kind.id).advice })),
              'thirds',
            )
          : notice('plain', 'No recommendation is like this.'),
      ],
      {
        lead: `What could be saved per 30 days. ${sayOverlaps(all.overlaps) ?? 'No two of them lower the same cost.'}`,
        actions: postButton(view, { action: '/savings/check', submit: 'Check now' }),
        refresh: all.running ? 5 : undefined,
      },
    )
  })
  .post('/savings/check', (c) =>
    act(c, {
      back: '/savings',
      run: async (ctx) => {
        await forceCheck(ctx)
        return 'A check was started. New findings appear here when it is done.'
      },
    }),
  )

type Found = { all: Summary; duplicates: DuplicateCheck | null; covered: Coverage }

function figures({ all, duplicates, covered }: Found, { organization, now }: View): Content {
  const of = (category: Kind['category']) =>
    all.kinds.filter((kind) => kind.category === category).reduce((sum, { count }) => sum + count, 0)
  const critical = all.kinds.filter(({ state }) => state === 'critical').length
  return stats([
    { name: 'Possible savings', value: money(all.totalSaving, organization.currency), note: 'per month', tone: 'good' },
    { name: 'Savings found', value: of('cost'), note: plural(critical, 'critical kind') },
    ...(covered.percent === null
      ? []
      : [
          {
            name: 'Coverage',
            value: `${covered.percent}%`,
            note: `${coverageWords[covered.state]}, last 30 days`,
            tone: coverageTones[covered.state],
            href: '/coverage?range=30d',
          },
        ]),
    { name: 'Security', value: of('security'), note: 'findings' },
    {
      ...{ name: 'S3 duplicates', href: '/duplicates' },
      value: duplicates ? sayBytes(duplicates.duplicateBytes) : 'not looked for',
      note: duplicates?.saving ? [money(duplicates.saving, organization.currency), ' a month'] : 'find equal objects',
    },
    {
      name: 'Last check',
      value: ago(all.lastCheckAt, now),
      note: all.running ? 'one is running now' : `next ${ago(all.nextCheckAt, now)}`,
    },
  ])
}
