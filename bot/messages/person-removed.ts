import { z } from 'zod'
import { sayInheritance } from '../../engine/organizations/remove-person.ts'
import { section } from '../blocks.ts'
import { cut, lines, md } from '../rich.ts'
import { report } from './message.ts'

const named = z.object({ id: z.string(), name: z.string() })
const counts = ['resources', 'rules', 'pools', 'environments', 'bookings', 'cleanUps'] as const

/** Somebody was removed: to the heir, who owns more now, and to the other managers. */
export default report({
  name: 'person-removed',
  facts: z.object({
    name: z.string(),
    heir: named,
    /** Who removed them; null for a job. */
    by: named.nullable(),
    estate: z.record(z.enum(counts), z.number()),
  }),
  text: (f) => `${cut(f.name, 80)} is not here any more. ${inheritance(f)}`,
  slack: (f, frame) => [
    section(
      lines(
        f.by
          ? md`${frame.mention(f.by)} removed *${cut(f.name, 80)}*, who sees nothing any more.`
          : md`*${cut(f.name, 80)}* was removed and sees nothing any more.`,
        inheritance(f),
      ),
    ),
  ],
  footer: (f) => ({ link: `/resources?owner=${f.heir.id}`, command: 'role' }),
  samples: {
    usual: {
      name: 'Max Weber',
      heir: { id: '8f2c0000-0000-4000-8000-000000000001', name: 'Lea Brandt' },
      by: { id: '8f2c0000-0000-4000-8000-000000000002', name: 'Tom Ruiz' },
      estate: { resources: 12, rules: 2, pools: 0, environments: 0, bookings: 1, cleanUps: 0 },
    },
    nothing: {
      name: 'Gus',
      heir: { id: '8f2c0000-0000-4000-8000-000000000001', name: 'Lea Brandt' },
      by: null,
      estate: { resources: 0, rules: 0, pools: 0, environments: 0, bookings: 0, cleanUps: 0 },
    },
  },
})

const inheritance = (f: { name: string; heir: { name: string }; estate: Record<(typeof counts)[number], number> }) =>
  sayInheritance(cut(f.name, 80), { estate: f.estate, heir: cut(f.heir.name, 80), done: true })
