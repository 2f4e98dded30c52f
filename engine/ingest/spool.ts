/** Files on their way in: one folder per import, gone when the import is over. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listOpenImportIds, setCutOffImportsFailed } from '../../db/queries/imports.ts'
import { contextFor, jobActor, type Deps } from '../context.ts'
import { redrawCopies } from '../events.ts'
import { dayMs, hourMs } from '../time.ts'

const bills = (deps: Pick<Deps, 'spool'>) => join(deps.spool, 'bills')

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

/**
 * Ends imports that were cut off for good (no sign of life for six hours, longer than all retries take) and removes
 * files older than a day that no import needs any more.
 */
export async function sweepImports(deps: Deps): Promise<void> {
  const now = deps.now()
  const cutOff = await setCutOffImportsFailed(deps.db, {
    before: new Date(now.getTime() - 6 * hourMs),
    now,
    reason: 'The import was cut off and did not come back. The figures of before are unchanged. Start it again.',
  })
  for (const { id, orgId } of cutOff) {
    const ctx = contextFor(deps, orgId, jobActor('sweep'))
    await redrawCopies(ctx, { kind: 'import', id })
  }
  const needed = new Set(await listOpenImportIds(deps.db))
  for (const name of await readdir(bills(deps)).catch(() => [])) {
    // An import that ends now takes its folder along.
    const found = await stat(join(bills(deps), name)).catch(() => null)
    if (found && !needed.has(name) && now.getTime() - found.mtimeMs > dayMs) await dropSpool(deps, name)
  }
}
