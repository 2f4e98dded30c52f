/** What is new in the bucket of an account. */
import { listBillScopes } from '../../db/queries/cloud-accounts.ts'
import { insertImport, listImports, listOpenImports } from '../../db/queries/imports.ts'
import type { Account, Import } from '../../db/schema/cloud-accounts.ts'
import { CloudError, type BillAssembly, type BillSource, type Credentials } from '../../integrations/cloud.ts'
import { openCredentials } from '../accounts/credentials.ts'
import type { Problem } from '../accounts/problems.ts'
import { inTransaction, type Context } from '../context.ts'
import { upstream } from '../errors.ts'
import { announceImport, finishImport, noteBill } from './import-outcome.ts'
import type { ProgressTracker } from './progress.ts'
import { readAndStore, runImport } from './run-import.ts'
import { dropSpool, spoolFolder } from './spool.ts'

/** How far back the first import of a bucket goes: periods. */
const firstPeriods = 4

type FromBucket = {
  account: Account
  source: BillSource
  asked: Import | null
  signal: AbortSignal | undefined
}

/** Imports every billing period whose delivery changed, newest first, each on its own; the first time a few. */
export async function importBucket(ctx: Context, { account, source, asked, signal }: FromBucket): Promise<void> {
  const scopes = await listBillScopes(ctx.db, { orgId: ctx.orgId, accountId: account.id })
  let [credentials, found]: [Credentials | null, BillAssembly[]] = [null, []]
  try {
    credentials = openCredentials(ctx, account)
    if (!credentials) return
    found = await source.find(credentials, account.settings)
  } catch (error) {
    return cannotLook(ctx, { account, asked, error })
  }
  const stored = new Map(scopes.map((scope) => [scope.period, scope.assembly]))
  const oldest = scopes.at(-1)?.period ?? '9999'
  // The newest few always count: a first import that was cut off has stored the newest period only.
  const wanted = found.filter(({ period }, n) => n < firstPeriods || period >= oldest)
  const news = wanted.filter(({ period, id }) => stored.get(period) !== id)
  // What cannot be read comes last: whoever asked follows one that can.
  const changed = news.toSorted((one, other) => Number('flaw' in one) - Number('flaw' in other))
  await endStored(ctx, { account, changed, asked })
  if (changed.length === 0) {
    await noteBill(ctx, { account, row: null, problem: null })
    if (asked) await finishImport(ctx, { account, row: asked, state: 'unchanged' })
    return
  }
  const keys = credentials
  let waiting = asked
  let standing: Problem | null = null
  for (const assembly of changed) {
    signal?.throwIfAborted()
    const row = waiting ?? (await startFromBucket(ctx, { account, assembly }))
    waiting = null
    const { id, period, flaw } = assembly
    try {
      standing = await runImport(ctx, { account, row, signal, standing }, async (progress) => {
        if (flaw) throw new CloudError('bad_bill', flaw)
        const files = await download(ctx, { source, credentials: keys, account, row, assembly, progress })
        await readAndStore(ctx, { account, row, signal, progress, files, assembly: id, period })
        return 'completed'
      })
    } finally {
      // The next try downloads everything anew: what is left of this one would only fill the disk.
      await dropSpool(ctx, row.id)
    }
  }
}

/** Ends imports that were cut off after their figures were in place: nothing of theirs is left to read. */
async function endStored(
  ctx: Context,
  { account, changed, asked }: { account: Account; changed: BillAssembly[]; asked: Import | null },
): Promise<void> {
  const open = await listOpenImports(ctx.db, { orgId: ctx.orgId, accountId: account.id })
  for (const row of open)
    if (row.source === 'bucket' && row.id !== asked?.id && !changed.some((one) => titleOf(account, one) === row.title))
      await finishImport(ctx, { account, row, state: 'unchanged' })
}

const titleOf = (account: Account, { period }: BillAssembly) => `${account.name} ${period.slice(0, 7)}`

/** The import of this delivery: the one that was cut off or put off before it was done, else a new one. */
async function startFromBucket(
  ctx: Context,
  { account, assembly }: { account: Account; assembly: BillAssembly },
): Promise<Import> {
  const title = titleOf(account, assembly)
  const open = await listOpenImports(ctx.db, { orgId: ctx.orgId, accountId: account.id })
  const cutOff = open.find((row) => row.source === 'bucket' && row.title === title)
  if (cutOff) return cutOff
  const [where, now] = [{ orgId: ctx.orgId, accountId: account.id }, ctx.now()]
  return inTransaction(ctx, async (ctx) => {
    const isFirst = (await listImports(ctx.db, { ...where, limit: 1 })).length === 0
    const row = await insertImport(ctx.db, { ...where, source: 'bucket', title, createdAt: now, updatedAt: now })
    // A first bill that is refused is tried every hour: a card for each try would bury the report.
    if (isFirst) await announceImport(ctx, { account, row })
    return row
  })
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

type Downloading = Omit<FromBucket, 'asked' | 'signal'> & {
  credentials: Credentials
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
