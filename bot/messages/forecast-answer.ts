import { z } from 'zod'
import { decimal } from '../../engine/money.ts'
import { actions, fields, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { md } from '../rich.ts'
import { bar, count, dayInWords } from '../words.ts'
import { poolLine, stateWords } from './budget-answer.ts'
import { report } from './message.ts'

/** What a pool (or everything) will cost this month, and when its limit is passed. */
export default report({
  name: 'forecast-answer',
  facts: z.object({ pool: poolLine, daily: z.string(), daysLeft: z.number(), through: z.coerce.date().nullable() }),
  text: ({ pool, daysLeft }, frame) => {
    const limit = Number(pool.limit)
      ? decimal(pool.forecast).gt(pool.limit)
        ? `, ${frame.money(decimal(pool.forecast).minus(pool.limit).toFixed())} over the limit of ${frame.money(pool.limit)}`
        : `, inside the limit of ${frame.money(pool.limit)}`
      : ''
    return `${pool.name} is expected to cost ${frame.money(pool.forecast)} this month${limit}. ${frame.money(pool.cost)} so far, ${count(daysLeft, 'day')} left.`
  },
  slack: ({ pool, daily, daysLeft }, frame) => [
    section(md`*${pool.name}* is expected to cost *${frame.money(pool.forecast)}* this month.`),
    fields({
      'So far': frame.money(pool.cost),
      'A day': `${frame.money(daily)}, ${count(daysLeft, 'day')} left`,
      Limit: Number(pool.limit) ? `${frame.money(pool.limit)}, ${stateWords[pool.state]}` : 'No limit',
      'Passed on': pool.passesOn ? dayInWords(pool.passesOn) : null,
      Used: Number(pool.limit) ? bar(decimal(pool.cost).div(pool.limit).toNumber()) : null,
    }),
    ...(frame.question ? [actions(button({ label: 'Share to Channel', verb: 'share', id: frame.question }))] : []),
  ],
  footer: ({ pool, through }) => ({
    link: `/pools/${pool.id}`,
    through,
    more: ['Cost so far plus the daily average since last month for the days left'],
  }),
  samples: {
    usual: {
      pool: {
        id: '2',
        name: 'Payments',
        path: 'Payments',
        depth: 1,
        limit: '28000',
        cost: '19120',
        forecast: '29700',
        state: 'overspend',
        passesOn: '2026-11-27',
      },
      daily: '816.4',
      daysLeft: 8,
      through: new Date('2026-11-22T00:00:00Z'),
    },
    unlimited: {
      pool: {
        id: '1',
        name: 'Acme',
        path: 'Acme',
        depth: 0,
        limit: '0',
        cost: '0',
        forecast: '0',
        state: 'ok',
        passesOn: null,
      },
      daily: '0',
      daysLeft: 1,
      through: null,
    },
  },
})
