import { findBooking } from '../../db/queries/environments.ts'
import { releaseBooking, reviveBooking } from '../../engine/environments/bookings.ts'
import { bookingOutlook } from '../../engine/environments/outlook.ts'
import { formatMoney, isPositive } from '../../engine/money.ts'
import type { BotContext } from '../context.ts'
import { done, type Done } from '../reply.ts'
import { md } from '../rich.ts'
import { action } from './action.ts'

/** Gives an environment back now, or cancels a booking that has not begun. */
export default action({
  verb: 'release',
  on: 'booking',
  effect: 'reversible',
  run: (ctx, { id }) => releaseAndTell(ctx, id),
  async undo(ctx, { kept }) {
    const { id } = await reviveBooking(ctx, { bookingId: String(kept['bookingId']) })
    const booking = await findBooking(ctx.db, { orgId: ctx.orgId, id })
    return `The booking of ${booking!.environment} holds again.`
  },
})

/** Releases and says what it saved, with an undo. */
export async function releaseAndTell(ctx: BotContext, bookingId: string): Promise<Done> {
  const released = await releaseBooking(ctx, { bookingId })
  const { environment, saved } = (await bookingOutlook(ctx, bookingId))!
  const words =
    released.state === 'cancelled'
      ? md`The booking of *${environment.name}* is cancelled.`
      : md`*${environment.name}* is free again${isPositive(saved) ? `, saved ${formatMoney(saved, ctx.currency)}` : ''}.`
  return done(words, {
    subject: { kind: 'booking', id: bookingId },
    undo: { verb: 'release', kept: { bookingId } },
  })
}
