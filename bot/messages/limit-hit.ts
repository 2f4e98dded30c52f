import { z } from 'zod'
import { constraintTypes } from '../../db/vocabulary.ts'
import { actions, header, section, type Block } from '../blocks.ts'
import { button, overflow } from '../controls.ts'
import { join, lines, md, moment, type Rich } from '../rich.ts'
import { count, listed } from '../words.ts'
import { report, type Frame } from './message.ts'
import { sampleResource, toldResource } from './told-resource.ts'
import { letGoButton } from './ttl-ending.ts'

const hit = z.object({
  resourceId: z.string(),
  constraint: z.enum(constraintTypes),
  limit: z.string(),
  value: z.string(),
  resource: toldResource,
})
type Hit = z.output<typeof hit>

/** Limits that were passed, everything of one person's check in one message. */
export default report({
  name: 'limit-hit',
  facts: z.object({ hits: z.array(hit), count: z.number() }),
  text: (f) =>
    `${count(f.count, 'resource')} passed a limit: ${listed([...new Set(f.hits.map(({ resource }) => resource.title))])}. Extend, change the limit, or let go.`,
  slack: (f, frame) => [
    header(`${count(f.count, 'resource')} passed a limit`),
    ...f.hits.slice(0, most).flatMap((one) => row(one, frame)),
    ...(f.count > most ? [section(`…and ${count(f.count - most, 'more resource')}, on the web page.`)] : []),
  ],
  footer: (f) => ({
    link: f.count > 1 ? '/resources' : `/resources/${f.hits[0]?.resourceId ?? ''}`,
    more: ['You hear of each violation once, of a daily limit once a day'],
  }),
  samples: {
    usual: { hits: [sampleHit('ttl'), sampleHit('daily_expense_limit')], count: 2 },
    many: { hits: Array.from({ length: 10 }, () => sampleHit('ttl')), count: 400 },
  },
})

const most = 8

function row({ constraint, limit, value, resource }: Hit, frame: Frame): Block[] {
  const { id, rev, title, type, region, owner, perDay } = resource
  const on = { id, rev }
  const facts = join([
    md`*${title}*`,
    type,
    region,
    owner ? frame.mention(owner) : 'no owner',
    `${frame.money(perDay)} a day`,
  ])
  return [
    section(lines(facts, what({ constraint, limit, value }, frame))),
    constraint === 'ttl'
      ? actions(
          button({ ...on, label: 'Extend 1 Day', verb: 'extend-ttl', arg: '1', aria: `Extend ${title} by one day` }),
          button({ ...on, label: '3 Days', verb: 'extend-ttl', arg: '3', aria: `Extend ${title} by three days` }),
          letGoButton(resource),
          overflow({ ...on, label: 'Pick a Date', verb: 'pick-ttl' }, { ...on, label: 'Not Mine', verb: 'assign' }),
        )
      : actions(
          button({ ...on, label: 'Show', verb: 'show-resource', aria: `Show ${title}` }),
          button({ ...on, label: 'Change Limit', verb: 'set-limit', aria: `Change the daily limit of ${title}` }),
          overflow({ ...on, label: 'Not Mine', verb: 'assign' }),
        ),
  ]
}

function what({ constraint, limit, value }: Pick<Hit, 'constraint' | 'limit' | 'value'>, frame: Frame): Rich {
  return constraint === 'ttl'
    ? md`TTL ended ${moment(new Date(Number(limit) * 1000))}`
    : md`Cost ${frame.money(value)} on its last day, the limit is ${frame.money(limit)}`
}

function sampleHit(constraint: Hit['constraint']): Hit {
  const resource = sampleResource({ endsAt: new Date('2026-11-22T17:00:00Z') })
  const amounts = constraint === 'ttl' ? { limit: '1795366800', value: '1795429800' } : { limit: '20', value: '31.4' }
  return { resourceId: resource.id, constraint, ...amounts, resource }
}
