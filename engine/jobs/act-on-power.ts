import { actOnPower } from '../power/act.ts'
import { handler } from '../worker.ts'

/** Switches the machines of one account that wait for it. */
export default handler('act-on-power', ({ orgId, accountId }, { contextFor, signal }) =>
  actOnPower(contextFor(orgId), { accountId, signal }),
)
