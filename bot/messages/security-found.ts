import { z } from 'zod'
import { actions, header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { lines, md } from '../rich.ts'
import { count, listed } from '../words.ts'
import { report } from './message.ts'

const kind = z.object({ id: z.string(), title: z.string(), count: z.number(), names: z.array(z.string()) })

/** A check found something unsafe that was not there before; each thing is told once. */
export default report({
  name: 'security-found',
  facts: z.object({ kinds: z.array(kind) }),
  text: (f) => `${count(sum(f.kinds), 'new security finding')}: ${listed(f.kinds.map(({ title }) => title))}.`,
  slack: (f) => [
    header(count(sum(f.kinds), 'new security finding')),
    section(
      lines(
        ...f.kinds.map((one) => {
          const more = one.count > one.names.length ? ` and ${one.count - one.names.length} more` : ''
          return md`*${one.title}* · ${one.count} · ${one.names.join(', ')}${more}`
        }),
      ),
    ),
    actions(
      ...f.kinds
        .slice(0, 3)
        .map(({ id, title }) =>
          button({ label: 'Show', verb: 'run-command', arg: `recs ${id}`, aria: `Show ${title}` }),
        ),
    ),
  ],
  footer: () => ({ link: '/savings?show=security', command: 'recs' }),
  samples: {
    usual: {
      kinds: [
        { id: 's3_public_buckets', title: 'Public S3 buckets', count: 1, names: ['lake-raw'] },
        { id: 'inactive_users', title: 'Inactive IAM users', count: 5, names: ['ann', 'bob', 'old-deploy'] },
      ],
    },
  },
})

const sum = (kinds: z.infer<typeof kind>[]): number => kinds.reduce((all, one) => all + one.count, 0)
