import { z } from 'zod'
import { actions, section, table } from '../blocks.ts'
import { button, menu } from '../controls.ts'
import { lines, md } from '../rich.ts'
import { change, signed } from '../words.ts'
import { report } from './message.ts'

const row = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  pool: z.string(),
  total: z.string(),
  change: z.number().nullable(),
})

/** The resources that cost most, or those whose cost moved most. */
export default report({
  name: 'top-answer',
  facts: z.object({
    scope: z.string(),
    when: z.string(),
    order: z.enum(['resources', 'movers']),
    rows: z.array(row),
    through: z.coerce.date().nullable(),
  }),
  text: (f, frame) => {
    const [first] = f.rows
    if (!first) return `${f.scope}: no resource cost anything ${f.when}.`
    return f.order === 'movers'
      ? `${f.scope}: ${first.name} moved most ${f.when}, ${change(first.change)} at ${frame.money(first.total)}.`
      : `${f.scope}: ${first.name} cost most ${f.when}, ${frame.money(first.total)}.`
  },
  slack: (f, frame) => [
    section(
      f.rows.length
        ? md`*${f.scope}*: ${f.order === 'movers' ? 'what moved most' : 'what cost most'} ${f.when}`
        : lines(`${f.scope}: no resource cost anything ${f.when}.`, 'Try a longer range.'),
    ),
    ...(f.rows.length
      ? [
          table(`${f.order === 'movers' ? 'Movers' : 'Biggest resources'}, ${f.scope}, ${f.when}`, [
            ['Resource', 'Cost', 'Change', 'Type', 'Pool'],
            ...f.rows.map((one) => [one.name, frame.money(one.total), signed(one.change), one.type, one.pool]),
          ]),
        ]
      : []),
    ...(frame.question && f.rows.length
      ? [
          actions(
            menu({
              name: 'resource',
              placeholder: 'Show a resource',
              choices: f.rows.slice(0, 25).map(({ id, name }) => ({ label: name, verb: 'show-resource', id })),
            }),
            button({
              label: f.order === 'movers' ? 'Show Biggest' : 'Show Movers',
              verb: 'ask-again',
              id: frame.question,
              arg: f.order === 'movers' ? 'resources' : 'movers',
            }),
            button({ label: 'Share to Channel', verb: 'share', id: frame.question }),
          ),
        ]
      : []),
  ],
  footer: (f) => ({ link: '/resources', through: f.through, more: ['Change against the equally long stretch before'] }),
  samples: {
    usual: {
      scope: 'Payments',
      when: 'in the last 7 days',
      order: 'resources',
      rows: [
        { id: '1', name: 'loadtest-db', type: 'RDS Instance', pool: 'Payments', total: '98', change: 12 },
        { id: '2', name: 'gpu-box-3', type: 'Instance', pool: 'ML', total: '87.4', change: null },
      ],
      through: new Date('2026-11-22T00:00:00Z'),
    },
    empty: { scope: 'Everything', when: 'today', order: 'movers', rows: [], through: null },
  },
})
