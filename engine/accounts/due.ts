import { listConnectedAccounts } from '../../db/queries/cloud-accounts.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { CloudAdapter } from '../../integrations/cloud.ts'
import type { Deps } from '../context.ts'

/** Accounts of every organization that have credentials and whose cloud can do what is asked for. */
export async function dueAccounts(
  deps: Pick<Deps, 'db' | 'outside'>,
  can: (cloud: CloudAdapter) => boolean,
): Promise<Pick<Account, 'id' | 'orgId'>[]> {
  const able = Object.values(deps.outside.clouds).filter(can)
  return listConnectedAccounts(deps.db, { clouds: able.map((cloud) => cloud.kind) })
}
