/** When a cloud's answer lacks more than half of what was there, nothing is declared gone until a person says so. */
import { z } from 'zod'
import { lockAccount, updateAccount } from '../../db/queries/cloud-accounts.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { record } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import { dayOf, hourMs } from '../time.ts'
import { caretakers } from './health.ts'
import type { PartResult } from './problems.ts'

/** Name in `accounts.settings` of the instant until which missing resources are believed to be gone. */
const setting = 'vanishedAcceptedUntil'

export const AcceptVanished = z.object({ accountId: z.uuid() })
export type AcceptVanished = z.infer<typeof AcceptVanished>

/** Believes the cloud for an hour: what it does not show any more is gone. The account is read again at once. */
export async function acceptVanished(ctx: Context, input: AcceptVanished): Promise<void> {
  await assertCan(ctx, 'manage_accounts')
  await inTransaction(ctx, async (ctx) => {
    const account = await lockAccount(ctx.db, { orgId: ctx.orgId, id: input.accountId })
    if (!account) throw notFound('This account is not connected any more. Nothing was changed.')
    const settings = { ...account.settings, [setting]: new Date(ctx.now().getTime() + hourMs).toISOString() }
    await updateAccount(ctx.db, { orgId: ctx.orgId, id: account.id, set: { settings } })
    await record(ctx, 'account.vanished-accepted', { subject: { kind: 'account', id: account.id } })
    await enqueue(ctx, 'discover', { orgId: ctx.orgId, accountId: account.id, key: account.id })
  })
}

/** Did a person say within the last hour that the missing resources are gone? */
export const isVanishingAccepted = (account: Pick<Account, 'settings'>, now: Date): boolean =>
  (account.settings[setting] ?? '') > now.toISOString()

/** Tells the person who looks after the account, once a day, what was kept although the cloud does not show it any more. */
export async function askAboutVanished(
  ctx: Context,
  { account, results }: { account: Account; results: PartResult[] },
): Promise<void> {
  const doubts = results.flatMap(({ problem }) => (problem?.kind === 'doubt' ? [problem.message] : []))
  if (doubts.length === 0) return
  await notify(ctx, {
    kind: 'account-health',
    key: `account-health ${account.id} vanished ${dayOf(ctx.now())}`,
    personIds: await caretakers(ctx, account),
    subject: { kind: 'account', id: account.id },
    facts: { accountId: account.id, state: account.health, doubts: doubts.slice(0, 10) },
  })
}
