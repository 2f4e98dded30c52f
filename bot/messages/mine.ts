import { z } from 'zod'
import { divider, header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { decideButton } from '../asked.ts'
import { join, lines, md, moment, span } from '../rich.ts'
import { count } from '../words.ts'
import { report } from './message.ts'

const resource = z.object({
  id: z.string(),
  rev: z.number(),
  title: z.string(),
  type: z.string(),
  perDay: z.string(),
  month: z.string(),
  endsAt: z.coerce.date().nullable(),
})
const booking = z.object({ environment: z.string(), startsAt: z.coerce.date(), endsAt: z.coerce.date() })

const request = z.object({ message: z.enum(['clean-up-approval', 'join-request']), id: z.string(), text: z.string() })

/** What belongs to a person: the dearest resources with their TTLs, and what they booked. */
export default report({
  name: 'mine',
  facts: z.object({
    count: z.number(),
    personId: z.string(),
    resources: z.array(resource),
    bookings: z.array(booking),
    requests: z.array(request).default([]),
    through: z.coerce.date().nullable(),
  }),
  text: (f) =>
    `You own ${count(f.count, 'resource')} and hold ${count(f.bookings.length, 'booking')}.${f.requests.length ? ` ${count(f.requests.length, 'request')} for you to decide.` : ''}`,
  slack: (f, frame) => [
    ...f.requests.slice(0, 5).map((asked) => section(md`${asked.text}`, decideButton(asked))),
    header(f.count ? `You own ${count(f.count, 'resource')}` : 'You own no resources'),
    ...f.resources.map(({ id, rev, title, type, perDay, month, endsAt }) =>
      section(
        lines(
          join([md`*${title}*`, type]),
          join([
            `${frame.money(perDay)} a day`,
            `${frame.money(month)} this month`,
            endsAt && md`TTL ${moment(endsAt)}`,
          ]),
        ),
        button({ label: 'Show', verb: 'show-resource', id, rev, aria: `Show ${title}` }),
      ),
    ),
    ...(f.count > f.resources.length
      ? [section(`…and ${count(f.count - f.resources.length, 'more resource')}, on the web page.`)]
      : []),
    ...(f.bookings.length
      ? [
          divider(),
          section(lines(md`*Bookings*`, ...f.bookings.map((booking) => md`${booking.environment}: ${span(booking)}`))),
        ]
      : []),
  ],
  footer: (f) => ({ link: `/resources?owner=${f.personId}`, through: f.through }),
  samples: {
    usual: {
      count: 12,
      personId: 'p1',
      through: new Date('2026-11-22T00:00:00Z'),
      resources: [
        {
          id: 'r1',
          rev: 1,
          title: 'loadtest-db',
          type: 'RDS Instance',
          perDay: '14',
          month: '182',
          endsAt: new Date('2026-11-24T17:00:00Z'),
        },
        { id: 'r2', rev: 1, title: 'gpu-box-3', type: 'Instance', perDay: '29', month: '406', endsAt: null },
      ],
      bookings: [
        {
          environment: 'stage-2',
          startsAt: new Date('2026-11-24T09:00:00Z'),
          endsAt: new Date('2026-11-24T17:00:00Z'),
        },
      ],
      requests: [],
    },
    asked: {
      ...{ count: 0, personId: 'p1', resources: [], bookings: [], through: null },
      requests: [
        {
          message: 'join-request',
          id: '8f2c0000-0000-4000-8000-000000000001',
          text: 'Max Lindqvist asks to join. Decline or let them in.',
        },
      ],
    },
    nothing: { count: 0, personId: 'p1', resources: [], bookings: [], requests: [], through: null },
  },
})
