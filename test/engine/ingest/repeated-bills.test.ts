import { readFileSync } from 'node:fs'
import { Decimal } from 'decimal.js'
import { inArray } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { moveSpend } from '../../../db/queries/expenses.ts'
import { expenseStore } from '../../../db/queries/expense-store.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { resources } from '../../../db/schema/resources.ts'
import { checkSchedules } from '../../../db/schema/recommendations.ts'
import { plainText, totalOf } from '../../fixtures/bills/plain-reader.ts'
import { csvChunks } from '../../bench/bills.ts'
import type { World } from '../../world.ts'
import { figures, fileOf, focusSample, importFiles, ingestWorld } from './ingest-world.ts'

const good = readFileSync(focusSample, 'utf8')
const lines = good.trimEnd().split('\n')

let w: World
beforeAll(async () => {
  w = await ingestWorld()
})

/** Where every row of the facts and rollups lies on disk: equal answers mean nothing was written. */
async function places(account: Account) {
  const of = (table: string) =>
    w.database
      .sql`select md5(string_agg(tableoid::text || ctid::text || xmin::text, ' ' order by tableoid, ctid)) as places
      from ${w.database.sql(table)} where account_id = ${account.id}`
  return Promise.all(['expenses', 'spend_days', 'spend_months', 'resources', 'bill_scopes'].map(of))
}

/** Are both rollups exactly what the facts and today's pools and owners add up to? */
async function rollupsMatch(account: Account) {
  const [row] = await w.database.sql`
    with facts as (
      select e.day, r.pool_id, r.owner_id, e.sub_account, e.service, e.region, e.category, sum(e.billed) as billed,
        sum(e.effective) as effective, sum(e.list) as list, sum(e.lines) as lines
      from expenses e join resources r on r.id = e.resource_id where e.account_id = ${account.id} group by 1, 2, 3, 4, 5, 6, 7
    ), days as (
      select day, pool_id, owner_id, sub_account, service, region, category, billed, effective, list, lines::bigint
      from spend_days where account_id = ${account.id}
    ), months as (
      select month, pool_id, owner_id, sub_account, service, region, category, billed, effective, list, lines::bigint
      from spend_months where account_id = ${account.id}
    ), made as (
      select date_trunc('month', day)::date, pool_id, owner_id, sub_account, service, region, category, sum(billed),
        sum(effective), sum(list), sum(lines)::bigint from facts group by 1, 2, 3, 4, 5, 6, 7
    )
    select (select count(*) from ((table facts except table days) union all (table days except table facts)) d)::int as days,
      (select count(*) from ((table made except table months) union all (table months except table made)) m)::int as months`
  return row
}

describe('the same bill again', () => {
  it('is recognised and writes nothing, also when its files come in another order', async () => {
    const account = await w.account('focus')
    const half = [lines.slice(0, 500), [lines[0]!, ...lines.slice(500)]].map((part) => `${part.join('\n')}\n`)
    const files = [await fileOf('1.csv', half[0]!), await fileOf('2.csv', half[1]!)]
    expect(await importFiles(w, account, files)).toMatchObject({ state: 'completed', lines: 1000 })
    const before = await places(account)
    expect(await importFiles(w, account, files.toReversed())).toMatchObject({ state: 'unchanged' })
    expect(await places(account)).toEqual(before)
  })

  it('read anew after another one gives the same figures to the last digit', async () => {
    const account = await w.account('focus')
    await importFiles(w, account, [focusSample])
    const before = await figures(w, account)
    await importFiles(w, account, [await fileOf('other.csv', `${lines.slice(0, 700).join('\n')}\n`)])
    expect(await figures(w, account)).not.toEqual(before)
    expect(await importFiles(w, account, [focusSample])).toMatchObject({ state: 'completed' })
    expect(await figures(w, account)).toEqual(before)
  })
})

describe('a restated bill', () => {
  it('takes the place of the old one: late lines come, withdrawn lines go, other days stay', async () => {
    const account = await w.account('focus')
    await importFiles(w, account, [focusSample])
    const restated = [
      ...lines.slice(0, 3),
      ...lines.slice(6),
      lines[7]!.replace(/^(".*?"|NULL),[^,]*,/, '$1,7.5,'),
    ].join('\n')
    await importFiles(w, account, [await fileOf('restated.csv', restated)])
    const { facts, days, months, resources } = await figures(w, account)
    const total = totalOf(plainText(restated))
    for (const sums of [facts, days, months]) expect(sums).toMatchObject(total)
    expect(resources.cost).toBe(total.effective)
    expect(await rollupsMatch(account)).toEqual({ days: 0, months: 0 })
  })

  it('a resource that is no longer billed keeps its row, costs nothing and knows its last day before', async () => {
    const account = await w.account('focus')
    const one = (day: string, cost: string, resource: string) =>
      `2026-10-01,2026-11-01,${day}T00:00:00Z,${day}T01:00:00Z,USD,Usage,${cost},${cost},S3,${resource}`
    const header =
      'BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,BilledCost,EffectiveCost,ServiceName,ResourceId'
    const bill = (...rows: string[]) => fileOf('b.csv', [header, ...rows].join('\n'))
    await importFiles(w, account, [
      await bill(one('2026-10-02', '1', 'a'), one('2026-10-05', '2', 'a'), one('2026-10-03', '4', 'b')),
    ])
    await importFiles(w, account, [await bill(one('2026-10-02', '1.25', 'a'))])
    const rows = await w.database.sql`
      select cloud_resource_id as id, total_cost, last_expense_day::text as day, last_expense_cost as cost
      from resources where account_id = ${account.id} order by 1`
    expect([...rows]).toEqual([
      { id: 'a', total_cost: '1.25', day: '2026-10-02', cost: '1.25' },
      { id: 'b', total_cost: '0', day: null, cost: null },
    ])
  })

  it('dropping a period leaves nothing of it', async () => {
    const account = await w.account('focus')
    await importFiles(w, account, [focusSample])
    for (const period of ['2024-09-01', '2024-10-01'])
      await w.database.db.transaction((tx) =>
        expenseStore.dropScope(tx, { orgId: w.org.id, accountId: account.id, period }),
      )
    const { facts, days, months, resources, scopes } = await figures(w, account)
    expect([facts.rows, days.rows, months.rows, resources.cost, scopes]).toEqual([0, 0, 0, '0', []])
  })
})

describe('a bill that cannot be stored', () => {
  it('is rolled back whole when reading breaks off half-way, and goes through at the next try', async () => {
    const account = await w.account('focus')
    await importFiles(w, account, [focusSample])
    const before = await figures(w, account)
    const readBill = w.deps.outside.readBill
    w.deps.outside.readBill = async (request) => {
      const bill = await readBill(request)
      return {
        ...bill,
        charges: async function* (period, before) {
          yield* bill.charges(period, before)
          if (period === '2024-10-01') throw new Error('the disk went away')
        },
      }
    }
    const other = await fileOf('other.csv', `${[...lines.slice(0, 400), ...lines.slice(900)].join('\n')}\n`)
    await expect(importFiles(w, account, [other])).rejects.toThrow('the disk went away')
    expect(await figures(w, account)).toEqual(before)
    const [waiting] = await w.database
      .sql`select state, step from imports where account_id = ${account.id} order by created_at desc, state desc limit 1`
    expect(waiting).toMatchObject({ state: 'scheduled' })
    w.deps.outside.readBill = readBill
    expect(await importFiles(w, account, [other])).toMatchObject({ state: 'completed' })
    expect(await rollupsMatch(account)).toEqual({ days: 0, months: 0 })
  })

  it('is refused when the stored sums differ from the file in the last digit', async () => {
    const account = await w.account('focus')
    await importFiles(w, account, [focusSample])
    const before = await figures(w, account)
    const readBill = w.deps.outside.readBill
    w.deps.outside.readBill = async (request) => {
      const bill = await readBill(request)
      const periods = bill.periods.map((p) => ({ ...p, billed: new Decimal(p.billed).plus('1e-18').toFixed() }))
      return { ...bill, periods }
    }
    const other = await fileOf('other.csv', `${lines.slice(0, 800).join('\n')}\n`)
    const ended = await importFiles(w, account, [other])
    expect(ended).toMatchObject({ state: 'failed', reason: expect.stringMatching(/adds up to .* would be stored/) })
    w.deps.outside.readBill = readBill
    expect(await figures(w, account)).toEqual(before)
  })
})

describe('beside an import', () => {
  it('moves of resources between pools leave the rollups exact', async () => {
    const account = await w.account('aws')
    const file = await fileOf('cur.csv', [...csvChunks({ lines: 30_000, resources: 300 })].join(''))
    await importFiles(w, account, [file])
    const pools = await Promise.all(['A', 'B', 'C'].map((name) => w.pool(`Moving ${name}`)))
    const again = await fileOf('cur2.csv', [...csvChunks({ lines: 20_000, resources: 350, seed: 2 })].join(''))
    const importing = importFiles(w, account, [again])
    for (let round = 0; round < 12; round++) {
      const pool = pools[round % pools.length]!
      await w.database.db.transaction(async (tx) => {
        const rows = await w.database
          .sql`select id from resources where account_id = ${account.id} order by md5(id::text || ${round}) limit 40`
        const moves = rows.map((row) => ({ resourceId: row.id as string, poolId: pool.id, ownerId: w.lea.id }))
        await moveSpend(tx, { orgId: w.org.id, moves })
        await tx
          .update(resources)
          .set({ poolId: pool.id, ownerId: w.lea.id })
          .where(
            inArray(
              resources.id,
              moves.map((move) => move.resourceId),
            ),
          )
      })
    }
    expect(await importing).toMatchObject({ state: 'completed', lines: 20_000 })
    expect(await rollupsMatch(account)).toEqual({ days: 0, months: 0 })
  })

  it('the first one makes the check of recommendations due and queues the checks of pools and constraints', async () => {
    const [schedule] = await w.database.db.select().from(checkSchedules)
    expect(schedule!.nextRunAt.getTime()).toBeLessThanOrEqual(w.clock.now().getTime())
    const queued = await w.database
      .sql`select distinct name from pgboss.job where name in ('check-pools', 'check-constraints') order by 1`
    expect(queued.map((row) => row.name)).toEqual(['check-constraints', 'check-pools'])
  })
})
