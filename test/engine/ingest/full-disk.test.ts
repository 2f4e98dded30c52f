/** Fault R10: the disk of the database is full in the middle of a COPY. A file system of 128 KB for staging tables is that disk. */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect, type Database } from '../../../db/client.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import importReport from '../../../bot/messages/import-report.ts'
import type { OrgContext } from '../../../bot/context.ts'
import type { World } from '../../world.ts'
import { figures, focusSample, importFiles, ingestWorld } from './ingest-world.ts'

let w: World
let small: Database | null = null
let folder: string
let refused: string | null
const tablespace = `small_${process.pid}`

/** Runs a command of the system; its complaint when it is refused. */
function run(command: string, ...args: string[]): string | null {
  const done = spawnSync(command, args)
  return done.status === 0 ? null : (done.error?.message ?? done.stderr.toString().trim())
}

beforeAll(async () => {
  w = await ingestWorld()
  folder = await mkdtemp(join(tmpdir(), 'finops-small-disk-'))
  const [{ data_directory: data } = {}] = await w.database.sql`show data_directory`
  // A server elsewhere has its own disks, and who may not mount cannot make one.
  const owner = statSync(String(data), { throwIfNoEntry: false })
  refused = owner
    ? run('mount', '-t', 'tmpfs', '-o', `size=128k,mode=0700,uid=${owner.uid},gid=${owner.gid}`, 'tmpfs', folder)
    : 'the server runs on another machine'
})
afterAll(async () => {
  await small?.close()
  if (refused === null) {
    const name = new URL(w.url).pathname.slice(1)
    await w.database.sql.unsafe(`alter database ${name} reset temp_tablespaces`)
    await w.database.sql.unsafe(`drop tablespace if exists ${tablespace}`).catch(() => {})
    run('umount', '-l', folder)
  }
  await rm(folder, { recursive: true, force: true })
})

it(
  'rolls the import back, says so in chat, keeps reading, and imports when there is space again',
  { timeout: 180_000 },
  async ({ skip }) => {
    if (refused !== null) skip(`No small disk can be made here: ${refused}`)
    const [before, next] = [await w.account('aws'), await w.account('aws')]
    expect(await importFiles(w, before, [focusSample])).toMatchObject({ state: 'completed' })
    const [known, empty] = [await figures(w, before), await figures(w, next)]

    await w.database.sql.unsafe(`create tablespace ${tablespace} location '${folder}'`)
    await w.database.sql.unsafe(
      `alter database ${new URL(w.url).pathname.slice(1)} set temp_tablespaces = ${tablespace}`,
    )
    small = connect(w.url, { max: 4 })
    w.deps.db = small.db
    await expect(fill(small)).rejects.toMatchObject({ code: '53100' })

    const failed = await importFiles(w, next, [focusSample])
    expect(failed).toMatchObject({
      state: 'failed',
      reason:
        'The database has no disk space left, so nothing of this bill was kept. Free space on its disk, then import the bill again.',
    })
    expect(await figures(w, next)).toEqual(empty)
    expect(await figures(w, before)).toEqual(known)
    expect(await told(next)).toBe(
      `The bill of ${next.name} could not be read: ${failed.reason} Earlier figures are untouched.`,
    )

    expect(run('mount', '-o', 'remount,size=64m', folder)).toBeNull()
    expect(await importFiles(w, next, [focusSample])).toMatchObject({ state: 'completed' })
    expect((await figures(w, next)).facts).toMatchObject({ rows: known.facts['rows'], billed: known.facts['billed'] })
  },
)

/** A temporary table larger than the disk. */
const fill = ({ sql }: Database) =>
  sql.begin(
    (tx) => tx`create temp table much on commit drop as select repeat('x', 1000) as x from generate_series(1, 1000)`,
  )

/** What the report says that was queued for the people who follow the import. */
async function told(account: Account): Promise<string> {
  const [notice] = await w.database
    .sql`select n.subject_id from notifications n join imports i on i.id::text = n.subject_id
    where n.kind = 'import-report' and i.account_id = ${account.id}`
  const facts = await importReport.load(w.as() as unknown as OrgContext, notice!['subject_id'] as string)
  return importReport.text(facts!, {} as never) as string
}
