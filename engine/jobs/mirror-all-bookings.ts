import { mirrorAllBookings } from '../environments/calendar.ts'
import { handler } from '../worker.ts'

/** Brings the calendar up to date after connecting it or after an outage. */
export default handler('mirror-all-bookings', async ({ orgId }, { contextFor, signal }) => {
  await mirrorAllBookings(contextFor(orgId), signal)
})
