import { Hono } from 'hono'
import { findLatestCheck } from '../../engine/duplicates/matrix.ts'
import { coverageReport } from '../../engine/commitments/coverage.ts'
import { readArchive, recently } from '../../engine/recommendations/archive.ts'
import { forceCheck } from '../../engine/recommendations/force-check.ts'
import { getRecommendation } from '../../engine/recommendations/options.ts'
import { sayOverlaps, summary, type Kind } from '../../engine/recommendations/summary.ts'
import { act, chosen } from '../act.ts'
import { savingCard } from '../finding-parts.ts'
import type { WebEnv } from '../env.ts'
import { postButton } from '../form-parts.ts'
import { show } from '../layout.ts'
import { columns, linkButton, notice, tabs } from '../parts.ts'
import { cleanUps } from './clean-up-list.ts'
import { savingFigures } from './saving-figures.ts'

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
    const range = recently(ctx.now())
    const [all, duplicates, { total }, ended] = await Promise.all([
      summary(ctx),
      findLatestCheck(ctx, 'success'),
      coverageReport(ctx, { range }),
      readArchive(ctx, { range }),
    ])
    const asked = c.req.query('show') ?? 'all'
    const current = chosen(views, asked) ? asked : 'all'
    const shown = all.kinds.filter((chosen(views, asked) ?? views.all).keep)
    return show(
      c,
      'Savings',
      [
        savingFigures({ all, duplicates, covered: total }, view),
        tabs(
          Object.entries(views).map(([key, { name, keep }]) => ({
            href: key === 'all' ? '/savings' : `/savings?show=${key}`,
            name: `${name} ${all.kinds.filter(keep).length}`,
            current: key === current,
          })),
        ),
        shown.length
          ? columns(
              shown.map((kind) =>
                savingCard(kind, {
                  ...{ view, advice: getRecommendation(kind.id).advice },
                  ended: ended.kinds.find(({ id }) => id === kind.id),
                }),
              ),
              'thirds',
            )
          : notice('plain', 'No recommendation is like this.'),
        await cleanUps(ctx, view),
      ],
      {
        lead: `What could be saved per 30 days. ${sayOverlaps(all.overlaps) ?? 'No two of them lower the same cost.'}`,
        actions: [
          all.running ? linkButton(current === 'all' ? '/savings' : `/savings?show=${current}`, 'Look again') : null,
          linkButton('/savings/archive', 'Archive'),
          postButton(view, { action: '/savings/check', submit: 'Check now' }),
        ],
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
