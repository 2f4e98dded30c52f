import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Credentials } from '../../integrations/cloud.ts'
import type { Context } from '../context.ts'

/** A sealed secret opens only in the row it was sealed for. */
const placeOf = (account: Pick<Account, 'orgId' | 'id'>) => `${account.orgId}/accounts/${account.id}`

/** The credentials of an account in the clear, for the adapter only; null when it has none (bills are uploaded by hand). */
export function openCredentials(ctx: Pick<Context, 'secrets'>, account: Account): Credentials | null {
  if (account.credentials === null) return null
  return JSON.parse(ctx.secrets.open(account.credentials, placeOf(account))) as Credentials
}

/** Credentials as they are stored, bound to this account. */
export function sealCredentials(
  ctx: Pick<Context, 'secrets'>,
  account: Pick<Account, 'orgId' | 'id'>,
  credentials: Credentials,
): string {
  return ctx.secrets.seal(JSON.stringify(credentials), placeOf(account))
}
