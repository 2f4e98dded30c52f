import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { findImport } from '../../../db/queries/imports.ts'
import { uploadBill } from '../../../engine/ingest/uploaded-bill.ts'
import importJob from '../../../engine/jobs/import-bill.ts'
import { csvChunks, seeded } from '../../bench/bills.ts'
import type { World } from '../../world.ts'
import { figures, fileOf, importFiles, ingestWorld } from './ingest-world.ts'

let w: World
beforeAll(async () => {
  w = await ingestWorld()
})

const bill = (seed: number) => fileOf('cur.csv', [...csvChunks({ lines: 20_000, resources: 2000, seed })].join(''))

it('kill -9 at eight moments of an import leaves every figure as it was, and the next try goes through', async () => {
  // Neither is one of the accounts inside the bill, which would hold resources of its own.
  const [account, twin] = [
    await w.account('aws', { cloudAccountId: '1' }),
    await w.account('aws', { cloudAccountId: '2' }),
  ]
  await importFiles(w, account, [await bill(1)])
  await importFiles(w, twin, [await bill(1)])
  await importFiles(w, twin, [await bill(2)])
  const before = await figures(w, account)
  const { id } = await uploadBill(w.as(), { accountId: account.id, files: [{ name: 'cur.csv', path: await bill(2) }] })

  const random = seeded(7)
  let killed = 0
  for (let round = 0; round < 8; round++) {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'import-child.ts'), w.url, w.org.id, account.id, id, w.deps.spool],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    await once(child.stdout, 'data')
    await sleep(random() * 900)
    child.kill('SIGKILL')
    await once(child, 'close')
    const row = await findImport(w.database.db, { orgId: w.org.id, id })
    if (row!.state === 'completed') break
    killed += 1
    expect(await figures(w, account)).toEqual(before)
  }
  expect(killed).toBeGreaterThan(2)
  await w.runJobs([importJob])
  expect(await findImport(w.database.db, { orgId: w.org.id, id })).toMatchObject({ state: 'completed', lines: 20_000 })
  const sums = async (of: typeof account) => {
    const { facts, days, months, resources, scopes } = await figures(w, of)
    return {
      facts: { ...facts, hash: '' },
      days: { ...days, hash: '' },
      months: { ...months, hash: '' },
      resources,
      scopes,
    }
  }
  expect(await sums(account)).toEqual(await sums(twin))
}, 300_000)
