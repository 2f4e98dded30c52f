/** Whose bookings go when an environment does; said before it happens (spec governance 6.1). */
import { listBookings } from '../../db/queries/environments.ts'
import type { Context } from '../context.ts'

/** Live bookings that are not over, and who holds them, the nearest first. */
export type Losing = { bookings: number; holders: string[] }

/** More bookings than this are not counted one by one. */
const most = 500

/** What would go with the environment now. */
export async function readLosing(ctx: Context, environmentId: string): Promise<Losing> {
  const found = await listBookings(ctx.db, { orgId: ctx.orgId, environmentId, from: ctx.now(), limit: most })
  return { bookings: found.length, holders: [...new Set(found.map(({ holder }) => holder))] }
}

/** "Its 3 bookings go with it, in the calendar too: Priya, Max and 2 more lose theirs." */
export function sayLosing({ bookings, holders }: Losing): string {
  if (bookings === 0) return 'Nobody has booked it.'
  const more = holders.length > 3 ? ` and ${holders.length - 3} more` : ''
  const what =
    bookings === 1 ? 'Its booking goes' : `Its ${bookings === most ? `${most} or more` : bookings} bookings go`
  return `${what} with it, in the calendar too; ${holders.slice(0, 3).join(', ')}${more} will lose ${bookings === 1 ? 'it' : 'them'}.`
}
