import { z } from 'zod'
import { bookingOutlook } from '../../engine/environments/outlook.ts'
import { minuteMs } from '../../engine/time.ts'
import { actions, header, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { join, md, moment, type Rich } from '../rich.ts'
import { lasting } from '../words.ts'
import { card, type Frame } from './message.ts'

const facts = z.object({
  id: z.string(),
  rev: z.number(),
  environmentId: z.string(),
  environment: z.string(),
  endsAt: z.coerce.date(),
  live: z.boolean(),
  released: z.boolean(),
  past: z.boolean(),
  /** How much the holder can add. */
  roomMinutes: z.number(),
  next: z.object({ holder: z.object({ id: z.string(), name: z.string() }), startsAt: z.coerce.date() }).nullable(),
})
type Facts = z.infer<typeof facts>

/** A booking is about to end: let it end, or add what the next booking leaves. To its holder. */
export default card({
  name: 'booking-ending',
  subject: 'booking',
  facts,
  async load(ctx, id) {
    const found = await bookingOutlook(ctx, id)
    if (!found) return null
    const { booking, environment, next, roomMinutes } = found
    const past = booking.plannedEndsAt <= ctx.now()
    return {
      ...{ id, rev: booking.rev, environmentId: environment.id, environment: environment.name, endsAt: booking.endsAt },
      ...{ past, live: !past && booking.state === 'active', released: booking.state === 'released', roomMinutes },
      next: next && { holder: { id: next.personId, name: next.holder }, startsAt: next.startsAt },
    }
  },
  over: (f) => f.past,
  text: (f, frame) => join([endWords(f), f.live && room(f, frame)], ' '),
  slack: (f, frame) =>
    f.live
      ? [
          header(`${f.environment} ends soon`),
          section(md`${endWords(f)} ${room(f, frame)}`),
          actions(
            button({ label: 'Release Now', verb: 'release', id: f.id, rev: f.rev, primary: true }),
            ...offers(f.roomMinutes).map(({ label, minutes }) =>
              button({
                label,
                verb: 'extend-booking',
                id: f.id,
                rev: f.rev,
                arg: String(minutes),
                aria: `Keep ${f.environment} ${lasting(minutes * minuteMs)} longer`,
              }),
            ),
          ),
        ]
      : [section(endWords(f))],
  footer: (f) => ({ link: `/environments/${f.environmentId}`, more: [f.live && 'No answer: it ends by itself'] }),
  samples: {
    usual: sample({}),
    tight: sample({
      roomMinutes: 20,
      next: { holder: { id: 'p2', name: 'Max' }, startsAt: new Date('2026-11-24T17:20Z') },
    }),
    full: sample({ roomMinutes: 0 }),
    over: sample({ live: false, past: true }),
  },
})

/** What the buttons offer: half an hour, an hour, or the little that is left. */
function offers(roomMinutes: number): { label: string; minutes: number }[] {
  if (roomMinutes >= 60)
    return [
      { label: '30 Minutes More', minutes: 30 },
      { label: '1 Hour More', minutes: 60 },
    ]
  if (roomMinutes > 30)
    return [
      { label: '30 Minutes More', minutes: 30 },
      { label: `${roomMinutes} Minutes More`, minutes: roomMinutes },
    ]
  return roomMinutes > 0 ? [{ label: `${roomMinutes} Minutes More`, minutes: roomMinutes }] : []
}

function endWords({ environment, endsAt, live, released }: Facts): Rich {
  if (live) return md`${environment} is yours until ${moment(endsAt, 'time')}.`
  return released
    ? md`You released ${environment} at ${moment(endsAt, 'time')}.`
    : md`Your time on ${environment} ended at ${moment(endsAt, 'time')}.`
}

/** The next booking is only named when it is what stands in the way; else the longest booking is. */
function room({ endsAt, roomMinutes, next }: Facts, frame: Frame): Rich {
  if (next && next.startsAt.getTime() - endsAt.getTime() < (roomMinutes + 1) * minuteMs)
    return md`${frame.mention(next.holder)} is next at ${moment(next.startsAt, 'time')}, so ${roomMinutes ? lasting(roomMinutes * minuteMs) : 'nothing'} is the most you can add.`
  return roomMinutes
    ? md`You can add ${lasting(roomMinutes * minuteMs)} at most.`
    : md`That is the longest booking, so it cannot be extended.`
}

function sample(more: Partial<Facts>): Facts {
  return {
    ...{ id: 'b1', rev: 1, environmentId: 'e1', environment: 'stage-2', endsAt: new Date('2026-11-24T17:00Z') },
    ...{ live: true, released: false, past: false, roomMinutes: 180, next: null },
    ...more,
  }
}
