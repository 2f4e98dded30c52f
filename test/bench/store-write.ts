/**
 * Goal 6: daily rows into the store (resources matched, scope replaced, rollups and resource totals made, sums compared)
 * against a COPY of the same rows into a bare table with a primary key, and against multi-row inserts.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Db } from '../../db/client.ts'
import { listBilledIds, mergeBilledResources } from '../../db/queries/billed-resources.ts'
import { expenseStore } from '../../db/queries/expense-store.ts'
import { allowBulk, ensureMonths } from '../../db/queries/staging.ts'
import { chargeCopyColumns, resourceCopyColumns, usageCopyColumns } from '../../integrations/bill.ts'
import { seeded } from './bills.ts'
import { seconds, type Bench } from './harness.ts'
import { ingestWorld } from './ingest-world.ts'

const days = 30
const services = ['AmazonEC2', 'AmazonS3', 'AmazonRDS', 'AWSLambda', 'AmazonVPC', 'AmazonCloudWatch']
type Row = { day: string; key: string; service: string; cost: string }

function* dailyRows(resources: number): Generator<Row> {
  const next = seeded(3)
  for (let day = 1; day <= days; day++)
    for (let n = 0; n < resources; n++)
      yield {
        day: `2026-10-${String(day).padStart(2, '0')}`,
        key: `i-${n.toString(16).padStart(17, '0')}`,
        service: services[n % services.length]!,
        cost: (next() * 10).toFixed(10),
      }
}

/** Text in chunks of a megabyte. */
async function* chunked<T>(rows: Iterable<T>, line: (row: T) => string): AsyncGenerator<string> {
  let text = ''
  for (const row of rows) {
    text += line(row)
    if (text.length < 1_000_000) continue
    yield text
    text = ''
  }
  yield text
}

/** The id of each resource, as the store tells it to the reader of a bill. */
async function idsOf(db: Db): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for await (const rows of listBilledIds(db)) for (const { resourceKey, id } of rows) ids.set(resourceKey, id)
  return ids
}

export const bench: Bench = {
  name: 'store-write',
  async open({ quick }) {
    const resources = quick ? 6_700 : 33_400
    const rows = resources * days
    const w = await ingestWorld()
    const { db, sql: raw } = w.database
    const account = await w.account()
    const scope = { orgId: w.ctx.orgId, accountId: account.id, period: '2026-10-01' }
    const line = ({ day, key, service, cost }: Row) =>
      `${[day, key, '123', service, 'eu-west-1', 'Usage', '', '', '', cost, cost, cost, cost, 24].join('\t')}\n`
    const all = [...dailyRows(resources)]
    const bare = () => chunked(all, line)
    const usage = { columns: usageCopyColumns, chunks: () => chunked<string>([], String) }
    const rowsOf = Map.groupBy(all, ({ key }) => key)
    const known = () =>
      chunked(
        rowsOf.keys(),
        (key) =>
          `${[key, '', '', key, 'Instance', 'AmazonEC2', 'eu-west-1', '{}', '{}', '2026-10-01', '2026-10-30'].join('\t')}\n`,
      )
    /** As the reader of a bill hands them out: resource by resource, under the id each has. */
    function* byResource(ids: Map<string, string>): Generator<Row> {
      for (const [key, id] of [...ids].toSorted(([, a], [, b]) => (a < b ? -1 : 1)))
        for (const row of rowsOf.get(key)!) yield { ...row, key: id }
    }
    const charges = (ids: Map<string, string>) => ({
      columns: chargeCopyColumns,
      chunks: (before: readonly string[]) => chunked(byResource(ids), (row) => `${before.join('\t')}\t${line(row)}`),
    })
    let units = 0n
    for (const { cost } of all) units += BigInt(cost.replace('.', ''))
    const billed = `${units / 10_000_000_000n}.${String(units % 10_000_000_000n).padStart(10, '0')}`
    const total = {
      ...{ firstDay: '2026-10-01', lastDay: '2026-10-30', lines: rows, billed, effective: billed },
      ...{ assembly: 'bench', importId: account.id, importedAt: new Date() },
    }
    await ensureMonths(db, { from: '2026-10-01', to: '2026-10-31' })
    await raw`create table bare (day date, resource_key text, sub_account text, service text, region text, category text,
      class text, commitment text, commitment_status text, billed numeric, effective numeric, list numeric,
      contracted numeric, lines integer, primary key (day, resource_key, sub_account, service, region, category))`
    const merge = () =>
      db.transaction(async (tx) => {
        await allowBulk(tx)
        await mergeBilledResources(tx, {
          ...{ orgId: scope.orgId, now: new Date() },
          holders: [{ number: '', accountId: account.id, poolId: account.poolId! }],
          rows: { columns: resourceCopyColumns, chunks: known },
        })
        const ids = await idsOf(tx)
        await expenseStore.replaceScope(tx, scope, { total, rows: charges(ids), usage })
      })
    return {
      unit: '/s',
      contenders: [
        {
          name: 'ours',
          run: async () => {
            await db.transaction((tx) => expenseStore.dropScope(tx, scope))
            return rows / (await seconds(merge))
          },
        },
        {
          name: 'peer INSERT of 1,000',
          run: async () => {
            await raw`truncate bare`
            const part = Math.min(rows, 200_000)
            const values = all.slice(0, part).map(({ day, key, service, cost }) => ({
              ...{
                day,
                resource_key: key,
                sub_account: '123',
                service,
                region: 'eu-west-1',
                category: 'Usage',
                class: '',
              },
              ...{
                commitment: '',
                commitment_status: '',
                billed: cost,
                effective: cost,
                list: cost,
                contracted: cost,
                lines: 24,
              },
            }))
            const took = await seconds(async () => {
              for (let at = 0; at < part; at += 1000) await raw`insert into bare ${raw(values.slice(at, at + 1000))}`
            })
            return part / took
          },
        },
        {
          name: 'floor COPY with key',
          run: async () => {
            await raw`truncate bare`
            const took = await seconds(async () => {
              await pipeline(Readable.from(bare()), await raw`copy bare from stdin`.writable())
            })
            return rows / took
          },
        },
      ],
      gates: [
        {
          goal: 'merge speed ÷ COPY with key (goal 6)',
          atLeast: 0.3,
          value: (best) => best('ours') / best('floor COPY with key'),
        },
        {
          goal: 'merge speed ÷ INSERT of 1,000 rows',
          atLeast: 1,
          value: (best) => best('ours') / best('peer INSERT of 1,000'),
        },
      ],
      async compare() {
        const stored = await expenseStore.controlTotal(db, scope)
        const [bare] = await raw`select trim_scale(sum(billed))::text as billed, count(*)::int as rows from bare`
        if (stored.billed !== bare!.billed || stored.rows !== rows || bare!.rows !== rows)
          throw new Error(`Stored ${JSON.stringify(stored)}, copied ${JSON.stringify(bare)}`)
        return `${rows} rows add up to ${stored.billed} in both`
      },
      close: () => w.close(),
    }
  },
}
