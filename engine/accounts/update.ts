import { z } from 'zod'
import { findAccount, lockAccount, updateAccount as saveAccount } from '../../db/queries/cloud-accounts.ts'
import { setErrorsForgotten } from '../../db/queries/discoveries.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { billOrigins } from '../../db/vocabulary.ts'
import type { BillSettings } from '../../integrations/cloud.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { checkCredentials, findMissing, refuseMissing } from './check.ts'
import { AccountName, AccountSettings, readNow, refuseName } from './connect.ts'
import { refuseCurrency } from './currency.ts'
import { openIfPossible, sealCredentials } from './credentials.ts'
import { noteResults } from './health.ts'

export const UpdateAccount = z.object({
  accountId: z.uuid(),
  name: AccountName.optional(),
  credentials: z.record(z.string(), z.string()).optional(),
  settings: AccountSettings.optional(),
  billOrigin: z.enum(billOrigins).optional(),
  autoImport: z.boolean().optional(),
  importPeriodHours: z.union([z.literal(1), z.literal(6), z.literal(24)]).optional(),
  processRecommendations: z.boolean().optional(),
  /** The new key may have gaps; nothing is asked about rights then. */
  despite: z.boolean().default(false),
})
export type UpdateAccount = z.input<typeof UpdateAccount>

/**
 * Changes an account. New credentials are asked whose they are and must belong to the same account; with them or with new
 * settings everything is read again at once and earlier problems are forgotten. The old key stays until the new one is checked.
 */
export async function updateAccount(ctx: Context, input: UpdateAccount): Promise<Account> {
  const { accountId, credentials, despite, ...given } = UpdateAccount.parse(input)
  await assertCan(ctx, 'manage_accounts')
  const before = await getAccount(ctx, accountId)
  await refuseOtherBill(ctx, before, given)
  const sealed = credentials ? await sealedFor(ctx, before, { given: credentials, despite }) : undefined
  return inTransaction(ctx, async (ctx) => {
    // Read again under its lock: what others noted in the settings meanwhile stays.
    const now = await lockAccount(ctx.db, { orgId: ctx.orgId, id: accountId })
    const settings = given.settings && now ? mergeSettings(ctx, now, given.settings) : undefined
    const wanted = Object.entries({ ...given, settings, credentials: sealed })
    const set = Object.fromEntries(wanted.filter(([, value]) => value !== undefined))
    if (given.name) await refuseName(ctx, { name: given.name, id: accountId })
    if (Object.keys(set).length) await saveAccount(ctx.db, { orgId: ctx.orgId, id: accountId, set })
    const account = await getAccount(ctx, accountId)
    const was = Object.fromEntries(Object.keys(set).map((name) => [name, before[name as keyof Account]]))
    await record(ctx, 'account.changed', { subject: { kind: 'account', id: accountId }, before: was, after: set })
    if (!sealed && !given.settings && !given.billOrigin) return account
    await setErrorsForgotten(ctx.db, accountId)
    await noteResults(ctx, { accountId, results: [] })
    await readNow(ctx, account)
    // Where its own bill and its payer's charge the same, the own one gives way in a job.
    if (given.billOrigin === 'payer')
      await enqueue(ctx, 'gather-resources', { orgId: ctx.orgId, accountId, key: accountId })
    return getAccount(ctx, accountId)
  })
}

/** The form says where the bill lies, whole; what we note beside it (what people confirmed) is not in it and stays. */
function mergeSettings(ctx: Context, { cloud, settings }: Account, given: BillSettings): BillSettings {
  const inForm = Object.keys(ctx.outside.clouds[cloud]?.settings?.shape ?? {})
  return { ...Object.fromEntries(Object.entries(settings).filter(([name]) => !inForm.includes(name))), ...given }
}

/** A bill of another currency cannot become the account's. */
async function refuseOtherBill(
  ctx: Context,
  account: Account,
  { settings, billOrigin = account.billOrigin }: Pick<UpdateAccount, 'settings' | 'billOrigin'>,
): Promise<void> {
  const credentials = openIfPossible(ctx, account)
  if (settings && credentials && billOrigin === 'own')
    await refuseCurrency(ctx, { cloud: account.cloud, credentials, settings })
}

async function sealedFor(
  ctx: Context,
  account: Account,
  { given, despite }: { given: Record<string, string>; despite: boolean },
): Promise<string> {
  const { credentials, identity } = await checkCredentials(ctx, { cloud: account.cloud, credentials: given })
  if (identity.cloudAccountId !== account.cloudAccountId)
    throw invalid(
      `This belongs to the account ${identity.cloudAccountId}, ${account.name} is ${account.cloudAccountId}. Nothing was changed.`,
      {
        field: 'credentials',
        next: `Make the key or role in ${account.cloudAccountId}, or connect the other account by itself.`,
      },
    )
  const { cloud, settings } = account
  if (!despite) refuseMissing(await findMissing(ctx, { cloud, settings, credentials }))
  return sealCredentials(ctx, account, credentials)
}

/** The connected account, or NotFound in words. */
export async function getAccount(ctx: Context, accountId: string): Promise<Account> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: accountId })
  if (!account) throw notFound('This account is not connected any more. Nothing was changed.')
  return account
}
