import { z } from 'zod'
import { header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { join, lines, md, moment } from '../rich.ts'
import { count, listed } from '../words.ts'
import { report } from './message.ts'

const person = z.object({ id: z.string(), name: z.string() })
const resource = z.object({
  id: z.string(),
  rev: z.number(),
  title: z.string(),
  type: z.string(),
  owner: person.nullable(),
  pool: z.string(),
  perDay: z.string(),
  endsAt: z.coerce.date().nullable(),
})

/** The resources a message speaks of, with who owns each. */
export default report({
  name: 'found-resources',
  facts: z.object({ resources: z.array(resource), count: z.number(), through: z.coerce.date().nullable() }),
  text: (f) =>
    f.count
      ? `${count(f.count, 'resource')} found: ${listed(f.resources.map(({ title, owner }) => `${title} (${owner?.name ?? 'nobody'})`))}.`
      : 'This message names no resource I know.',
  slack: (f, frame) => [
    ...(f.count
      ? [header(`${count(f.count, 'resource')} found`)]
      : [section('This message names no resource I know.')]),
    ...f.resources.map(({ id, rev, title, type, owner, pool, perDay, endsAt }) =>
      section(
        lines(
          join([md`*${title}*`, type]),
          join([
            owner ? frame.mention(owner) : 'no owner',
            pool,
            `${frame.money(perDay)} a day`,
            endsAt && md`TTL ${moment(endsAt)}`,
          ]),
        ),
        button({ label: 'Show', verb: 'show-resource', id, rev, aria: `Show ${title}` }),
      ),
    ),
  ],
  footer: (f) => ({ link: '/resources', through: f.through }),
  samples: {
    usual: {
      count: 1,
      through: new Date('2026-11-22T00:00:00Z'),
      resources: [
        {
          id: 'r1',
          rev: 1,
          title: 'loadtest-db',
          type: 'RDS Instance',
          owner: { id: 'p1', name: 'Max' },
          pool: 'Payments',
          perDay: '14',
          endsAt: null,
        },
      ],
    },
    nothing: { count: 0, resources: [], through: null },
  },
})
