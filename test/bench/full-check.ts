/**
 * A check of every recommendation over an account of a million resources with thirty days of cost and usage, held against
 * one plain scan of the same tables: what reading it all costs at least. The first check is told module by module.
 * Filling takes minutes: with `FULL_CHECK_FOLDER` set, the filled database stays there and is used again.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { connect, type Database } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { insertOrganization } from '../../db/queries/organizations.ts'
import { sealer } from '../../db/secrets.ts'
import { contextFor, jobActor, type Context } from '../../engine/context.ts'
import { recommendations } from '../../engine/recommendations/catalog.ts'
import { checkAccount } from '../../engine/recommendations/check-account.ts'
import { checkRecommendations } from '../../engine/recommendations/check.ts'
import { tidyOptions } from '../../engine/recommendations/options.ts'
import { createBoss, createQueues } from '../../engine/worker.ts'
import { furnish, now, tables } from './full-check-world.ts'
import { seconds, type Bench } from './harness.ts'
import { peakOf, type Peak } from './memory.ts'

/** Nothing is lost with this database, so it keeps no log of what fills it. */
const settings = [
  ...['shared_buffers=1GB', 'work_mem=64MB', 'max_wal_size=8GB'],
  ...['fsync=off', 'synchronous_commit=off', 'wal_level=minimal', 'max_wal_senders=0'],
]

/** The organization of the filled database, filled now unless it was before. */
async function filled(database: Database, { folder, size }: { folder: string; size: number }): Promise<string> {
  const note = join(folder, `filled-${size}`)
  if (existsSync(note)) {
    // What earlier checks found and said goes, so that the first one is a first one.
    await database.sql`truncate findings, archived_findings, dismissals, check_results, check_schedules`
    const [row] = await database.sql<{ id: string }[]>`select id from organizations`
    return row!.id
  }
  const { id: orgId } = await insertOrganization(database.db, { name: 'Bench' })
  const took = await seconds(() => furnish(database, { orgId, size }))
  await writeFile(note, '')
  console.log(`  ${size} resources made in ${took.toFixed(0)} s`)
  return orgId
}

function context(database: Database, boss: Context['boss'], orgId: string): Context {
  const outside = { clouds: {}, readBill: () => Promise.reject(new Error('no bills here')), calendar: null }
  const tools = { secrets: sealer('a master key for the bench'), log: pino({ level: 'warn' }), spool: tmpdir() }
  const deps = { db: database.db, boss, now: () => now, outside, publicUrl: 'http://localhost', ...tools }
  return contextFor(deps, orgId, jobActor('bench'))
}

/** One pass over every table, one number of each: the least that reading them costs. */
const scan = ({ sql }: Database) =>
  seconds(async () => {
    for (const table of tables) await sql`select count(*), count(org_id) from ${sql(table)}`
  })

type Checked = Peak & { id: string; took: number; added: number }

/** Every module on its own, the way the whole check runs them. */
async function checkModules(ctx: Context, { sql }: Database): Promise<Checked[]> {
  const [account] = await sql<{ id: string }[]>`select id from accounts`
  const check = { orgId: ctx.orgId, accountId: account!.id, cloud: 'aws', currency: 'USD', now } as const
  const all: Checked[] = []
  for (const one of recommendations.filter(({ clouds }) => clouds.includes('aws'))) {
    const options = await tidyOptions(ctx, one)
    let added = 0
    let took = 0
    const peak = await peakOf(sql, async () => {
      took = await seconds(async () => {
        const settled = await checkAccount(ctx, { one, check, options, before: options })
        if (!settled) throw new Error(`${one.id} failed`)
        added = settled.added
      })
    })
    all.push({ id: one.id, took, added, ...peak })
    console.log(`  ${one.id}: ${took.toFixed(1)} s, ${added} found, ${peak.process} MB + database ${peak.server} MB`)
  }
  return all
}

export const bench: Bench = {
  name: 'full check',
  async open({ quick }) {
    const size = quick ? 20_000 : 1_000_000
    const keep = process.env['FULL_CHECK_FOLDER']
    const folder = keep ?? (await mkdtemp(join(tmpdir(), 'finops-full-check-')))
    const server = await startEmbedded(folder, settings)
    const url = await ensureDatabase(server.url, 'full_check')
    await migrateDatabase(url)
    const boss = createBoss(url)
    await boss.start()
    await createQueues(boss)
    const database = connect(url, { max: 4, statementTimeoutMs: 3_600_000 })
    const orgId = await filled(database, { folder, size })
    const ctx = context(database, boss, orgId)
    const first = await checkModules(ctx, database)
    const slowest = Math.max(...first.map(({ took }) => took))
    const peaks: Peak[] = []
    const check = async () => {
      let took = 0
      const work = async () => {
        const checked = await checkRecommendations(ctx)
        if (!checked || checked.failed) throw new Error(`The check failed: ${JSON.stringify(checked)}`)
      }
      peaks.push(await peakOf(database.sql, async () => void (took = await seconds(work))))
      return took
    }
    return {
      unit: 's',
      contenders: [
        { name: 'check of all modules', run: check },
        { name: 'one scan of the tables', run: () => scan(database) },
      ],
      gates: [
        {
          goal: 'check ÷ scan',
          value: (best) => best('check of all modules') / best('one scan of the tables'),
          atMost: 20,
        },
        {
          goal: 'slowest module, first time ÷ scan',
          value: (best) => slowest / best('one scan of the tables'),
          atMost: 20,
        },
      ],
      compare() {
        const sum = (of: (one: Checked) => number) => first.reduce((all, one) => all + of(one), 0)
        const most = (of: keyof Peak) => Math.max(...[...first, ...peaks].map((peak) => peak[of]))
        return Promise.resolve(
          `${size} resources, first check ${sum((one) => one.took).toFixed(1)} s, ${sum((one) => one.added)} findings, ` +
            `peak of this process ${most('process')} MB, of the database ${most('server')} MB beyond its shared buffers`,
        )
      },
      async close() {
        await boss.stop({ graceful: false })
        await database.close()
        await server.stop()
        if (!keep) await rm(folder, { recursive: true, force: true })
      },
    }
  },
}
