import { setErrorsForgotten } from '../../db/queries/discoveries.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { CloudError, type Credentials, type MissingPermission } from '../../integrations/cloud.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { AppError, invalid } from '../errors.ts'
import { findMissing } from './check.ts'
import { clockNext } from './problems.ts'
import { readNow } from './connect.ts'
import { openCredentials } from './credentials.ts'
import { noteResults } from './health.ts'
import { getAccount } from './update.ts'

const nexts: Partial<Record<CloudError['kind'], string>> = {
  wrong_clock: clockNext,
  bad_credentials: 'Save a new key on the account, or let its role trust this installation again.',
}

/**
 * Asks the cloud now whether the stored key still works and what it may not do, and has everything read again. A refused key
 * is noted as the account's health and told as Invalid; Upstream when the cloud does not answer.
 */
export async function recheckAccount(
  ctx: Context,
  { accountId }: { accountId: string },
): Promise<{ account: Account; missing: MissingPermission[] }> {
  await assertCan(ctx, 'manage_accounts')
  const account = await getAccount(ctx, accountId)
  const adapter = ctx.outside.clouds[account.cloud]
  const check = adapter?.check
  if (!check || account.credentials === null)
    throw invalid(`${account.name} has no key or role to check: its bills are uploaded by hand.`, {
      next: 'Upload a bill.',
    })
  const { cloud, settings } = account
  let credentials: Credentials = {}
  let problem: Pick<CloudError, 'kind' | 'message'> | null = null
  try {
    credentials = openCredentials(ctx, account)!
    await check(credentials)
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    problem = { kind: error.kind, message: error.message }
  }
  // Reading the regions is the first thing discovery does, so that its next success takes this note back.
  await noteResults(ctx, { accountId, results: [{ part: 'regions', region: '', problem }] })
  if (problem) {
    const asked = problem.kind === 'bad_credentials' ? 'invalid' : 'upstream'
    const next = nexts[problem.kind] ?? 'Try again in a minute.'
    throw new AppError(asked, `${problem.message} What is known stays.`, { next })
  }
  // Everything is read anew, so that what failed under the key of before says nothing any more.
  await setErrorsForgotten(ctx.db, accountId)
  await noteResults(ctx, { accountId, results: [] })
  const missing = await findMissing(ctx, { cloud, credentials, settings })
  if (!account.pausedAt) await readNow(ctx, account)
  return { account: await getAccount(ctx, accountId), missing }
}
