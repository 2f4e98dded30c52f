import { beforeAll, describe, expect, it } from 'vitest'
import { expenseStore } from '../../../db/queries/expense-store.ts'
import { removeAccount } from '../../../engine/accounts/remove.ts'
import { asReport, demoLines } from '../../fixtures/bills/live-demo.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import type { World } from '../../world.ts'
import { figures, fileOf, importFiles, ingestWorld } from './ingest-world.ts'

let w: World
beforeAll(async () => {
  w = await ingestWorld()
})

const hour = (day: string, resource: string, amount: string) => ({
  ...{ 'lineItem/UsageStartDate': `2026-${day}T10:00:00Z`, 'lineItem/UsageEndDate': `2026-${day}T11:00:00Z` },
  ...{ 'lineItem/ResourceId': resource, 'lineItem/UsageType': 'EU-BoxUsage:m5.large', 'lineItem/UsageAmount': amount },
  ...{ 'bill/BillingPeriodStartDate': `2026-${day.slice(0, 2)}-01T00:00:00Z`, 'bill/BillingPeriodEndDate': '' },
  ...{ 'pricing/publicOnDemandRate': '0.1070000000', 'pricing/publicOnDemandCost': '0.107' },
})

describe('usage of a bill', () => {
  it('lies beside its costs, by the resource it belongs to, and is the same after the same bill', async () => {
    const account = await w.account('aws')
    const report = await fileOf('demo.csv', asReport(await demoLines()))
    await importFiles(w, account, [report])
    const [row] = await w.database.sql`
      select u.day::text, u.kind, u.item, u.flavor, u.unit, u.commitment, u.quantity, u.billed, u.effective, u.list, u.rate,
        u.normalization, u.committed, u.period::text, u.org_id = ${w.org.id} as ours, u.starts_at, u.ends_at
      from usage u join resources r on r.id = u.resource_id
      where u.account_id = ${account.id} and r.cloud_resource_id = 'i-082b1a163698b8ede' and u.day = '2024-09-16'`
    expect(row).toEqual({
      ...{ day: '2024-09-16', kind: 'compute', item: 'SavingsPlanCoveredUsage', flavor: 't2.large', unit: 'Hrs' },
      ...{ commitment: '75f200eb-1176-44b5-be56-01e9b6386a9a', quantity: '17.9814037618', billed: '1.6686742684' },
      ...{ effective: '1.1885707886', list: '1.6686742691', rate: '0.0661', normalization: '4', committed: null },
      ...{ period: '2024-09-01', ours: true },
      ...{ starts_at: '2024-09-16 00:00:00+00', ends_at: '2024-09-16 20:00:00+00' },
    })
    // 63 and 98 lines of machines, 211 of transfer, 36 of storage, 174 of requests, 12 fees.
    const { usage } = await figures(w, account)
    expect(usage['lines']).toBe(594)
    const again = asReport((await demoLines()).toReversed())
    await importFiles(w, account, [await fileOf('again.csv', again)])
    expect((await figures(w, account)).usage).toEqual(usage)
  })

  it('is restated, dropped and removed with its period and its account', async () => {
    const account = await w.account('aws')
    const rows = () => w.database.sql`
      select u.period::text, r.cloud_resource_id as id, u.quantity from usage u join resources r on r.id = u.resource_id
      where u.account_id = ${account.id} order by 1, 2`
    const bill = (...lines: Record<string, string>[]) => fileOf('bill.csv', awsCsv(lines))
    await importFiles(w, account, [
      await bill(hour('09-30', 'i-1', '1'), hour('10-01', 'i-1', '1'), hour('10-02', 'i-2', '1')),
    ])
    await importFiles(w, account, [await bill(hour('10-01', 'i-1', '0.5'))])
    expect([...(await rows())]).toEqual([
      { period: '2026-09-01', id: 'i-1', quantity: '1' },
      { period: '2026-10-01', id: 'i-1', quantity: '0.5' },
    ])
    await w.database.db.transaction((tx) =>
      expenseStore.dropScope(tx, { orgId: w.org.id, accountId: account.id, period: '2026-09-01' }),
    )
    expect([...(await rows())]).toEqual([{ period: '2026-10-01', id: 'i-1', quantity: '0.5' }])
    await removeAccount(w.as(w.lea), { accountId: account.id })
    expect([...(await rows())]).toEqual([])
  })

  it('is not there when the import is rolled back', async () => {
    const account = await w.account('aws')
    const readBill = w.deps.outside.readBill
    w.deps.outside.readBill = async (request) => {
      const bill = await readBill(request)
      return {
        ...bill,
        usage: async function* (period, before) {
          yield* bill.usage(period, before)
          throw new Error('the disk went away')
        },
      }
    }
    const file = await fileOf('bill.csv', awsCsv([hour('10-05', 'i-1', '1')]))
    await expect(importFiles(w, account, [file])).rejects.toThrow('the disk went away')
    w.deps.outside.readBill = readBill
    const { facts, usage } = await figures(w, account)
    expect([facts['rows'], usage['rows']]).toEqual([0, 0])
  })
})
