import { listOrganizationsWithCalendar } from '../../db/queries/calendars.ts'
import { enqueue } from '../context.ts'
import { handler } from '../worker.ts'

/** Every hour: sends a look at the calendar for every organization that has one. */
export default handler('check-calendar-due', async (_tick, { deps }) => {
  for (const orgId of await listOrganizationsWithCalendar(deps.db))
    await enqueue(deps, 'check-calendar', { orgId, key: orgId })
})
