/** The one-time rollup for databases that were filled with usage before `coverage_days` existed. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { asReport, demoLines } from '../fixtures/bills/live-demo.ts'
import { machine, reserved } from '../engine/commitments/bill.ts'
import { fileOf, importFiles, ingestWorld } from '../engine/ingest/ingest-world.ts'
import { awsCsv } from '../integrations/bills/reading.ts'
import type { World } from '../world.ts'

let w: World
beforeAll(async () => {
  w = await ingestWorld()
})

const rollup = async () => [...(await w.database.sql`select c::text as row from coverage_days c order by 1`)]
const migrate = async () => {
  const folder = join(import.meta.dirname, '../../db/migrations')
  const name = (await readdir(folder)).find((each) => each.endsWith('_coverage_of_usage_from_before_it_was_kept.sql'))!
  await w.database.sql.unsafe(await readFile(join(folder, name), 'utf8'))
}

it('says what each import would have said, of the periods that have none, however often it runs', async () => {
  await importFiles(w, await w.account('aws'), [await fileOf('demo.csv', asReport(await demoLines()))])
  const sizes = ['m5.large', 'db.r5.2xlarge', 'x.metal-24xl', 'odd'].map((flavor) =>
    machine('2026-10-05', { flavor, hours: '2', list: '0.2' }),
  )
  const paid = {
    ...machine('2026-11-05', { flavor: 'c5.2xlarge', hours: '3', list: '0.75' }),
    ...reserved('ri-1', '0.5'),
  }
  const account = await w.account('aws')
  await importFiles(w, account, [await fileOf('sizes.csv', awsCsv([...sizes, paid]))])
  const made = await rollup()
  expect(made.length).toBeGreaterThan(5)
  await migrate()
  expect(await rollup()).toEqual(made)
  await w.database.sql`delete from coverage_days where account_id <> ${account.id} or period = '2026-10-01'`
  expect((await rollup()).length).toBe(1)
  await migrate()
  expect(await rollup()).toEqual(made)
})
