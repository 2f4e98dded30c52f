import { mirrorBooking } from '../environments/calendar.ts'
import { handler } from '../worker.ts'

/** Makes the calendar show one booking as it is. */
export default handler('mirror-booking', async ({ orgId, bookingId }, { contextFor }) => {
  await mirrorBooking(contextFor(orgId), { bookingId })
})
