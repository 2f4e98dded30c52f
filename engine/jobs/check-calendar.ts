import { checkCalendar } from '../environments/check-calendar.ts'
import { handler } from '../worker.ts'

/** Puts back what people changed in the calendar of one organization. */
export default handler('check-calendar', async ({ orgId }, { contextFor }) => {
  await checkCalendar(contextFor(orgId))
})
