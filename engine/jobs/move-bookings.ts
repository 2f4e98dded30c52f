import { moveBookings } from '../environments/transitions.ts'
import { handler } from '../worker.ts'

/** Every minute: bookings start, end, and holders are warned. */
export default handler('move-bookings', async (_, { deps }) => {
  await moveBookings(deps)
})
