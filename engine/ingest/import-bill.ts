/** Reads the bill of an account, uploaded or from its bucket, and stores it. What goes wrong is said in plain sentences. */
import { findAccount, updateAccount } from '../../db/queries/cloud-accounts.ts'
import { findImport } from '../../db/queries/imports.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { importBucket } from './bucket-bills.ts'
import { readAndStore, runImport, type Running } from './run-import.ts'
import { dropSpool } from './spool.ts'
import { assemblyOf, isStored } from './uploaded-bill.ts'

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
  if (source) await importBucket(ctx, { account, source, asked, signal })
}

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
