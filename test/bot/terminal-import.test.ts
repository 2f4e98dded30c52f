import { expect, it } from 'vitest'
import { updateImport } from '../../db/queries/imports.ts'
import { claimWork, isWorked } from '../../db/work-claim.ts'
import { followImport } from '../../bot/terminal-import.ts'
import { importBill } from '../../engine/ingest/import-bill.ts'
import { uploadBill } from '../../engine/ingest/uploaded-bill.ts'
import { fileOf, ingestWorld } from '../engine/ingest/ingest-world.ts'

const w = await ingestWorld()
const header =
  'BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,BilledCost,EffectiveCost,ServiceName,ResourceId'
const row = (cost: string) => `2026-10-01,2026-11-01,2026-10-05,2026-10-06,USD,Usage,${cost},1.25,S3,a`

async function follow(lines: string[]) {
  const account = await w.account('focus')
  const path = await fileOf('october.csv', `${lines.join('\n')}\n`)
  const { id } = await uploadBill(w.as(), { accountId: account.id, files: [{ name: 'october.csv', path }] })
  const said: string[] = []
  const following = followImport(w.as(), { importId: id, say: (line) => said.push(line), everyMs: 10 })
  return { account, id, said, following }
}

it('says how far it is and then the exact totals, both costs by name', async () => {
  const { account, id, said, following } = await follow([header, row('2'), row('0.5')])
  await updateImport(w.database.db, { orgId: w.org.id, id, set: { bytesRead: 50, bytesTotal: 200, lines: 1 } })
  await expect.poll(() => said.at(-1)).toMatch(/waiting: The bill of focus 1 is being read: 25%, 1 row/)
  await importBill(w.job(), { accountId: account.id, importId: id })
  const [sentence, exact] = (await following).split('\n')
  expect(sentence).toMatch(/^The bill of focus 1 is in: 2 rows in 1 second, \$2.50 effective cost, \$2.50 billed.$/)
  expect(exact).toMatch(/^2 rows in [\d.]+ s, [\d,]+ a second; billed 2.5, effective cost 2.5.$/)
})

it('says why a bill was refused', async () => {
  const { account, id, following } = await follow([header, row('NaN')])
  await importBill(w.job(), { accountId: account.id, importId: id })
  expect(await following).toMatch(/could not be read. Nothing was changed.\n.*line 2: BilledCost is "NaN"/)
})

it('knows whether a worker will read it', async () => {
  expect(await isWorked(w.database.sql)).toBe(false)
  const claim = await claimWork(w.url)
  expect(await isWorked(w.database.sql)).toBe(true)
  await claim.release()
})
