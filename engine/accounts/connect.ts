import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { findAccountByCloudId, insertAccount, listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listUngathered } from '../../db/queries/held-resources.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { billOrigins, clouds, type Cloud } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { conflict, postgresError } from '../errors.ts'
import { record } from '../events.ts'
import { checkCredentials, findMissing, refuseMissing } from './check.ts'
import { refuseCurrency } from './currency.ts'
import { sealCredentials } from './credentials.ts'
import { poolFor, ruleFor } from './own-pool.ts'

export const AccountName = z.string().trim().min(1).max(255).meta({ label: 'Name' })
/** Where the bill lies, as the cloud's adapter names it; empty values are left out. */
export const AccountSettings = z
  .record(z.string(), z.string().trim().max(255))
  .transform((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')))

export const ConnectAccount = z.object({
  cloud: z.enum(clouds).exclude(['environment']),
  name: AccountName,
  /** As the adapter's form asks for them; none for an account whose bills are uploaded by hand. */
  credentials: z.record(z.string(), z.string()).default({}),
  settings: AccountSettings.default({}),
  /** The cloud's own number; asked of the cloud when there are credentials, else the name when it is not given. */
  cloudAccountId: z.string().trim().min(1).max(255).optional(),
  billOrigin: z.enum(billOrigins).default('own'),
  /** Somebody knows what is missing and wants it connected all the same; nothing is asked about rights then. */
  despite: z.boolean().default(false),
})
export type ConnectAccount = z.input<typeof ConnectAccount>

/**
 * Connects a cloud account: asks the cloud whose key it is, makes a pool of the same name below the root and the last rule
 * "account is it → that pool", and has inventory and bill read at once; what a connected
 * payer's bill charges for it comes to it in a job. Conflict when the account or its name is there already,
 * Invalid with the field `despite` when the key may not do everything, and when its bill is in another currency.
 */
export async function connectAccount(ctx: Context, input: ConnectAccount): Promise<Account> {
  const { cloud, name, credentials, settings, cloudAccountId, billOrigin, despite } = ConnectAccount.parse(input)
  await assertCan(ctx, 'manage_accounts')
  const hasKey = Object.keys(credentials).length > 0
  const checked = hasKey ? await checkCredentials(ctx, { cloud, credentials }) : null
  if (checked && billOrigin === 'own') await refuseCurrency(ctx, { cloud, settings, credentials: checked.credentials })
  if (checked && !despite) refuseMissing(await findMissing(ctx, { cloud, settings, credentials: checked.credentials }))
  const number = checked?.identity.cloudAccountId ?? cloudAccountId ?? name
  return inTransaction(ctx, async (ctx) => {
    await refuseTwice(ctx, { cloud, name, cloudAccountId: number })
    const pool = await poolFor(ctx, name)
    const id = randomUUID()
    const sealed = checked && sealCredentials(ctx, { orgId: ctx.orgId, id }, checked.credentials)
    const row = { id, orgId: ctx.orgId, cloud, name, settings, billOrigin, cloudAccountId: number, poolId: pool.id }
    const account = await insertAccount(ctx.db, { ...row, credentials: sealed, createdAt: ctx.now() }).catch(
      asTwice(name),
    )
    await ruleFor(ctx, { account, pool })
    const after = { name, cloud, cloudAccountId: number, poolId: pool.id, billOrigin }
    await record(ctx, 'account.connected', { subject: { kind: 'account', id }, after })
    const asked = { orgId: ctx.orgId, accountId: id }
    if ((await listUngathered(ctx.db, asked)).length) await enqueue(ctx, 'gather-resources', { ...asked, key: id })
    if (sealed) await readNow(ctx, account)
    return account
  })
}

/** Queues a first or extra look at the inventory and the bill of an account, as far as its cloud can be asked and nobody paused it. */
export async function readNow(
  ctx: Context,
  account: Pick<Account, 'id' | 'cloud' | 'pausedAt' | 'billOrigin'>,
): Promise<void> {
  if (account.pausedAt) return
  const adapter = ctx.outside.clouds[account.cloud]
  const job = { orgId: ctx.orgId, accountId: account.id, key: account.id }
  if (adapter?.discover) await enqueue(ctx, 'discover', job)
  if (adapter?.bill && account.billOrigin === 'own') await enqueue(ctx, 'import-bill', job)
}

type Identity = { cloud: Cloud; name: string; cloudAccountId: string }

/** Refuses an account or a name that is there already. */
export async function refuseTwice(ctx: Context, { cloud, name, cloudAccountId }: Identity): Promise<void> {
  const same = await findAccountByCloudId(ctx.db, { orgId: ctx.orgId, cloud, cloudAccountId })
  if (same)
    throw conflict(`The account ${cloudAccountId} is connected already, as ${same.name}. Nothing was changed.`, {
      next: `Open ${same.name} to change its key or its bill.`,
      facts: { accountId: same.id },
    })
  await refuseName(ctx, { name })
}

/** Refuses a name another account of the organization has. */
export async function refuseName(ctx: Context, { name, id }: { name: string; id?: string }): Promise<void> {
  const others = (await listAccounts(ctx.db, { orgId: ctx.orgId })).filter((account) => account.id !== id)
  if (others.some((account) => account.name.toLowerCase() === name.toLowerCase()))
    throw conflict(`Another account is called ${name}. Nothing was changed.`, {
      field: 'name',
      next: 'Choose another name.',
    })
}

/** Of two who connect the same account at once, the database lets one through. */
const asTwice = (name: string) => (error: unknown) => {
  if (postgresError(error)?.constraint !== 'accounts_once') throw error
  throw conflict(`Somebody else just connected the account of ${name}. Nothing was changed.`)
}
