import { findBooking, type BookingRow } from '../../db/queries/environments.ts'
import { extendBooking } from '../../engine/environments/bookings.ts'
import { notFound } from '../../engine/errors.ts'
import { minuteMs } from '../../engine/time.ts'
import type { BotContext } from '../context.ts'
import { done, type Done } from '../reply.ts'
import { md, moment } from '../rich.ts'
import { assertStill } from '../../engine/still.ts'
import { action } from './action.ts'

/** Moves the end of a booking by `arg` minutes. */
export default action({
  verb: 'extend-booking',
  on: 'booking',
  effect: 'reversible',
  async run(ctx, { id, arg }) {
    const booking = await findBooking(ctx.db, { orgId: ctx.orgId, id })
    if (!booking) throw notFound('That booking does not exist any more. Nothing was changed.')
    return extendAndTell(ctx, booking, new Date(booking.endsAt.getTime() + Number(arg) * minuteMs))
  },
  async undo(ctx, { kept }) {
    const bookingId = String(kept['bookingId'])
    const now = await findBooking(ctx.db, { orgId: ctx.orgId, id: bookingId })
    assertStill(now?.endsAt.toISOString(), kept['after'])
    await extendBooking(ctx, { bookingId, endsAt: new Date(String(kept['endsAt'])) })
    const booking = await findBooking(ctx.db, { orgId: ctx.orgId, id: bookingId })
    return `The booking of ${booking!.environment} ends as before.`
  },
})

/** Moves the end and says until when it holds now, with an undo. */
export async function extendAndTell(ctx: BotContext, booking: BookingRow, endsAt: Date): Promise<Done> {
  const changed = await extendBooking(ctx, { bookingId: booking.id, endsAt })
  return done(md`*${booking.environment}* is booked until ${moment(changed.endsAt)} now.`, {
    subject: { kind: 'booking', id: booking.id },
    undo: {
      verb: 'extend-booking',
      kept: { bookingId: booking.id, endsAt: booking.endsAt.toISOString(), after: changed.endsAt.toISOString() },
    },
  })
}
