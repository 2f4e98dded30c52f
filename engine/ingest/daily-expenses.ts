import { listBilledIds, mergeBilledResources } from '../../db/queries/billed-resources.ts'
import { upsertNextCheck } from '../../db/queries/check-schedules.ts'
import { updateAccount } from '../../db/queries/cloud-accounts.ts'
import { expenseStore } from '../../db/queries/expense-store.ts'
import { countCompletedImports, replaceRejectedLines, updateImport } from '../../db/queries/imports.ts'
import { allowBulk, ensureMonths } from '../../db/queries/staging.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { chargeCopyColumns, resourceCopyColumns, usageCopyColumns, type ReadBill } from '../../integrations/bill.ts'
import { settleDoubleBills } from '../accounts/double-bills.ts'
import { lockHolders } from '../accounts/holders.ts'
import { assignNewResources } from '../assignment/match.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'

export type BillToStore = { account: Account; importId: string; assembly: string; bill: ReadBill }

/**
 * Puts a bill that was read in place of what was known of its billing periods, all of them or none: new resources are
 * made and assigned, facts, usage and rollups replaced, sums compared with the file's own, the import closed, checks queued.
 */
export async function storeDailyExpenses(ctx: Context, input: BillToStore): Promise<void> {
  const { account, importId, assembly, bill } = input
  const { orgId } = ctx
  const days = { from: least(bill.periods.map((p) => p.firstDay)), to: greatest(bill.periods.map((p) => p.lastDay)) }
  // jobs may
  await ensureMonths(ctx.db, days)
  await inTransaction(ctx, async (ctx) => {
    await allowBulk(ctx.db)
    // First of all: whoever changes resources takes this lock before their rows, or two would wait for each other.
    const holders = await lockHolders(ctx, { account, numbers: bill.holders })
    const now = ctx.now()
    const isFirst = (await countCompletedImports(ctx.db, { orgId, accountId: account.id })) === 0
    await mergeBilledResources(ctx.db, {
      orgId,
      holders,
      now,
      rows: { columns: resourceCopyColumns, chunks: bill.resources },
    })
    await bill.identify(listBilledIds(ctx.db))
    await assignNewResources(ctx, { accountIds: holders.map(({ accountId }) => accountId) })
    for (const total of bill.periods) {
      const scope = { orgId, accountId: account.id, period: total.period }
      await expenseStore.replaceScope(ctx.db, scope, {
        total: { ...total, assembly, importId, importedAt: now },
        rows: { columns: chargeCopyColumns, chunks: (before) => bill.charges(total.period, before) },
        usage: { columns: usageCopyColumns, chunks: (before) => bill.usage(total.period, before) },
      })
    }
    await settleDoubleBills(ctx, { account, days })
    await replaceRejectedLines(ctx.db, importId, bill.rejected)
    const { lines, billed, effective } = bill.total
    const counts = { lines, billed, effective, quarantined: bill.rejectedCount }
    const done = { state: 'completed', step: 'done', reason: null, finishedAt: now, updatedAt: now } as const
    await updateImport(ctx.db, { orgId, id: importId, set: { ...done, ...counts } })
    await updateAccount(ctx.db, { orgId, id: account.id, set: { lastImportAt: now } })
    await record(ctx, 'import.completed', {
      subject: { kind: 'import', id: importId },
      after: { account: account.name, periods: bill.periods.map((period) => period.period), ...counts },
    })
    if (isFirst) await upsertNextCheck(ctx.db, { orgId, at: now })
    await enqueue(ctx, 'check-pools', { orgId, key: orgId })
    await enqueue(ctx, 'check-constraints', { orgId, key: orgId })
    await enqueue(ctx, 'check-commitments', { orgId, key: orgId })
  })
}

const least = (days: string[]): string => days.toSorted()[0]!
const greatest = (days: string[]): string => days.toSorted().at(-1)!
