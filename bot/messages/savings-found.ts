import { z } from 'zod'
import { isPositive } from '../../engine/money.ts'
import { actions, header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { lines, md } from '../rich.ts'
import { count } from '../words.ts'
import { report } from './message.ts'

/** A check found noticeably more to save than before: how much, and the kinds that save most. */
export default report({
  name: 'savings-found',
  facts: z.object({
    totalSaving: z.string(),
    savingBefore: z.string(),
    count: z.number(),
    top: z.array(z.object({ id: z.string(), title: z.string(), count: z.number(), saving: z.string() })),
  }),
  text: (f, frame) =>
    `You can save ${frame.money(f.totalSaving)}/mo${before(f.savingBefore, frame.money)}. Review ${count(f.count, 'recommendation')}, the biggest in ${f.top[0]?.title ?? 'savings'}.`,
  slack: (f, frame) => [
    header(`${frame.money(f.totalSaving)} a month can be saved`),
    section(
      lines(
        `The last check found more to save${before(f.savingBefore, frame.money)}. Biggest:`,
        ...f.top.map((one) => md`*${one.title}* · ${one.count} · ${frame.money(one.saving)}/mo`),
      ),
    ),
    actions(
      button({ label: 'Review', verb: 'review', arg: '|||', primary: true, aria: 'Review all recommendations' }),
      button({ label: 'Show All', verb: 'run-command', arg: 'recs' }),
    ),
  ],
  footer: () => ({ link: '/savings', command: 'recs' }),
  samples: {
    usual: {
      ...{ totalSaving: '412.6', savingBefore: '310', count: 10 },
      top: [{ id: 'rightsizing_instances', title: 'Underutilized instances', count: 3, saving: '361.4' }],
    },
    first: { totalSaving: '3.6', savingBefore: '0', count: 1, top: [] },
  },
})

const before = (amount: string, money: (amount: string) => string): string =>
  isPositive(amount) ? `, ${money(amount)}/mo before` : ''
