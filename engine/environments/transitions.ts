/** Bookings start and end by the clock. Set-based, once a minute; a missed minute is made up by the next one. */
import { setExpiredBookings, setRemindedBookings, setStartedBookings } from '../../db/queries/environments.ts'
import { contextFor, jobActor, type Context, type Deps } from '../context.ts'
import { record, redrawCopies } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import { warningMs } from './limits.ts'

type Moved = Awaited<ReturnType<typeof setStartedBookings>>[number]

export type Moves = { started: number; expired: number; reminded: number }

/**
 * Moves the bookings of all organizations: booked ones whose start has come become active, live ones whose end has come
 * expire, and holders hear once, 30 minutes before the end. Running twice changes nothing.
 */
export async function moveBookings(deps: Deps): Promise<Moves> {
  return deps.db.transaction(async (db) => {
    const now = deps.now()
    const expired = await setExpiredBookings(db, now)
    const started = await setStartedBookings(db, now)
    const reminded = await setRemindedBookings(db, { now, before: new Date(now.getTime() + warningMs) })
    const of = ({ orgId }: Moved): Context => ({
      ...contextFor({ ...deps, db }, orgId, jobActor('move-bookings')),
      open: true,
    })
    for (const booking of expired) await tell(of(booking), booking, 'booking.expired')
    for (const booking of started) await tell(of(booking), booking, 'booking.started')
    for (const booking of reminded) await warn(of(booking), booking)
    return { started: started.length, expired: expired.length, reminded: reminded.length }
  })
}

/** The audit row redraws the booking's cards; the board that shows its environment is redrawn too. */
async function tell(ctx: Context, booking: Moved, name: string): Promise<void> {
  await record(ctx, name, { subject: { kind: 'booking', id: booking.id } })
  await redrawCopies(ctx, { kind: 'environment', id: booking.environmentId })
}

/** The key has the end in it: an extended booking ends anew and its holder hears anew. */
async function warn(ctx: Context, booking: Moved): Promise<void> {
  await notify(ctx, {
    kind: 'booking-ending',
    key: `booking-ending ${booking.id} ${booking.endsAt.toISOString()}`,
    personIds: [booking.personId],
    subject: { kind: 'booking', id: booking.id },
    facts: { bookingId: booking.id },
  })
}
