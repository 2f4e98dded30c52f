import { sql } from 'drizzle-orm'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { upsertSeenResources } from '../../db/queries/discoveries.ts'
import { lockSpend } from '../../db/queries/expenses.ts'
import type { SeenResource } from '../../integrations/cloud.ts'
import { assignNewResources } from '../assignment/match.ts'
import { inTransaction, type Context } from '../context.ts'
import { toSeenRow } from './tracked-states.ts'

/** Stores what was seen at `at` and puts what is new where the rules say. Each resource once per call. */
export async function storeSeen(
  ctx: Context,
  { accountId, poolId, at, seen }: { accountId: string; poolId: string; at: Date; seen: SeenResource[] },
): Promise<void> {
  const rows = seen.map((each) => toSeenRow(each, at))
  // Called by jobs, jobs may; no event: a row per resource would drown the trail, the account's health is recorded.
  await inTransaction(ctx, async (ctx) => {
    // An import that creates the same resources holds this lock too: in one order nobody waits in a circle.
    // So does whoever removes the account: nothing may come back after it.
    await lockSpend(ctx.db, sql`select ${accountId}::uuid as account_id`)
    if (!(await findAccount(ctx.db, { orgId: ctx.orgId, id: accountId }))) return
    const resourceIds = await upsertSeenResources(ctx.db, { orgId: ctx.orgId, accountId, poolId, at }, rows)
    if (resourceIds.length) await assignNewResources(ctx, { accountIds: [accountId], resourceIds })
  })
}
