/** Whether a machine can be switched at all: what it is, whether its cloud can, whether the key of its account may. */
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { CloudError, type Credentials, type PowerRoles } from '../../integrations/cloud.ts'
import { openIfPossible } from '../accounts/credentials.ts'
import { clockNext, deniedNext } from '../accounts/problems.ts'
import type { Context } from '../context.ts'
import { AppError, invalid, upstream } from '../errors.ts'

/** What it takes to switch the machines of an account. */
export type Reach = { account: Account; power: PowerRoles; credentials: Credentials }

/** The power role of an account and its opened key, or a sentence why there is none. */
export async function reachOf(ctx: Context, accountId: string): Promise<Reach | AppError> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: accountId })
  if (!account) return invalid('The account of this machine is not connected any more. Nothing was changed.')
  const adapter = ctx.outside.clouds[account.cloud]
  const { name } = account
  if (!adapter?.power)
    return invalid(
      `Machines of ${name} cannot be switched from here: only AWS can do that so far. Nothing was changed.`,
    )
  const credentials = openIfPossible(ctx, account)
  if (!credentials && account.credentials !== null)
    return invalid(
      `The stored key of ${name} cannot be opened, so its machines cannot be switched. Nothing was changed.`,
      {
        next: 'Save the key again on the account page.',
      },
    )
  if (!credentials)
    return invalid(`${name} was connected without a key, so its machines cannot be switched. Nothing was changed.`, {
      next: 'Give it a key with the read and the power policy on its account page.',
    })
  return { account, power: adapter.power, credentials }
}

/** Only active instances can be switched; null when it is one. */
export function unfit({ type, active, name, cloudResourceId }: Resource): AppError | null {
  const title = name || cloudResourceId
  if (type !== 'Instance')
    return invalid(`${title} is a ${type || 'resource'}; only instances can be switched. Nothing was changed.`)
  return active ? null : invalid(`${title} is gone from the cloud, so it cannot be switched. Nothing was changed.`)
}

/**
 * Asks the cloud whether the key may start and stop this machine (a dry run, nothing changes); null when it may. The right
 * is opt-in, so its absence is a sentence with the exact permissions, not a failure of the account.
 */
export async function mayNot(
  { account, power, credentials }: Reach,
  { region, cloudResourceId }: Pick<Resource, 'region' | 'cloudResourceId'>,
): Promise<AppError | null> {
  try {
    await power.check(credentials, { region, cloudResourceIds: [cloudResourceId] })
    return null
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    const message = `${error.message} Nothing was changed.`
    if (error.kind === 'missing_permission')
      return invalid(`${account.name} is connected read-only. ${message}`, {
        next: `Add the power policy to its key (${powerRights}); the account page shows it.`,
      })
    if (error.kind === 'denied') return invalid(message, { next: deniedNext })
    if (error.kind === 'wrong_clock') return upstream(message, { next: clockNext })
    return error.kind === 'bad_credentials'
      ? invalid(message, { next: 'Save a new key on the account, or let its role trust this installation again.' })
      : upstream(message, { next: 'Try again in a minute.' })
  }
}

const powerRights = 'ec2:StartInstances and ec2:StopInstances'
