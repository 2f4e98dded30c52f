import { z } from 'zod'
import { decimal } from '../../engine/money.ts'
import { section, table } from '../blocks.ts'
import { join, lines, md } from '../rich.ts'
import { bar, count, dayInWords } from '../words.ts'
import { report } from './message.ts'

export const poolLine = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  depth: z.number(),
  limit: z.string(),
  cost: z.string(),
  forecast: z.string(),
  state: z.enum(['ok', 'warning', 'overspend', 'exceeded']),
  passesOn: z.string().nullable(),
})

/** States in words; colour alone never says it. */
export const stateWords = { ok: 'inside', warning: 'nearly full', overspend: 'will be passed', exceeded: 'passed' }

/** Limits of pools: what is used, what is expected, which are passed or will be. */
export default report({
  name: 'budget-answer',
  facts: z.object({ pools: z.array(poolLine), through: z.coerce.date().nullable() }),
  text: (f, frame) => {
    const [first] = f.pools
    if (f.pools.length === 1 && first)
      return `${first.name}: ${frame.money(first.cost)} ${Number(first.limit) ? `of ${frame.money(first.limit)} used` : 'spent, no limit'}, ${frame.money(first.forecast)} expected.`
    const bad = f.pools.filter(({ state }) => state === 'exceeded' || state === 'overspend')
    return bad.length
      ? `${count(bad.length, 'pool')} of ${f.pools.length} over the limit or expected to be: ${bad
          .slice(0, 3)
          .map(({ name }) => name)
          .join(', ')}.`
      : `All ${count(f.pools.length, 'pool')} are inside their limits.`
  },
  slack: (f, frame) => {
    const worst = f.pools.filter(({ state }) => state !== 'ok').slice(0, 5)
    return [
      ...(worst.length
        ? [
            section(
              lines(
                ...worst.map((pool) =>
                  join([
                    md`*${pool.path}* ${stateWords[pool.state]}`,
                    Number(pool.limit) ? bar(decimal(pool.cost).div(pool.limit).toNumber()) : null,
                    pool.passesOn ? `will be passed on ${dayInWords(pool.passesOn)}` : null,
                  ]),
                ),
              ),
            ),
          ]
        : [section('All pools are inside their limits.')]),
      table(`Limits of ${count(f.pools.length, 'pool')} this month`, [
        ['Pool', 'Used', 'Limit', 'Expected', 'State'],
        ...f.pools.map((pool) => [
          pool.path,
          frame.money(pool.cost),
          Number(pool.limit) ? frame.money(pool.limit) : 'no limit',
          frame.money(pool.forecast),
          Number(pool.limit) ? stateWords[pool.state] : '–',
        ]),
      ]),
    ]
  },
  footer: (f) => ({
    link: f.pools.length === 1 ? `/pools/${f.pools[0]!.id}` : '/pools',
    through: f.through,
    more: ['Sub-pools included'],
  }),
  samples: {
    usual: {
      pools: [
        {
          id: '1',
          name: 'Acme',
          path: 'Acme',
          depth: 0,
          limit: '0',
          cost: '40120',
          forecast: '52000',
          state: 'ok',
          passesOn: null,
        },
        {
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
      ],
      through: new Date('2026-11-22T00:00:00Z'),
    },
    one: {
      pools: [
        {
          id: '2',
          name: 'Payments',
          path: 'Payments',
          depth: 1,
          limit: '28000',
          cost: '19120',
          forecast: '26700',
          state: 'ok',
          passesOn: null,
        },
      ],
      through: null,
    },
    many: {
      pools: Array.from({ length: 100 }, (_, n) => ({
        id: String(n),
        name: `Équipe ${n}`,
        path: `Équipe ${n}`,
        depth: 1,
        limit: '10',
        cost: '11',
        forecast: '12',
        state: 'exceeded' as const,
        passesOn: null,
      })),
      through: null,
    },
  },
})
