import { sql } from 'drizzle-orm'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { lockSpend } from '../../db/queries/expenses.ts'
import { upsertItems } from '../../db/queries/inventory.ts'
import type { SeenItem } from '../../integrations/cloud.ts'
import { inTransaction, type Context } from '../context.ts'

/** Stores what was seen at `at` of an account's images, users and security groups. Each item once per call. */
export async function storeItems(
  ctx: Context,
  { accountId, at, seen }: { accountId: string; at: Date; seen: SeenItem[] },
): Promise<void> {
  const rows = seen.map((item) => {
    const { cloudCreatedAt } = item
    return { ...item, firstSeenAt: cloudCreatedAt && cloudCreatedAt < at ? cloudCreatedAt : at }
  })
  // Called by jobs, jobs may; no event: a row per item would drown the trail, the account's health is recorded.
  await inTransaction(ctx, async (ctx) => {
    // Whoever removes the account holds this lock: nothing may come back after it.
    await lockSpend(ctx.db, sql`select ${accountId}::uuid as account_id`)
    if (!(await findAccount(ctx.db, { orgId: ctx.orgId, id: accountId }))) return
    await upsertItems(ctx.db, { orgId: ctx.orgId, accountId, at }, rows)
  })
}
