import { z } from 'zod'
import { section } from '../blocks.ts'
import { cut, join, md } from '../rich.ts'
import { listed } from '../words.ts'
import { report } from './message.ts'

/** To somebody who asked to be let in: not for now, and who can. It names nobody as the one who said no. */
export default report({
  name: 'join-declined',
  facts: z.object({
    organization: z.string(),
    /** The organization managers. */
    managers: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
  text: (f) =>
    `${notNow(f.organization)} ${listed(f.managers.map(({ name }) => cut(name, 40))) || 'A manager'} can let you in at any time.`,
  slack: (f, frame) => [
    section(notNow(f.organization)),
    section(md`Who can let you in at any time: ${join(f.managers.slice(0, 3).map(frame.mention), ', ')}`),
  ],
  footer: () => ({ link: '/' }),
  samples: {
    usual: {
      organization: 'Acme',
      managers: [
        { id: '8f2c0000-0000-4000-8000-000000000001', name: 'Lea Brandt' },
        { id: '8f2c0000-0000-4000-8000-000000000002', name: 'Tom Ruiz' },
      ],
    },
  },
})

const notNow = (organization: string) =>
  `You are not let into ${cut(organization, 80)} for now, so I show you nothing of it.`
