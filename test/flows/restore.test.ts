/** Faults R19 and R20: what was saved is restored whole, and a database goes back to the moment before a bad import. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql as statement } from 'drizzle-orm'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect, type Database } from '../../db/client.ts'
import { startEmbedded, type EmbeddedServer } from '../../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { insertOrganization } from '../../db/queries/organizations.ts'
import { tenantDb } from '../../db/tenant.ts'
import { bookEnvironment } from '../../engine/environments/bookings.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { postgresError } from '../../engine/errors.ts'
import { hourMs } from '../../engine/time.ts'
import { createBoss, createQueues } from '../../engine/worker.ts'
import { csvChunks } from '../bench/bills.ts'
import { awsReport, fileOf, focusSample, importFiles, ingestWorld } from '../engine/ingest/ingest-world.ts'
import type { World } from '../world.ts'

const servers: EmbeddedServer[] = []
const settings = ['fsync=off', 'shared_buffers=32MB']
let place: string
let w: World
/** On the server all tests share: the given one, when the product is tested with somebody's own PostgreSQL. */
let shared: World

beforeAll(async () => {
  shared = await ingestWorld()
  await furnish(shared)
  place = await mkdtemp(join(tmpdir(), 'finops-restore-'))
  await mkdir(join(place, 'archive'))
  const archive = ['archive_mode=on', `archive_command=cp %p ${place}/archive/%f`]
  const url = await ensureDatabase((await start('first', archive)).url, 'finops')
  await migrateDatabase(url)
  const boss = createBoss(url)
  await boss.start()
  await createQueues(boss)
  await boss.stop({ graceful: false })
  w = await ingestWorld({ url })
  await furnish(w)
}, 600_000)
afterAll(async () => {
  // Before its server: the queue's driver takes a server that goes away for an error of nobody's.
  await (w.deps.boss as PgBoss).stop({ graceful: false })
  await w.database.close()
  for (const server of servers) await server.stop()
  await rm(place, { recursive: true, force: true })
})

/** A bill, a booking, and another organization whose rows nobody else may see. */
async function furnish(world: World): Promise<void> {
  await insertOrganization(world.database.db, { name: 'Neighbours', currency: 'USD' })
  await importFiles(world, await world.account('focus'), [focusSample])
  const { id: environmentId } = await createEnvironment(world.as(), { name: 'qa-stand' })
  const startsAt = world.clock.now()
  await bookEnvironment(world.as(), { environmentId, startsAt, endsAt: new Date(startsAt.getTime() + hourMs) })
}

async function start(name: string, more: string[] = []): Promise<EmbeddedServer> {
  const server = await startEmbedded(join(place, name), [...settings, ...more])
  servers.push(server)
  return server
}

/** Sums per account and month, from facts and from both rollups, and what bills themselves add up to. */
const sums = ({ sql }: Database) => sql`
  select account_id, month::text, trim_scale(sum(facts))::text as facts, trim_scale(sum(days))::text as days,
    trim_scale(sum(months))::text as months, trim_scale(sum(scopes))::text as scopes, sum(lines)::int as lines
  from (
    select account_id, period as month, billed as facts, 0 as days, 0 as months, 0 as scopes, lines from expenses
    union all select account_id, date_trunc('month', day)::date, 0, billed, 0, 0, 0 from spend_days
    union all select account_id, month, 0, 0, billed, 0, 0 from spend_months
    union all select account_id, period, 0, 0, 0, billed, 0 from bill_scopes
  ) of_all group by 1, 2 order by 1, 2`

/** What no copy may lose: who sees what, and that a slot is taken once. */
async function expectPromises(database: Database, { org }: World): Promise<void> {
  const seen = await tenantDb(database.db, org.id).execute(statement`select name from organizations`)
  expect([...seen]).toEqual([{ name: org.name }])
  const again = database.sql`insert into bookings (org_id, environment_id, person_id, starts_at, ends_at, planned_ends_at)
    select org_id, environment_id, person_id, starts_at + interval '10 minutes', ends_at, ends_at from bookings`
  await expect(again).rejects.toMatchObject({ constraint_name: 'bookings_no_overlap' })
  const forbidden = tenantDb(database.db, org.id).execute(statement`delete from slack_seen`)
  expect(postgresError(await forbidden.catch((error: unknown) => error))?.code).toBe('42501')
}

/** Opens the database of a restored server, brings it up as a start of the product does, and looks. */
async function opened(url: string, look: (database: Database) => Promise<void>): Promise<void> {
  expect(await migrateDatabase(url)).toEqual({ withoutRowSecurity: null })
  const database = connect(url, { max: 2 })
  try {
    await look(database)
  } finally {
    await database.close()
  }
}

it('R19, R20: files of yesterday and the archive lead back to before a bad import, and a copy of that folder starts', async ({
  skip,
}) => {
  const data = join(place, 'first/postgres')
  if (!existsSync(data)) skip('PostgreSQL runs as another user here, in a folder of its own')
  const { sql } = w.database
  await copyWhileItRuns(data, join(place, 'later'))
  const account = await w.account('aws', { cloudAccountId: '1' })
  expect(await importFiles(w, account, [awsReport])).toMatchObject({ state: 'completed' })
  const before = [...(await sums(w.database))]
  await sql`select pg_create_restore_point('before the bad import')`
  const bad = await fileOf('cur.csv', [...csvChunks({ lines: 500, resources: 50, month: '2023-11' })].join(''))
  expect(await importFiles(w, account, [bad])).toMatchObject({ state: 'completed' })
  expect([...(await sums(w.database))]).not.toEqual(before)
  const [last] = await sql`select pg_walfile_name(pg_switch_wal()) as name`
  const archived = async () => (await sql`select last_archived_wal as name from pg_stat_archiver`)[0]!['name'] as string
  await expect.poll(async () => (await archived()) >= (last!['name'] as string), { timeout: 60_000 }).toBe(true)

  await writeFile(join(place, 'later/postgres/recovery.signal'), '')
  const back = ['recovery_target_name=before the bad import', 'recovery_target_action=promote']
  const server = await start('later', [...back, `restore_command=cp ${place}/archive/%f %p`])
  const url = await ensureDatabase(server.url, 'finops')
  const looking = connect(url, { max: 1 })
  const recovering = async () => (await looking.sql`select pg_is_in_recovery() as yes`)[0]!['yes'] as boolean
  await expect.poll(recovering, { timeout: 60_000 }).toBe(false)
  await looking.close()
  await opened(url, async (restored) => {
    expect([...(await sums(restored))]).toEqual(before)
    await expectPromises(restored, w)
  })

  await server.stop()
  await cp(join(place, 'later'), join(place, 'copy'), { recursive: true })
  await opened(await ensureDatabase((await start('copy')).url, 'finops'), async (copy) => {
    expect([...(await sums(copy))]).toEqual(before)
    await expectPromises(copy, w)
  })
}, 600_000)

/** A base backup: files as they lie there, and a label from the server that says from where its log mends them. */
async function copyWhileItRuns(data: string, to: string): Promise<void> {
  await mkdir(join(to, 'postgres/pg_wal'), { recursive: true, mode: 0o700 })
  // One session: the server forgets a backup whose session ends.
  const session = await w.database.sql.reserve()
  await session`select pg_backup_start('drill', true)`
  await cp(data, join(to, 'postgres'), {
    recursive: true,
    filter: (path) => !/\/(postmaster\.pid|pg_wal\/.*|pgsql_tmp.*)$/.test(path),
  })
  const [label] = await session`select labelfile from pg_backup_stop()`
  session.release()
  await writeFile(join(to, 'postgres/backup_label'), label!['labelfile'] as string)
  await chmod(join(to, 'postgres'), 0o700)
  await copyFile(`${data}.password`, join(to, 'postgres.password'))
}

it('R19: what pg_dump wrote is restored by pg_restore with the same sums', async ({ skip }) => {
  const [{ version } = { version: 0 }] = await shared.database
    .sql`select current_setting('server_version_num')::int / 10000 as version`
  const tool = /\d+/.exec(spawnSync('pg_dump', ['--version']).stdout?.toString() ?? '')?.[0]
  if (Number(tool ?? 0) < version) skip(`There is no pg_dump of PostgreSQL ${version} or newer here`)
  const file = join(place, 'finops.dump')
  const name = `finops_restored_${process.pid}`
  const url = await ensureDatabase(shared.url, name)
  for (const [command, ...args] of [
    ['pg_dump', '--format=custom', `--file=${file}`, shared.url],
    ['pg_restore', '--exit-on-error', `--dbname=${url}`, file],
  ]) {
    const { status, stderr } = spawnSync(command!, args)
    expect([status, stderr.toString()]).toEqual([0, ''])
  }
  await opened(url, async (restored) => {
    expect([...(await sums(restored))]).toEqual([...(await sums(shared.database))])
    await expectPromises(restored, shared)
  })
  await shared.database.sql.unsafe(`drop database ${name}`)
}, 600_000)
