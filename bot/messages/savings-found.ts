import { z } from 'zod'
import { isPositive } from '../../engine/money.ts'
import { summary } from '../../engine/recommendations/summary.ts'
import { dataThrough } from '../../engine/spend/breakdown.ts'
import { actions, header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { lines, md, moment } from '../rich.ts'
import { count } from '../words.ts'
import { card } from './message.ts'

const top = z.array(z.object({ id: z.string(), title: z.string(), count: z.number(), saving: z.string() }))

/** What can be saved now: told when a check found noticeably more, and kept up to date by the checks and decisions after it. */
export default card({
  name: 'savings-found',
  subject: 'organization',
  facts: z.object({
    total: z.string(),
    count: z.number(),
    top,
    checkedAt: z.coerce.date().nullable(),
    through: z.coerce.date().nullable(),
  }),
  async load(ctx) {
    const { totalSaving: total, kinds, lastCheckAt } = await summary(ctx)
    const saving = kinds.flatMap(({ id, title, count, saving }) =>
      saving !== null && isPositive(saving) ? [{ id, title, count, saving }] : [],
    )
    return {
      ...{ total, top: saving.slice(0, 3), checkedAt: lastCheckAt, through: await dataThrough(ctx) },
      count: saving.reduce((sum, kind) => sum + kind.count, 0),
    }
  },
  text: (f, frame) =>
    f.count === 0
      ? 'Nothing is left to save.'
      : `You can save ${frame.money(f.total)}/mo. Review ${count(f.count, 'recommendation')}, the biggest in ${f.top[0]!.title}.`,
  slack: (f, frame) =>
    f.count === 0
      ? [section('*Nothing is left to save.* The next check is on its way.')]
      : [
          header(`${frame.money(f.total)} a month can be saved`),
          section(lines(...f.top.map((one) => md`*${one.title}* · ${one.count} · ${frame.money(one.saving)}/mo`))),
          actions(
            button({ label: 'Review', verb: 'review', arg: '||||', primary: true, aria: 'Review all recommendations' }),
            button({ label: 'Show All', verb: 'run-command', arg: 'recs for everything' }),
          ),
        ],
  footer: (f) => ({
    ...{ link: '/savings', through: f.through, command: 'recs' },
    more: [
      f.checkedAt ? md`Checked ${moment(f.checkedAt)}` : null,
      f.count > 0 && 'of several on one resource the best counts',
    ],
  }),
  samples: {
    usual: {
      ...{ total: '412.6', count: 10, checkedAt: new Date('2026-11-23T09:00:00Z') },
      top: [{ id: 'rightsizing_instances', title: 'Underutilized instances', count: 3, saving: '361.4' }],
      through: new Date('2026-11-22T00:00:00Z'),
    },
    nothing: { total: '0', count: 0, top: [], checkedAt: null, through: null },
  },
})
