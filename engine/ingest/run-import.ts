/** One import from its start to its end: read, store, and say how it went. */
import { rm } from 'node:fs/promises'
import { updateImport } from '../../db/queries/imports.ts'
import { getOrganization } from '../../db/queries/organizations.ts'
import type { Account, Import } from '../../db/schema/cloud-accounts.ts'
import { BillError } from '../../integrations/bill.ts'
import { possibleHolders } from '../accounts/holders.ts'
import type { Problem } from '../accounts/problems.ts'
import type { Context } from '../context.ts'
import { upstream } from '../errors.ts'
import { storeDailyExpenses } from './daily-expenses.ts'
import { finishImport, noteBill } from './import-outcome.ts'
import { faultOf, problemOf, sayFullDisk } from './import-problems.ts'
import { trackProgress, type ProgressTracker } from './progress.ts'
import { spoolFolder } from './spool.ts'

export type Running = { account: Account; row: Import; signal: AbortSignal | undefined }

/**
 * Runs one import from start to its end or to a reason; what nobody can explain flies up and is tried again. The account says
 * of its bill what went wrong with this one, or the `standing` problem of one before that must not be forgotten. Returns it.
 */
export async function runImport(
  ctx: Context,
  { account, row, signal, standing = null }: Running & { standing?: Problem | null },
  read: (progress: ProgressTracker) => Promise<'completed' | 'unchanged'>,
): Promise<Problem | null> {
  const { orgId } = ctx
  const now = ctx.now()
  await updateImport(ctx.db, {
    orgId,
    id: row.id,
    set: { state: 'running', step: 'verifying', startedAt: now, updatedAt: now, bytesRead: 0, reason: null },
  })
  const progress = trackProgress(ctx, row.id)
  try {
    const state = await read(progress)
    await noteBill(ctx, { account, row, problem: standing })
    await finishImport(ctx, { account, row, state })
    return standing
  } catch (error) {
    await progress.settled()
    // Trying again would fill the disk again and again; whoever waits hears what to do instead.
    const full = sayFullDisk(error)
    if (full) {
      await finishImport(ctx, { account, row, state: 'failed', reason: full })
      return standing
    }
    const problem = problemOf(error) ?? faultOf(ctx, { row, signal, error })
    if (!problem || problem.kind === 'throttled' || signal?.aborted) {
      const waiting = { state: 'scheduled', step: 'waiting', updatedAt: ctx.now() } as const
      await updateImport(ctx.db, { orgId, id: row.id, set: waiting })
      throw problem ? upstream(problem.message) : error
    }
    await noteBill(ctx, { account, row, problem: standing ?? problem })
    await finishImport(ctx, { account, row, state: 'failed', reason: problem.message })
    return standing ?? problem
  }
}

type Reading = Running & { progress: ProgressTracker; files: string[]; assembly: string; period?: string }

/** Reads the files and puts what they say in place. `period`: the only billing period they may be about. */
export async function readAndStore(ctx: Context, input: Reading): Promise<void> {
  const { account, row, signal, progress, files, assembly, period } = input
  const { currency } = await getOrganization(ctx.db, ctx.orgId)
  const folder = `${await spoolFolder(ctx, row.id)}/reading`
  const bill = await ctx.outside.readBill({
    files,
    folder,
    currency,
    holders: (await possibleHolders(ctx, account)).map(({ cloudAccountId }) => cloudAccountId),
    progress: progress.report,
    ...(signal ? { signal } : {}),
  })
  try {
    const other = period ? bill.periods.find((found) => found.period !== period) : undefined
    if (other)
      throw new BillError(
        `The files of the billing period ${period} also hold lines of ${other.period}. Nothing was imported.`,
        row.title,
      )
    const { lines } = bill.total
    progress.report({ step: 'storing', bytesRead: row.bytesTotal, bytesTotal: row.bytesTotal, lines })
    await progress.settled()
    const stored = period ? assembly : `${assembly}:${bill.periods.length}`
    await storeDailyExpenses(ctx, { account, importId: row.id, assembly: stored, bill })
  } finally {
    await bill.close()
    await rm(folder, { recursive: true, force: true })
  }
}
