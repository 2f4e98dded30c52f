/**
 * What an account used is charged by one bill. A linked account may have a bill of its own beside that of its payer; both
 * say the same, so one of them is kept: a person says which, and until then the second one is not imported.
 */
import { sql } from 'drizzle-orm'
import { listDoubleBills, type DoubleBill } from '../../db/queries/double-bills.ts'
import { expenseStore } from '../../db/queries/expense-store.ts'
import { lockSpend } from '../../db/queries/expenses.ts'
import { allowBulk } from '../../db/queries/staging.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { BillError } from '../../integrations/bill.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'
import type { DayRange } from '../time.ts'

/**
 * Called with a bill in place, in its transaction and under the locks of its holders: months of a linked account's own bill
 * give way to the payer's where a person said that its costs come there. Throws `BillError` where nobody said so, or where
 * the bill is the one that gives way; then nothing of it is stored.
 */
export async function settleDoubleBills(
  ctx: Context,
  { account, days }: { account: Account; days: DayRange },
): Promise<void> {
  for (const double of await listDoubleBills(ctx.db, { orgId: ctx.orgId, accountId: account.id, days })) {
    if (double.payerId !== account.id || double.origin !== 'payer')
      throw new BillError(sayDouble(double, account), account.name)
    await giveWay(ctx, double)
  }
}

/** After a person said that the costs of an account come in its payer's bill: its own bill gives way where both charge it. */
export async function yieldOwnBill(ctx: Context, { accountId }: { accountId: string }): Promise<void> {
  const { orgId } = ctx
  // jobs may; no event: `giveWay` records it.
  await inTransaction(ctx, async (ctx) => {
    await allowBulk(ctx.db)
    await lockSpend(ctx.db, sql`select ${accountId}::uuid as account_id`)
    const found = await listDoubleBills(ctx.db, { orgId, accountId })
    const own = found.filter(({ linkedId, origin }) => linkedId === accountId && origin === 'payer')
    for (const double of own) await giveWay(ctx, double)
    if (own.length === 0) return
    await enqueue(ctx, 'check-pools', { orgId, key: orgId })
    await enqueue(ctx, 'check-constraints', { orgId, key: orgId })
    await enqueue(ctx, 'check-recommendations', { orgId, key: orgId })
  })
}

async function giveWay(ctx: Context, { linkedId, payerName, periods }: DoubleBill): Promise<void> {
  const { orgId } = ctx
  for (const period of periods) await expenseStore.dropScope(ctx.db, { orgId, accountId: linkedId, period })
  const after = { payer: payerName, months: periods.map((period) => period.slice(0, 7)) }
  await record(ctx, 'account.bill-gave-way', { subject: { kind: 'account', id: linkedId }, after })
}

/** What is charged twice, and what a person can do; for the one whose bill is refused. */
function sayDouble({ linkedId, linkedName, origin, payerName, from, to }: DoubleBill, { id }: Account): string {
  const when = from === to ? `on ${from}` : `from ${from} to ${to}`
  const what =
    linkedId === id
      ? `The bill of ${payerName} charges ${linkedName} ${when} already`
      : `${linkedName} has a bill of its own ${when}, and this bill charges it too`
  const choice =
    origin === 'payer'
      ? `Nothing is to be done: the costs of ${linkedName} come in that bill.`
      : `Say on the page of ${linkedName} (Change, Bill) that its costs come in the bill of the account that pays for it, or remove one of the two accounts.`
  return `${what}, so its costs would count twice. Nothing was imported. ${choice}`
}
