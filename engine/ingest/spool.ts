/** Files on their way in: one folder per import, gone when the import is over. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listOpenImportIds, setCutOffImportsFailed } from '../../db/queries/imports.ts'
import { contextFor, jobActor, type Context, type Deps } from '../context.ts'
import { dayMs, hourMs } from '../time.ts'
import { finishImport } from './import-outcome.ts'

const bills = (deps: Pick<Deps, 'spool'>) => join(deps.spool, 'bills')

/** Folders of uploads under way begin so; each is gone when its upload is over. */
export const arriving = 'arriving-'

/** The folder of one import, made if it is not there. */
export async function spoolFolder(deps: Pick<Deps, 'spool'>, importId: string): Promise<string> {
  const folder = join(bills(deps), importId)
  await mkdir(folder, { recursive: true })
  return folder
}

/** Removes the files of an import. */
export async function dropSpool(deps: Pick<Deps, 'spool'>, importId: string): Promise<void> {
  await rm(join(bills(deps), importId), { recursive: true, force: true })
}

/** Did a file not fit on the disk any more? DuckDB, which spills there too, says so in words only. */
export function isSpoolFull(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ((at as { code?: unknown }).code === 'ENOSPC' || /no space left on device/i.test(at.message)) return true
  return false
}

const reason = 'The import was cut off and did not come back. The figures of before are unchanged. Start it again.'

/**
 * Ends imports that were cut off for good (no sign of life for six hours, longer than all retries take; two days for those
 * that only wait for their turn, behind others that take long) and removes
 * files older than a day that no import needs any more, and those of uploads that were cut off with the process.
 */
export async function sweepImports(deps: Deps): Promise<void> {
  const now = deps.now()
  await deps.db.transaction(async (db) => {
    const ago = (ms: number) => new Date(now.getTime() - ms)
    const times = { before: ago(6 * hourMs), unstartedBefore: ago(2 * dayMs), now }
    const cutOff = await setCutOffImportsFailed(db, { ...times, reason })
    for (const { accountName: name, ...row } of cutOff) {
      const ctx: Context = { ...contextFor({ ...deps, db }, row.orgId, jobActor('sweep')), open: true }
      await finishImport(ctx, { account: { id: row.accountId, name }, row, state: 'failed', reason })
    }
  })
  const needed = new Set(await listOpenImportIds(deps.db))
  await sweepFolder(bills(deps), { now, needs: (name) => needed.has(name) })
  await sweepFolder(deps.spool, { now, needs: (name) => !name.startsWith(arriving) })
}

async function sweepFolder(
  folder: string,
  { now, needs }: { now: Date; needs: (name: string) => boolean },
): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (needs(name)) continue
    // An upload that ends just now takes its folder along.
    const found = await stat(join(folder, name)).catch(() => null)
    if (found && now.getTime() - found.mtimeMs > dayMs) await rm(join(folder, name), { recursive: true, force: true })
  }
}
