/** A database of its own for benches of imports: the product's own verbs on an embedded PostgreSQL with its usual settings. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { connect, type Database } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { deleteAccountFacts } from '../../db/queries/account-facts.ts'
import { insertAccount } from '../../db/queries/cloud-accounts.ts'
import { findImport, insertImport } from '../../db/queries/imports.ts'
import { insertOrganization } from '../../db/queries/organizations.ts'
import { insertPool } from '../../db/queries/pools.ts'
import type { Account, Import } from '../../db/schema/cloud-accounts.ts'
import { sealer } from '../../db/secrets.ts'
import { contextFor, jobActor, type Context } from '../../engine/context.ts'
import { importBill } from '../../engine/ingest/import-bill.ts'
import { createBoss, createQueues } from '../../engine/worker.ts'
import { billReader } from '../../integrations/bills/read-bill.ts'

export type IngestWorld = {
  database: Database
  url: string
  ctx: Context
  /** A folder for generated bills. */
  folder: string
  account: () => Promise<Account>
  /** Imports one file as an upload that already lies here, and fails unless it ends in `state`. */
  ingest: (account: Account, file: string, state?: Import['state']) => Promise<Import>
  forget: (account: Account) => Promise<void>
  close: () => Promise<void>
}

/** Starts everything; `settings` are extra PostgreSQL settings. */
export async function ingestWorld(settings: string[] = []): Promise<IngestWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'finops-bench-'))
  const server = await startEmbedded(join(folder, 'postgres'), settings)
  const url = await ensureDatabase(server.url, 'bench')
  await migrateDatabase(url)
  const boss = createBoss(url)
  boss.on('error', (error) => console.error(`  queue: ${String(error)}`))
  await boss.start()
  await createQueues(boss)
  const database = connect(url, { max: 6, statementTimeoutMs: 3_600_000 })
  const { id: orgId } = await insertOrganization(database.db, { name: 'Bench' })
  const pool = await insertPool(database.db, { orgId, name: 'Bench', purpose: 'business_unit' })
  const deps = {
    db: database.db,
    boss,
    now: () => new Date(),
    outside: { clouds: {}, readBill: billReader(), calendar: null },
    secrets: sealer('a master key for the bench'),
    log: pino({ level: 'warn' }),
    spool: folder,
    publicUrl: 'http://localhost',
  }
  const ctx = contextFor(deps, orgId, jobActor('bench'))
  let count = 0
  return {
    database,
    url,
    ctx,
    folder,
    account: () => {
      count += 1
      const cloudAccountId = String(count)
      return insertAccount(database.db, { orgId, name: `aws ${count}`, cloud: 'aws', cloudAccountId, poolId: pool.id })
    },
    async ingest(account, file, state = 'completed') {
      const row = await insertImport(database.db, {
        orgId,
        accountId: account.id,
        source: 'upload',
        title: 'bench',
        files: [file],
      })
      await importBill(ctx, { accountId: account.id, importId: row.id })
      const ended = await findImport(database.db, { orgId, id: row.id })
      if (ended?.state !== state) throw new Error(`The import ended as ${ended?.state}: ${ended?.reason}`)
      return ended
    },
    forget: async (account) => {
      await database.db.transaction((tx) => deleteAccountFacts(tx, { orgId, accountId: account.id }))
    },
    async close() {
      await boss.stop({ graceful: false })
      await database.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
