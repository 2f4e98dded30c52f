import { z } from 'zod'
import { section } from '../blocks.ts'
import { lines, md, moment } from '../rich.ts'
import { count } from '../words.ts'
import { report } from './message.ts'

/** Who did what to which thing, newest first. */
export default report({
  name: 'audit-trail',
  facts: z.object({
    whose: z.string(),
    events: z.array(z.object({ at: z.coerce.date(), who: z.string(), what: z.string(), door: z.string() })),
  }),
  text: (f) =>
    f.events.length ? `The last ${count(f.events.length, 'change')} ${f.whose}.` : `No change ${f.whose} yet.`,
  slack: (f) => [
    section(
      f.events.length ? md`*The last ${count(f.events.length, 'change')}* ${f.whose}` : `No change ${f.whose} yet.`,
    ),
    ...(f.events.length
      ? [section(lines(...f.events.map(({ at, who, what, door }) => md`${moment(at)} · ${who} · ${what} · ${door}`)))]
      : []),
  ],
  footer: () => ({ link: '/events', more: ['Nothing can be changed or removed in this list'] }),
  samples: {
    usual: {
      whose: 'by you',
      events: [{ at: new Date('2026-11-23T09:14:00Z'), who: 'Lea', what: 'channel bound', door: 'slack' }],
    },
    empty: { whose: 'here', events: [] },
  },
})
