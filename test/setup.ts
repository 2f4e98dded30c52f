/** Once per run: a PostgreSQL of its own (or the one of TEST_DATABASE_URL), and the migrated template every test file clones. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../db/migrate.ts'
import { createBoss, createQueues } from '../engine/worker.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
    templateName: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  // Whatever tests leave in the temporary folder goes with this one. Other users may pass through it: PostgreSQL does not run as root.
  const folder = await mkdtemp(join(tmpdir(), 'finops-test-'))
  await chmod(folder, 0o711)
  process.env.TMPDIR = folder
  const server = !given
    ? await startEmbedded(join(folder, 'postgres'), ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'])
    : null
  const url = server?.url ?? given!
  const templateName = `finops_template_${process.pid}`
  const template = await ensureDatabase(url, templateName)
  await migrateDatabase(template)
  const boss = createBoss(template)
  await boss.start()
  await createQueues(boss)
  await boss.stop({ graceful: false })
  project.provide('postgresUrl', url)
  project.provide('templateName', templateName)
  return async () => {
    await server?.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
