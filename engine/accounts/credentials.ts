import type { Account } from '../../db/schema/cloud-accounts.ts'
import { CloudError, type Credentials } from '../../integrations/cloud.ts'
import type { Context } from '../context.ts'
import { noteResults } from './health.ts'

/** A sealed secret opens only in the row it was sealed for. */
const placeOf = (account: Pick<Account, 'orgId' | 'id'>) => `${account.orgId}/accounts/${account.id}`

const notOurs =
  "The stored key cannot be opened with this installation's secret (SECRET_KEY): it was saved under another one. Save the key again."

/**
 * The credentials of an account in the clear, for the adapter only; null when it has none (bills are uploaded by hand). Throws
 * `CloudError` bad_credentials when they were sealed with another master key.
 */
export function openCredentials(ctx: Pick<Context, 'secrets'>, account: Account): Credentials | null {
  if (account.credentials === null) return null
  try {
    return JSON.parse(ctx.secrets.open(account.credentials, placeOf(account))) as Credentials
  } catch (error) {
    throw new CloudError('bad_credentials', notOurs, { cause: error })
  }
}

/** The same for pages and forms: null also when they cannot be opened, so that a new key can be saved there. */
export function openIfPossible(ctx: Pick<Context, 'secrets'>, account: Account): Credentials | null {
  try {
    return openCredentials(ctx, account)
  } catch {
    return null
  }
}

/** The same for jobs: null also when they cannot be opened, which the health of the account says then. */
export async function openForJob(ctx: Context, account: Account): Promise<Credentials | null> {
  try {
    return openCredentials(ctx, account)
  } catch (error) {
    const { kind, message } = error as CloudError
    // Reading the regions is the first thing discovery does, so that its next success takes this note back.
    await noteResults(ctx, {
      accountId: account.id,
      results: [{ part: 'regions', region: '', problem: { kind, message } }],
    })
    return null
  }
}

/** Credentials as they are stored, bound to this account. */
export function sealCredentials(
  ctx: Pick<Context, 'secrets'>,
  account: Pick<Account, 'orgId' | 'id'>,
  credentials: Credentials,
): string {
  return ctx.secrets.seal(JSON.stringify(credentials), placeOf(account))
}
