/**
 * Fault R24, the test of a bank: bills are imported, repeated, restated and killed, resources move between pools, and
 * whoever reads meanwhile finds books that balance. `BANK_SECONDS` makes it longer, `BANK_SEED` repeats a run.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect, type Database } from '../../../db/client.ts'
import { findImport } from '../../../db/queries/imports.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { assignResources } from '../../../engine/assignment/assign.ts'
import { contextFor, type Context } from '../../../engine/context.ts'
import { AppError } from '../../../engine/errors.ts'
import { importBill } from '../../../engine/ingest/import-bill.ts'
import { uploadBill } from '../../../engine/ingest/uploaded-bill.ts'
import { decimal } from '../../../engine/money.ts'
import { readPools } from '../../../engine/pools/tree.ts'
import { breakdown } from '../../../engine/spend/breakdown.ts'
import { csvChunks, seeded } from '../../bench/bills.ts'
import type { World } from '../../world.ts'
import { fileOf, ingestWorld, scratch } from './ingest-world.ts'

const seconds = Number(process.env['BANK_SECONDS'] ?? 12)
const seed = Number(process.env['BANK_SEED'] ?? Date.now() % 1_000_000)

/** A bill and what it adds up to, counted as it was written and not by the product. */
type Bill = { path: string; total: string }
/** `last` is the bill of the newest import that ended; each account has one importer. */
type Customer = { account: Account; bills: Bill[]; last: Bill | null }

let w: World
/** What readers read through; nobody cuts it. */
let readers: Database
const customers: Customer[] = []
const pools: string[] = []
const done = { imports: 0, repeats: 0, moves: 0, kills: 0, cuts: 0, audits: 0, answers: 0 }
let over = false

beforeAll(async () => {
  w = await ingestWorld({ now: '2026-10-31T10:00:00Z' })
  readers = connect(w.url, { max: 3, name: 'readers' })
  for (const team of ['Payments', 'Search']) {
    const { id: parentId } = await w.pool(team)
    pools.push(parentId)
    for (const part of ['blue', 'green']) pools.push((await w.pool(`${team} ${part}`, { parentId })).id)
  }
  for (const n of [1, 2, 3]) {
    // Not one of the accounts inside the bills, which would hold resources of its own.
    const account = await w.account('aws', { cloudAccountId: String(n) })
    const bills = []
    for (const [at, lines] of [400, 500, 900].entries()) bills.push(await billOf(lines, seed + 10 * n + at))
    customers.push({ account, bills, last: null })
  }
})
afterAll(() => readers.close())

async function billOf(lines: number, seedOfBill: number): Promise<Bill> {
  const tally = { units: 0n }
  const text = [...csvChunks({ lines, resources: 60, month: '2026-10', seed: seedOfBill, tally })].join('')
  return { path: await fileOf('cur.csv', text), total: decimal(String(tally.units)).div(1e10).toFixed() }
}

/** Goes on until the end; a lane that fails ends all of them with its reason. */
async function lane(work: () => Promise<void>): Promise<void> {
  try {
    while (!over) await work()
  } finally {
    over = true
  }
}
const pick = <T>(random: () => number, list: T[]): T => list[Math.floor(random() * list.length)]!

/** Does it until no connection was cut in the middle of it: that is what the queue's retries do. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      demandCut(error)
    }
  }
}

/** A connection that was cut fails in many words; anything else is a fault of the product. */
function demandCut(error: unknown): void {
  const said: unknown[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    said.push((at as { code?: string }).code, at.message)
  if (!/57P01|CONNECTION_|ECONNRESET|EPIPE|terminating connection/.test(said.join(' '))) throw error
}

/** Has one of the account's bills imported, a new or an old one; `read` is who reads it first. */
const importing =
  (customer: Customer, random: () => number, read: (importId: string) => Promise<void>) => async (): Promise<void> => {
    const { account, bills } = customer
    const bill = pick(random, bills)
    const { id } = await untilDone(async () => {
      const path = join(await scratch(), 'cur.csv')
      await copyFile(bill.path, path)
      return uploadBill(w.as(), { accountId: account.id, files: [{ name: 'cur.csv', path }] })
    })
    await read(id)
    await untilDone(() => importBill(w.job('import-bill'), { accountId: account.id, importId: id }))
    const ended = await untilDone(() => stateOf(id))
    expect(['completed', 'unchanged']).toContain(ended)
    done[ended === 'completed' ? 'imports' : 'repeats'] += 1
    customer.last = bill
  }
const stateOf = async (id: string) => (await findImport(w.database.db, { orgId: w.org.id, id }))!.state

/** A process of its own reads the bill and is killed at a random moment. */
const killed =
  ({ account }: Customer, random: () => number) =>
  async (importId: string) => {
    const script = join(import.meta.dirname, 'import-child.ts')
    const args = [script, w.url, w.org.id, account.id, importId, w.deps.spool]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const closed = once(child, 'close')
    await Promise.race([once(child.stdout, 'data'), closed])
    await sleep(random() * 700)
    child.kill('SIGKILL')
    await closed
    if ((await untilDone(() => stateOf(importId))) === 'running') done.kills += 1
  }

/** Puts a few resources of one account, wherever they are, into one pool. */
const moving = (random: () => number) => async (): Promise<void> => {
  await sleep(random() * 60)
  const { account } = pick(random, customers)
  const found = await readers.sql<
    { id: string }[]
  >`select id from resources where account_id = ${account.id} order by id`
  if (found.length === 0) return
  const resourceIds = [...new Set(Array.from({ length: 8 }, () => pick(random, [...found]).id))]
  await assignResources(w.as(), { resourceIds, poolId: pick(random, pools) }).then(
    () => (done.moves += 1),
    (error: unknown) => {
      // Somebody's bill is being stored: they are told so and nothing was changed.
      if (!(error instanceof AppError && error.kind === 'conflict')) demandCut(error)
    },
  )
}

/** Cuts a connection that is in the middle of a change, and lets something be done before the next one. */
const cutting = (random: () => number) => async (): Promise<void> => {
  await sleep(300 + random() * 700)
  const progress = () => done.imports + done.repeats + done.moves
  const before = progress()
  const cut = await readers.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
      and application_name = 'finops' and backend_xid is not null order by random() limit 1`
  done.cuts += cut.length
  while (cut.length > 0 && !over && progress() === before) await sleep(20)
}

/**
 * One statement is one moment. Per account facts, both rollups and what its bills said are one sum, per pool the facts
 * of the resources in it and both rollups are, and a resource cost what its facts say. Answers the sum per account.
 */
async function audit({ sql }: Pick<Database, 'sql'>): Promise<Map<string, string>> {
  const rows = await sql<{ what: string; of: string; books: number; sums: string[]; billed: string }[]>`
    with books as (
      select 'account' as what, 'facts' as book, account_id as of, billed, effective from expenses
      union all select 'account', 'days', account_id, billed, effective from spend_days
      union all select 'account', 'months', account_id, billed, effective from spend_months
      union all select 'account', 'bills', account_id, billed, effective from bill_scopes
      union all select 'pool', 'facts', r.pool_id, e.billed, e.effective from expenses e join resources r on r.id = e.resource_id
      union all select 'pool', 'days', pool_id, billed, effective from spend_days
      union all select 'pool', 'months', pool_id, billed, effective from spend_months
      union all select 'resource', 'facts', resource_id, 0, effective from expenses
      union all select 'resource', 'total', id, 0, total_cost from resources where exists (select from expenses where resource_id = id)
    ), sums as (
      select what, book, of, trim_scale(sum(billed)) as billed, trim_scale(sum(effective)) as effective
      from books group by 1, 2, 3
    )
    select what, of, count(*)::int as books, array_agg(distinct billed || ' ' || effective) as sums, min(billed)::text as billed
    from sums group by 1, 2`
  const expected: Record<string, number> = { account: 4, pool: 3, resource: 2 }
  const broken = rows.filter(({ what, books, sums }) => books !== expected[what] || sums.length !== 1)
  expect(broken).toEqual([])
  return new Map(rows.filter(({ what }) => what === 'account').map(({ of, billed }) => [of, billed]))
}

/** What an account may add up to at any moment: one of its bills, or nothing before the first. */
function demandKnown(sums: Map<string, string>): void {
  for (const { account, bills } of customers)
    expect([undefined, ...bills.map(({ total }) => total)]).toContain(sums.get(account.id))
}

const auditing = async (): Promise<void> => {
  demandKnown(await audit(readers))
  done.audits += 1
  await sleep(30)
}

/** Every sum the accounts may have together. */
const together = (): Set<string> =>
  new Set(
    customers.reduce<string[]>(
      (sums, { bills }) =>
        sums.flatMap((sum) => ['0', ...bills.map(({ total }) => total)].map((one) => decimal(sum).plus(one).toFixed())),
      ['0'],
    ),
  )

/** What people read: the cost of the month by pool adds up to its total, and the tree of pools to its root. */
const asking = (ctx: Context, known: Set<string>) => async (): Promise<void> => {
  const range = { from: '2026-10-01', to: '2026-10-31' }
  const { total, billed, groups } = await breakdown(ctx, { scope: {}, groupBy: 'pool', range, grain: 'month', top: 20 })
  expect(known).toContain(decimal(billed).toFixed())
  expect(sumOf(groups.map((group) => group.total))).toBe(decimal(total).toFixed())
  const tree = await readPools(ctx)
  const root = tree.find(({ parentId }) => parentId === null)!
  expect(sumOf(tree.map(({ ownCost }) => ownCost))).toBe(decimal(root.cost).toFixed())
  done.answers += 1
  await sleep(30)
}
const sumOf = (amounts: string[]): string => amounts.reduce((sum, one) => sum.plus(one), decimal('0')).toFixed()

it(
  `every read is a sum that was committed, and the pools add up to the root (BANK_SEED=${seed})`,
  async () => {
    const random = seeded(seed)
    const [one, two, three] = customers as [Customer, Customer, Customer]
    const here = () => Promise.resolve()
    const lea = contextFor({ ...w.deps, db: readers.db }, w.org.id, w.as().actor)
    // The least a run must have seen; a quiet machine sees many times that.
    const enough = () =>
      done.imports > 2 && done.moves > 0 && done.kills + done.cuts > 0 && done.audits + done.answers > 9
    const ends = async () => {
      const from = performance.now()
      const passed = () => (performance.now() - from) / 1000
      // A busy machine gets more time: a run in which nothing happened shows nothing.
      while (!over && (passed() < seconds || (!enough() && passed() < 10 * seconds))) await sleep(50)
      over = true
    }
    await Promise.all([
      ends(),
      lane(importing(one, random, here)),
      lane(importing(two, random, here)),
      lane(importing(three, random, killed(three, random))),
      ...[moving(random), cutting(random), auditing, asking(lea, together())].map(lane),
    ])
    expect(enough(), JSON.stringify(done)).toBe(true)
    const sums = await audit(readers)
    for (const { account, last } of customers) expect(sums.get(account.id)).toBe(last?.total)
    const [{ months } = {}] = await readers.sql`select trim_scale(sum(billed))::text as months from spend_months`
    expect(months).toBe(sumOf(customers.map(({ last }) => last?.total ?? '0')))
  },
  20 * seconds * 1000 + 60_000,
)
