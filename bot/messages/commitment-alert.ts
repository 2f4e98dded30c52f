import { z } from 'zod'
import { commitmentAlertKinds } from '../../db/vocabulary.ts'
import { decimal } from '../../engine/money.ts'
import { dayOf } from '../../engine/time.ts'
import { actions, header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { lines, md, type Rich } from '../rich.ts'
import { count, dayInWords } from '../words.ts'
import { report, type Frame } from './message.ts'

const commitment = z.object({
  ...{ id: z.string(), kind: z.enum(commitmentAlertKinds), type: z.string(), account: z.string() },
  ...{ endsAt: z.coerce.date().nullable(), utilization: z.number().nullable(), waste: z.string() },
})
type Commitment = z.output<typeof commitment>
const facts = z.object({ commitments: z.array(commitment), count: z.number() })

/** Reservations or plans that end soon, or of which little was used for three days. */
export default report({
  name: 'commitment-alert',
  facts,
  text: (f, frame) => {
    const [first] = f.commitments
    if (!first) return 'All reservations and savings plans are well.'
    const more = f.count > 1 ? ` ${count(f.count - 1, 'more commitment')} like it.` : ''
    return `${plainOf(first, frame)}${more}`
  },
  slack: (f, frame) => {
    const idle = f.commitments.filter(({ kind }) => kind === 'idle')
    const ending = f.commitments.filter(({ kind }) => kind === 'expiring')
    const list = (some: Commitment[]): Rich => lines(...some.map((one) => about(one, frame)))
    return [
      header(idle.length ? 'Commitments are hardly used' : 'Commitments end soon'),
      ...(idle.length
        ? [section(lines(list(idle), md`Stop buying more of them, or move machines to what they cover.`))]
        : []),
      ...(ending.length
        ? [
            section(
              lines(
                list(ending),
                md`After that their machines cost the on-demand price. See what is worth buying again.`,
              ),
            ),
          ]
        : []),
      actions(button({ label: 'See Coverage', verb: 'run-command', arg: 'coverage 30d', primary: true })),
    ]
  },
  footer: (f) => ({
    link: '/coverage?range=30d',
    more: [f.count > f.commitments.length && `${f.count - f.commitments.length} more in the web view`, 'told once'],
  }),
  samples: {
    usual: { commitments: [idleOne()], count: 1 },
    both: { commitments: [idleOne(), endingOne()], count: 12 },
    ending: { commitments: [endingOne()], count: 1 },
    nothing: { commitments: [], count: 0 },
    long: {
      commitments: Array.from({ length: 10 }, () => ({ ...idleOne(), account: '会計 '.repeat(60) })),
      count: 100,
    },
  },
})

const plainOf = (one: Commitment, frame: Frame): string =>
  one.kind === 'idle'
    ? `${one.type} of ${one.account}: ${one.utilization ?? 0}% was used in the last three days, ${frame.money(one.waste)} was paid for nothing.`
    : `${one.type} of ${one.account} ends on ${one.endsAt ? dayInWords(dayOf(one.endsAt)) : 'an unknown day'}.`

const about = (one: Commitment, frame: Frame): Rich =>
  one.kind === 'idle'
    ? md`*${one.type}* ${one.id.slice(0, 8)} · ${one.account.slice(0, 60)}: *${one.utilization ?? 0}%* used, *${frame.money(decimal(one.waste).toFixed())}* wasted in three days`
    : md`*${one.type}* ${one.id.slice(0, 8)} · ${one.account.slice(0, 60)}: ends on *${one.endsAt ? dayInWords(dayOf(one.endsAt)) : '–'}*`

function idleOne(): Commitment {
  return {
    ...{ id: '75f200eb-1176-44b5-be56-01e9b6386a9a', kind: 'idle', type: 'Compute savings plan', account: 'AWS HQ' },
    ...{ endsAt: null, utilization: 41, waste: '6.37' },
  }
}

function endingOne(): Commitment {
  return {
    ...{ id: '5e511dc3-932f-48dd-aa8b-7906baf72f28', kind: 'expiring', type: 'Reserved instances, standard' },
    ...{ account: 'AWS HQ', endsAt: new Date('2026-12-10T11:43:13Z'), utilization: null, waste: '0' },
  }
}
