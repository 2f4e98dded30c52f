/** Reads the bill of an account, uploaded or from its bucket, and stores it. What goes wrong is said in plain sentences. */
import { rm } from 'node:fs/promises'
import { findAccount, listBillScopes, updateAccount } from '../../db/queries/cloud-accounts.ts'
import { countCompletedImports, findImport, insertImport, updateImport } from '../../db/queries/imports.ts'
import { getOrganization } from '../../db/queries/organizations.ts'
import type { Account, Import } from '../../db/schema/cloud-accounts.ts'
import { BillError } from '../../integrations/bill.ts'
import { CloudError, type BillAssembly, type BillSource, type Credentials } from '../../integrations/cloud.ts'
import { openCredentials } from '../accounts/credentials.ts'
import type { Context } from '../context.ts'
import { notFound, upstream } from '../errors.ts'
import { announceImport, finishImport, noteBill } from './import-outcome.ts'
import { storeDailyExpenses } from './daily-expenses.ts'
import { trackProgress, type ProgressTracker } from './progress.ts'
import { dropSpool, spoolFolder } from './spool.ts'
import { assemblyOf, isStored } from './uploaded-bill.ts'

/** How far back the first import of a bucket goes: periods. */
const firstPeriods = 4

export type ImportBill = { accountId: string; importId?: string | undefined; signal?: AbortSignal }

/**
 * Imports what is new of an account: the upload `importId` names, or every billing period of its bucket that changed.
 * May run twice or die half-way: what is stored is replaced whole, what did not change is not written.
 */
export async function importBill(ctx: Context, { accountId, importId, signal }: ImportBill): Promise<void> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: accountId })
  if (!account) throw notFound('This account is no longer connected. Nothing was imported.')
  const asked = importId ? await findImport(ctx.db, { orgId: ctx.orgId, id: importId }) : null
  if (asked && !['scheduled', 'running'].includes(asked.state)) return
  await updateAccount(ctx.db, { orgId: ctx.orgId, id: accountId, set: { lastImportAttemptAt: ctx.now() } })
  if (asked && asked.source !== 'bucket') return importUpload(ctx, { account, row: asked, signal })
  const source = ctx.outside.clouds[account.cloud]?.bill
  const credentials = openCredentials(ctx, account)
  if (source && credentials) await importBucket(ctx, { account, source, credentials, asked, signal })
}

type Running = { account: Account; row: Import; signal: AbortSignal | undefined }

async function importUpload(ctx: Context, { account, row, signal }: Running): Promise<void> {
  await runImport(ctx, { account, row, signal }, async (progress) => {
    const hash = await assemblyOf(row.files)
    if (await isStored(ctx, { accountId: account.id, hash })) return 'unchanged'
    await readAndStore(ctx, { account, row, signal, progress, files: row.files, assembly: hash })
    return 'completed'
  })
  const after = await findImport(ctx.db, { orgId: ctx.orgId, id: row.id })
  if (after && after.state !== 'scheduled') await dropSpool(ctx, row.id)
}

type FromBucket = {
  account: Account
  source: BillSource
  credentials: Credentials
  asked: Import | null
  signal: AbortSignal | undefined
}

async function importBucket(ctx: Context, { account, source, credentials, asked, signal }: FromBucket): Promise<void> {
  const scopes = await listBillScopes(ctx.db, { orgId: ctx.orgId, accountId: account.id })
  let found: BillAssembly[]
  try {
    found = await source.find(credentials, account.settings)
  } catch (error) {
    return cannotLook(ctx, { account, asked, error })
  }
  const stored = new Map(scopes.map((scope) => [scope.period, scope.assembly]))
  const oldest = scopes.at(-1)?.period ?? ''
  const changed = found.filter(({ period, id }) => period >= oldest && stored.get(period) !== id)
  if (changed.length === 0) {
    await noteBill(ctx, { account, row: null, problem: null })
    if (asked) await finishImport(ctx, { account, row: asked, state: 'unchanged' })
    return
  }
  let waiting = asked
  for (const assembly of scopes.length ? changed : changed.slice(0, firstPeriods)) {
    signal?.throwIfAborted()
    const row = waiting ?? (await startFromBucket(ctx, { account, assembly }))
    waiting = null
    await runImport(ctx, { account, row, signal }, async (progress) => {
      const files = await download(ctx, { source, credentials, account, row, assembly, progress })
      await readAndStore(ctx, { account, row, signal, progress, files, assembly: assembly.id, period: assembly.period })
      return 'completed'
    })
    await dropSpool(ctx, row.id)
  }
}

async function startFromBucket(
  ctx: Context,
  { account, assembly }: { account: Account; assembly: BillAssembly },
): Promise<Import> {
  const isFirst = (await countCompletedImports(ctx.db, { orgId: ctx.orgId, accountId: account.id })) === 0
  const row = await insertImport(ctx.db, {
    orgId: ctx.orgId,
    accountId: account.id,
    source: 'bucket',
    title: `${account.name} ${assembly.period.slice(0, 7)}`,
    createdAt: ctx.now(),
    updatedAt: ctx.now(),
  })
  if (isFirst) await announceImport(ctx, { account, row })
  return row
}

/** The bucket could not be asked: the account says so; what passes by itself is tried again. */
async function cannotLook(
  ctx: Context,
  { account, asked, error }: { account: Account; asked: Import | null; error: unknown },
): Promise<void> {
  if (!(error instanceof CloudError)) throw error
  if (error.kind === 'throttled') throw upstream(error.message)
  await noteBill(ctx, { account, row: null, problem: { kind: error.kind, message: error.message } })
  if (asked) await finishImport(ctx, { account, row: asked, state: 'failed', reason: error.message })
}

/** Runs one import from start to its end or to a reason; what nobody can explain flies up and is tried again. */
async function runImport(
  ctx: Context,
  { account, row, signal }: Running,
  read: (progress: ProgressTracker) => Promise<'completed' | 'unchanged'>,
): Promise<void> {
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
    await noteBill(ctx, { account, row, problem: null })
    await finishImport(ctx, { account, row, state })
  } catch (error) {
    await progress.settled()
    const problem = problemOf(error)
    if (!problem || problem.kind === 'throttled' || signal?.aborted) {
      const waiting = { state: 'scheduled', step: 'waiting', updatedAt: ctx.now() } as const
      await updateImport(ctx.db, { orgId, id: row.id, set: waiting })
      throw problem ? upstream(problem.message) : error
    }
    await noteBill(ctx, { account, row, problem })
    await finishImport(ctx, { account, row, state: 'failed', reason: problem.message })
  }
}

function problemOf(error: unknown): { kind: CloudError['kind']; message: string } | null {
  if (error instanceof BillError) return { kind: 'bad_bill', message: error.message }
  if (error instanceof CloudError) return { kind: error.kind, message: error.message }
  return null
}

type Downloading = Omit<FromBucket, 'asked' | 'signal'> & {
  row: Import
  assembly: BillAssembly
  progress: ProgressTracker
}

async function download(
  ctx: Context,
  { source, credentials, account, row, assembly, progress }: Downloading,
): Promise<string[]> {
  const folder = await spoolFolder(ctx, row.id)
  const bytesTotal = assembly.files.reduce((sum, { size }) => sum + size, 0)
  let before = 0
  const files: string[] = []
  for (const object of assembly.files) {
    const report = (bytes: number) =>
      progress.report({ step: 'downloading', bytesRead: before + bytes, bytesTotal, lines: 0 })
    files.push(await source.download(credentials, account.settings, { ...object, folder, progress: report }))
    before += object.size
  }
  return files
}

type Reading = Running & { progress: ProgressTracker; files: string[]; assembly: string; period?: string }

async function readAndStore(ctx: Context, input: Reading): Promise<void> {
  const { account, row, signal, progress, files, assembly, period } = input
  const { currency } = await getOrganization(ctx.db, ctx.orgId)
  const folder = `${await spoolFolder(ctx, row.id)}/reading`
  const bill = await ctx.outside.readBill({
    files,
    folder,
    currency,
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
