import { decidePower } from '../power/run.ts'
import { handler } from '../worker.ts'

/** Decides the power schedules of one organization. */
export default handler('decide-power', async ({ orgId }, { contextFor }) => {
  await decidePower(contextFor(orgId))
})
