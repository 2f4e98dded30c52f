import { clearCalendar } from '../environments/disconnect-calendar.ts'
import { handler } from '../worker.ts'

/** Takes the events of bookings out of a calendar that was disconnected. */
export default handler('clear-calendar', async (payload, { contextFor, signal }) => {
  await clearCalendar(contextFor(payload.orgId), { ...payload, signal })
})
