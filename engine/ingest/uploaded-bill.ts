import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, rename, stat, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { findAccount, listBillScopes } from '../../db/queries/cloud-accounts.ts'
import { insertImport } from '../../db/queries/imports.ts'
import type { Import } from '../../db/schema/cloud-accounts.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { announceImport } from './import-outcome.ts'
import { dropSpool, spoolFolder } from './spool.ts'

export const UploadBill = z.object({
  accountId: z.uuid(),
  /** `name` is what the person calls the file, `path` where it lies; the file is moved away from there. */
  files: z
    .array(z.object({ name: z.string().trim().min(1).max(255), path: z.string() }))
    .min(1, 'Choose at least one file.')
    .max(200, 'A bill has at most 200 files.'),
})
export type UploadBill = z.infer<typeof UploadBill>

/**
 * Takes a bill a person sent: its files move into the spool, an import waits, a card follows it. All files together are
 * one bill. Reading happens in the job `import-bill`.
 */
export async function uploadBill(ctx: Context, input: UploadBill): Promise<Import> {
  const { accountId, files } = UploadBill.parse(input)
  await assertCan(ctx, 'manage_accounts')
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: accountId })
  if (!account) throw notFound('There is no such account. Nothing was uploaded.', { next: 'Pick one of the accounts.' })
  const id = randomUUID()
  try {
    const stored = await moveIn(await spoolFolder(ctx, id), files)
    return await inTransaction(ctx, async (ctx) => {
      const row = await insertImport(ctx.db, {
        id,
        orgId: ctx.orgId,
        accountId,
        source: 'upload',
        title: files.length === 1 ? files[0]!.name : `${files[0]!.name} and ${files.length - 1} more`,
        personId: ctx.actor.personId,
        files: stored.map((file) => file.path),
        bytesTotal: stored.reduce((sum, file) => sum + file.bytes, 0),
        createdAt: ctx.now(),
        updatedAt: ctx.now(),
      })
      await record(ctx, 'import.uploaded', { subject: { kind: 'import', id }, after: { account: account.name } })
      if (row.personId) await announceImport(ctx, { account, row })
      await enqueue(ctx, 'import-bill', { orgId: ctx.orgId, accountId, importId: id, key: id })
      return row
    })
  } catch (error) {
    await dropSpool(ctx, id)
    throw error
  }
}

/** Moves the files under plain names; two of one name would hide each other. */
async function moveIn(folder: string, files: UploadBill['files']): Promise<{ path: string; bytes: number }[]> {
  const moved: { path: string; bytes: number }[] = []
  for (const { name, path } of files) {
    const plain = basename(name.replaceAll('\\', '/'))
      .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
      .replace(/^\.+/, '_')
    const target = join(folder, plain)
    if (moved.some((file) => file.path === target))
      throw invalid(`Two of the files are called ${plain}. Nothing was uploaded.`, { field: 'files' })
    await rename(path, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EXDEV') throw error
      await copyFile(path, target)
      await unlink(path)
    })
    moved.push({ path: target, bytes: (await stat(target)).size })
  }
  return moved
}

/** What identifies an upload: its files' contents, in whatever order they came. */
export async function assemblyOf(files: string[]): Promise<string> {
  const hashes: string[] = []
  for (const file of files) {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 16 })) hash.update(chunk as Buffer)
    hashes.push(hash.digest('hex'))
  }
  return `upload:${createHash('sha256').update(hashes.toSorted().join()).digest('hex')}`
}

/** Is exactly this upload what is visible now, in all its billing periods? The stored name ends with their number. */
export async function isStored(ctx: Context, where: { accountId: string; hash: string }): Promise<boolean> {
  const scopes = await listBillScopes(ctx.db, { orgId: ctx.orgId, accountId: where.accountId })
  const own = scopes.filter(({ assembly }) => assembly.startsWith(`${where.hash}:`))
  return own.length > 0 && own.every(({ assembly }) => assembly === `${where.hash}:${own.length}`)
}
