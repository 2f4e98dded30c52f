/** Faults R17 and R18: a migration that fails half-way, and the version of before on the tables of the next one. */
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { readConfig } from '../../config.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { openInstallation } from '../../installation.ts'

const folder = join(import.meta.dirname, '../../db/migrations')
type Journal = { entries: { tag: string }[] }
let journal: Journal
const opened: { sql: postgres.Sql; name: string }[] = []

beforeAll(async () => {
  journal = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8')) as Journal
})
afterAll(async () => {
  for (const { sql } of opened) await sql.end()
  const admin = postgres(inject('postgresUrl'), { max: 1 })
  for (const { name } of opened) await admin.unsafe(`drop database if exists ${name}`)
  await admin.end()
})

async function emptyDatabase(of: string): Promise<{ url: string; sql: postgres.Sql }> {
  const name = `finops_${of}_${process.pid}`
  const url = await ensureDatabase(inject('postgresUrl'), name)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  opened.push({ sql, name })
  return { url, sql }
}

/** Brings a database to where a version was that had the first `steps` migrations only. */
async function migrateTo(sql: postgres.Sql, steps: number): Promise<void> {
  const older = await mkdtemp(join(tmpdir(), 'finops-migrations-'))
  const entries = journal.entries.slice(0, steps)
  await mkdir(join(older, 'meta'))
  await writeFile(join(older, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }))
  for (const { tag } of entries) await copyFile(join(folder, `${tag}.sql`), join(older, `${tag}.sql`))
  await migrate(drizzle(sql), { migrationsFolder: older })
}

type Column = { place: string; relation: string; type: string; required: boolean; given: boolean }
type Promised = { place: string; relation: string; columns: string[] }

/** What a version relies on: columns with their types and whether they must be said, and what rows must keep to. */
async function tablesOf(sql: postgres.Sql) {
  const columns = await sql<Column[]>`
    select c.relname || '.' || a.attname as place, c.relname as relation, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as required, a.atthasdef or a.attidentity <> '' as given
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped order by 1`
  const promises = await sql<Promised[]>`
    select c.relname || ': ' || pg_get_constraintdef(k.oid) as place, c.relname as relation, array(
        select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any (k.conkey)) as columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and not c.relispartition and k.contype in ('c', 'u', 'f', 'x', 'p')
    union select c.relname || ': ' || regexp_replace(pg_get_indexdef(i.indexrelid), ' INDEX .* ON ', ' INDEX ON '), c.relname, array(
        select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any (i.indkey))
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and not c.relispartition and i.indisunique
    order by 1`
  return { columns: [...columns], promises: [...promises] }
}
type Tables = Awaited<ReturnType<typeof tablesOf>>

/** What of a step a version that does not know it would stumble over. */
function broken(before: Tables, after: Tables): string[] {
  const now = new Map(after.columns.map((column) => [column.place, column]))
  const then = new Set(before.columns.map(({ place }) => place))
  const known = new Set(before.columns.map(({ relation }) => relation))
  const promised = new Set(before.promises.map(({ place }) => place))
  const kept = new Set(after.promises.map(({ place }) => place))
  return [
    ...before.columns.flatMap(({ place, type, required, given }) => {
      const found = now.get(place)
      if (!found) return [`${place} is gone`]
      if (found.type !== type) return [`${place} became ${found.type}`]
      if (found.required && !required) return [`${place} became required`]
      return given && required && !found.given ? [`${place} lost its default`] : []
    }),
    ...after.columns
      .filter(({ place, relation, required, given }) => !then.has(place) && known.has(relation) && required && !given)
      .map(({ place }) => `${place} is new and required`),
    // An upsert names what is unique, and fails without it.
    ...before.promises
      .filter(({ place }) => !kept.has(place) && /: (UNIQUE|PRIMARY KEY|EXCLUDE|CREATE UNIQUE)/.test(place))
      .map(({ place }) => `lost promise ${place}`),
    ...after.promises
      .filter(
        ({ place, relation, columns }) =>
          !promised.has(place) && known.has(relation) && columns.some((name) => then.has(`${relation}.${name}`)),
      )
      .map(({ place }) => `new promise ${place}`),
  ]
}

it('R17: a step that fails takes all steps back, says which and why, and the tables of before are untouched', async () => {
  const { url, sql } = await emptyDatabase('half')
  await migrateTo(sql, journal.entries.length - 3)
  await sql`insert into organizations (name, currency) values ('Before', 'USD')`
  await sql.unsafe(`
    create schema obstacle; create sequence obstacle.changes;
    create function obstacle.stop() returns event_trigger language plpgsql as $$ begin
      if exists (select from pg_event_trigger_ddl_commands() where schema_name = 'public') and nextval('obstacle.changes') = 2
        then raise exception 'no room for this table'; end if;
    end $$;
    create event trigger stop_half_way on ddl_command_end execute function obstacle.stop()`)
  const before = await tablesOf(sql)
  const sentence =
    /^the migration \d{4}_\w+ failed \(no room for this table\) and was rolled back, so the version that ran before still works$/
  await expect(migrateDatabase(url)).rejects.toThrow(sentence)
  const [reached] = await sql`select last_value::int as changes from obstacle.changes`
  expect(reached, 'something was changed before it failed').toEqual({ changes: 2 })
  expect(await tablesOf(sql)).toEqual(before)
  expect(await sql`select name from organizations`).toEqual([{ name: 'Before' }])
  const [applied] = await sql`select count(*)::int as steps from drizzle.__drizzle_migrations`
  expect(applied).toEqual({ steps: journal.entries.length - 3 })

  await sql`alter sequence obstacle.changes restart`
  const folder = await mkdtemp(join(tmpdir(), 'finops-migrations-'))
  const config = readConfig({ DATABASE_URL: url, SECRET_KEY: 'sixteen characters or more', DATA_DIR: folder })
  await expect(openInstallation({ ...config, LOG_LEVEL: 'silent' }, { standIns: null })).rejects.toThrow(
    /^The database of DATABASE_URL cannot be used: the migration \d{4}_\w+ failed \(no room for this table\)[^\n]*\.$/,
  )

  await sql`drop event trigger stop_half_way`
  await migrateDatabase(url)
  expect(await sql`select name from organizations`).toEqual([{ name: 'Before' }])
}, 120_000)

/**
 * Steps that a running older version would stumble over. The first two are older than the first release, when nobody ran
 * anything; the third keeps the older promise, because what is one in any case is one as written. A new line here means that the old version must be stopped before the new one starts, and wants a reason. What a step
 * does to rows is not seen here.
 */
const stopFirst: Record<string, string[]> = {
  '0001_partitions_and_promises': [
    'new promise bookings: CHECK ((ends_at > starts_at))',
    "new promise bookings: EXCLUDE USING gist (environment_id WITH =, tstzrange(starts_at, ends_at, '[)'::text) WITH &&) WHERE ((state = ANY (ARRAY['offered'::text, 'booked'::text, 'active'::text])))",
  ],
  '0003_prices_of_spot_commitments_and_editions': [
    'lost promise machine_types: CREATE UNIQUE INDEX ON public.machine_types USING btree (cloud, region, name, os)',
    'lost promise machine_types: PRIMARY KEY (cloud, region, name, os)',
    'new promise machine_types: CREATE UNIQUE INDEX ON public.machine_types USING btree (cloud, region, name, os, software)',
    'new promise machine_types: PRIMARY KEY (cloud, region, name, os, software)',
  ],
  '0015_people_are_removed_and_e_mails_are_one_in_any_case': [
    'lost promise people: CREATE UNIQUE INDEX ON public.people USING btree (org_id, email)',
    'lost promise people: UNIQUE (org_id, email)',
    'new promise people: CREATE UNIQUE INDEX ON public.people USING btree (org_id, lower(email))',
  ],
}

it('R18: every step leaves what the version before it reads and writes as it was', async () => {
  const { sql } = await emptyDatabase('steps')
  const found: Record<string, string[]> = {}
  let before: Tables | null = null
  for (const [n, { tag }] of journal.entries.entries()) {
    await migrateTo(sql, n + 1)
    const after = await tablesOf(sql)
    const breaks = before ? broken(before, after) : []
    if (breaks.length) found[tag] = breaks
    before = after
  }
  expect(found).toEqual(stopFirst)
}, 120_000)
