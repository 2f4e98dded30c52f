/** Which database users can have row-level security, on a server of their own: roles belong to the whole server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect, type Database } from '../../db/client.ts'
import { startEmbedded, type EmbeddedServer } from '../../db/embedded.ts'
import { migrateDatabase } from '../../db/migrate.ts'
import { insertOrganization, insertPerson } from '../../db/queries/organizations.ts'
import { getReadiness } from '../../db/queries/readiness.ts'
import { people } from '../../db/schema/organizations.ts'
import { tenantDb } from '../../db/tenant.ts'
import { createBoss, createQueues } from '../../engine/worker.ts'

let folder: string
let server: EmbeddedServer
let admin: postgres.Sql
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'finops-users-'))
  server = await startEmbedded(folder, ['fsync=off'])
  admin = postgres(server.url, { max: 1, onnotice: () => {} })
}, 60_000)
afterAll(async () => {
  await admin.end()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A database and the user who owns it. */
async function own(name: string, may = ''): Promise<string> {
  await admin.unsafe(`create role ${name} login password 'pw' ${may}`)
  await admin.unsafe(`create database ${name} owner ${name}`)
  return Object.assign(new URL(server.url), { username: name, password: 'pw', pathname: `/${name}` }).href
}

/** As a start does: queues are made after the migrations. */
async function start(url: string): Promise<{ why: string | null; database: Database }> {
  const { withoutRowSecurity: why } = await migrateDatabase(url)
  const boss = createBoss(url)
  await boss.start()
  await createQueues(boss)
  await boss.stop({ graceful: false })
  return { why, database: connect(url, { max: 2 }) }
}

/** How many people a door of the first of two organizations sees when it forgets to ask for them. */
async function seenByOne({ db, close }: Database): Promise<{ seen: number; rowLevelSecurity: boolean }> {
  const orgs = [await insertOrganization(db, { name: 'One' }), await insertOrganization(db, { name: 'Two' })]
  for (const { id: orgId } of orgs) await insertPerson(db, { orgId, name: 'Ann' })
  const rows = await tenantDb(db, orgs[0]!.id).select().from(people)
  const { rowLevelSecurity } = await getReadiness(db)
  await close()
  return { seen: rows.length, rowLevelSecurity }
}

it('one who may not make roles works without it and hears why', async () => {
  const { why, database } = await start(await own('plain'))
  expect(why).toBe('role "finops_tenant" does not exist')
  expect(await seenByOne(database)).toEqual({ seen: 2, rowLevelSecurity: false })
})

it('two who may make roles start at once: one makes it, and the other is given it by an administrator', async () => {
  const urls = [await own('maker_one', 'createrole'), await own('maker_two', 'createrole')]
  const started = await Promise.all(urls.map(start))
  const without = started.flatMap(({ why }, n) => (why === null ? [] : [n]))
  expect(without).toHaveLength(1)
  const [late] = without
  expect(await seenByOne(started[1 - late!]!.database)).toEqual({ seen: 1, rowLevelSecurity: true })
  expect(started[late!]!.why).toBe('permission denied to set role "finops_tenant"')
  await started[late!]!.database.close()
  await admin.unsafe(`grant finops_tenant to ${['maker_one', 'maker_two'][late!]}`)
  const again = await start(urls[late!]!)
  expect(again.why).toBeNull()
  expect(await seenByOne(again.database)).toEqual({ seen: 1, rowLevelSecurity: true })
})

it('one whom an administrator gave the role gets it at the next start, and whoever lost it hears an error', async () => {
  const url = await own('given')
  const before = await start(url)
  expect(before.why).not.toBeNull()
  await before.database.close()
  await admin.unsafe('grant finops_tenant to given')
  const { why, database } = await start(url)
  expect(why).toBeNull()
  await admin.unsafe('revoke finops_tenant from given')
  await expect(tenantDb(database.db, '00000000-0000-0000-0000-000000000001').select().from(people)).rejects.toThrow()
  await database.close()
})

it('one who does not own the tables is told so instead of seeing nothing', async () => {
  const url = await own('keeper')
  await admin.unsafe('grant finops_tenant to keeper')
  await (await start(url)).database.close()
  await admin.unsafe("create role guest login password 'pw'")
  const inside = postgres(Object.assign(new URL(server.url), { pathname: '/keeper' }).href, { max: 1 })
  await inside.unsafe(
    'grant create, usage on schema public, drizzle to guest; grant create on database keeper to guest',
  )
  await inside.unsafe('grant all on all tables in schema public, drizzle to guest')
  await inside.unsafe('drop function enter_organization')
  await inside.end()
  const guest = Object.assign(new URL(url), { username: 'guest' }).href
  await expect(migrateDatabase(guest)).rejects.toThrow('its tables belong to another user')
})
