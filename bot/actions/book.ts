import { findEnvironment } from '../../db/queries/environments.ts'
import { cancelBooking } from '../../engine/environments/bookings.ts'
import { notFound } from '../../engine/errors.ts'
import { minuteMs } from '../../engine/time.ts'
import { bookAndTell, endAfter, usualMs } from '../environments.ts'
import { action } from './action.ts'

/** Books an environment from now for `arg` minutes, or until the next booking begins when `arg` is `next`. */
export default action({
  verb: 'book',
  on: 'environment',
  effect: 'reversible',
  async run(ctx, { id, arg }) {
    const now = ctx.now()
    const environment = await findEnvironment(ctx.db, { orgId: ctx.orgId, id, now })
    if (!environment) throw notFound('That environment does not exist any more. Nothing was booked.')
    const length = (Number(arg) || usualMs / minuteMs) * minuteMs
    const nextStart = arg === 'next' ? environment.next?.startsAt : undefined
    return bookAndTell(ctx, environment, { startsAt: now, endsAt: nextStart ?? endAfter(now, length) })
  },
  async undo(ctx, { kept }) {
    const booking = await cancelBooking(ctx, { bookingId: String(kept['bookingId']) })
    const environment = await findEnvironment(ctx.db, { orgId: ctx.orgId, id: booking.environmentId, now: ctx.now() })
    return `The booking of ${environment!.name} is taken back.`
  },
})
