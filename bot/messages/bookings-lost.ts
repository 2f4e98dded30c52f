import { z } from 'zod'
import { actions, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { cut, join, lines, md, moment, type Rich } from '../rich.ts'
import { report } from './message.ts'

const facts = z.object({
  environment: z.string(),
  /** Who took it away; null for a job. */
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** What this person had booked, the earliest first. */
  bookings: z.array(z.object({ startsAt: z.coerce.date(), endsAt: z.coerce.date() })).min(1),
})
type Facts = z.infer<typeof facts>

/** So many are named one by one. */
const most = 5

/** An environment is shared no longer or was deleted, and bookings went with it. To whoever held them. */
export default report({
  name: 'bookings-lost',
  facts,
  text: (f) => md`${cut(f.environment, 80)} cannot be booked any more, so ${what(f)} is gone: ${first(f)}.`,
  slack: (f, frame) => [
    section(
      lines(
        f.by
          ? md`${frame.mention(f.by)} took *${cut(f.environment, 80)}* away from booking, so ${what(f)} is gone:`
          : md`*${cut(f.environment, 80)}* cannot be booked any more, so ${what(f)} is gone:`,
        ...f.bookings.slice(0, most).map(span),
        f.bookings.length > most ? `and ${f.bookings.length - most} more.` : null,
      ),
    ),
    actions(
      button({
        ...{ label: 'See What Is Free', verb: 'run-command', arg: 'env free' },
        aria: `Find another environment in place of ${cut(f.environment, 40)}`,
      }),
    ),
  ],
  footer: () => ({ link: '/environments', command: 'env free' }),
  samples: {
    usual: sample(1),
    many: sample(7),
  },
})

const what = ({ bookings }: Facts): string => (bookings.length === 1 ? 'your booking' : 'each of your bookings')

const span = ({ startsAt, endsAt }: Facts['bookings'][number]): Rich => md`${moment(startsAt)} to ${moment(endsAt)}`

const first = ({ bookings }: Facts): Rich =>
  join([span(bookings[0]!), bookings.length > 1 && `and ${bookings.length - 1} more`], ' ')

function sample(count: number): Facts {
  const day = (n: number, time: string) => new Date(`2026-11-${24 + n}T${time}Z`)
  return {
    ...{ environment: 'web-1', by: { id: '1', name: 'Lea Brandt' } },
    bookings: Array.from({ length: count }, (_, n) => ({ startsAt: day(n % 6, '09:00'), endsAt: day(n % 6, '17:00') })),
  }
}
