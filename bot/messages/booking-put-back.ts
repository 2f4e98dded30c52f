import { z } from 'zod'
import { actions, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { join, md, span, type Rich } from '../rich.ts'
import { report } from './message.ts'

const times = { startsAt: z.coerce.date(), endsAt: z.coerce.date() }
const facts = z.object({
  ...{ bookingId: z.string(), rev: z.number(), environmentId: z.string(), environment: z.string(), ...times },
  active: z.boolean(),
  /** Where the event was moved to by hand; null when it is not there any more. */
  movedTo: z.object(times).nullable(),
})
type Facts = z.infer<typeof facts>

/** Somebody moved or deleted the event of a booking in Google Calendar, which changes no booking. To its holder. */
export default report({
  name: 'booking-put-back',
  facts,
  text: (f) => join([happened(f), stays(f)], ' '),
  slack: (f) => [
    section(join([happened(f), stays(f), 'A calendar changes no booking; these do:'], ' ')),
    actions(
      button({
        ...{ label: f.active ? 'Release' : 'Cancel Booking', verb: 'release', id: f.bookingId, rev: f.rev },
        aria: `Give ${f.environment} back`,
      }),
      button({
        ...{ label: 'Book Other Time', verb: 'open-booking', id: f.environmentId },
        aria: `Book ${f.environment} at another time`,
      }),
    ),
  ],
  footer: (f) => ({ link: `/environments/${f.environmentId}`, command: 'env' }),
  samples: {
    usual: sample({}),
    deleted: sample({ movedTo: null, active: true }),
  },
})

const happened = ({ environment, movedTo }: Facts): Rich =>
  movedTo
    ? md`Somebody moved the event of your booking of ${environment} in Google Calendar to ${span(movedTo)}.`
    : md`The event of your booking of ${environment} is gone from Google Calendar: somebody deleted it or moved it into the past.`

const stays = (f: Facts): Rich => md`The booking stays as it is, ${span(f)}, and the event is put back.`

function sample(more: Partial<Facts>): Facts {
  return {
    ...{ bookingId: 'b1', rev: 1, environmentId: 'e1', environment: 'stage-2', active: false },
    ...{ startsAt: new Date('2026-11-24T09:00Z'), endsAt: new Date('2026-11-24T17:00Z') },
    movedTo: { startsAt: new Date('2026-11-25T09:00Z'), endsAt: new Date('2026-11-25T17:00Z') },
    ...more,
  }
}
