/** What the tests of imports share: a world that can read bills, uploads, and the state of all figures in one answer. */
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { findImport } from '../../../db/queries/imports.ts'
import type { Account, Import } from '../../../db/schema/cloud-accounts.ts'
import { uploadBill } from '../../../engine/ingest/uploaded-bill.ts'
import importJob from '../../../engine/jobs/import-bill.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'
import { world, type World, type WorldOptions } from '../../world.ts'

export const bills = join(import.meta.dirname, '../../fixtures/bills')
export const focusSample = join(bills, 'focus-1.0/focus-1.0_sample_1000.csv')
export const awsReport = join(bills, 'aws-cur/cur_legacy_anonymous_2023-11.csv')

export const ingestWorld = (options: WorldOptions = {}): Promise<World> =>
  world({ ...options, outside: { readBill: billReader(), ...options.outside } })

/** A folder for files of one test. */
export const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), 'finops-bill-test-'))

/** Writes a file for an upload and returns its path. */
export async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await scratch(), name)
  await writeFile(path, content)
  return path
}

/** Uploads copies of these files as Lea, runs the import, and returns how it ended. */
export async function importFiles(w: World, account: Account, paths: string[]): Promise<Import> {
  const folder = await scratch()
  const files = await Promise.all(
    paths.map(async (from, n) => {
      const path = join(folder, `${n}`)
      await copyFile(from, path)
      return { name: basename(from), path }
    }),
  )
  const { id } = await uploadBill(w.as(), { accountId: account.id, files })
  await w.runJobs([importJob])
  return (await findImport(w.database.db, { orgId: w.org.id, id }))!
}

/** Every figure of an account, exact: facts, both rollups, resources and scopes. Two equal answers mean nothing changed. */
export async function figures(w: World, account: Account) {
  const { sql } = w.database
  const total = (table: string) => sql`
    select count(*)::int as rows, trim_scale(coalesce(sum(billed), 0))::text as billed,
      trim_scale(coalesce(sum(effective), 0))::text as effective, trim_scale(coalesce(sum(list), 0))::text as list,
      md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash
    from ${sql(table)} t where account_id = ${account.id}`
  const [facts] = await total('expenses')
  const [days] = await total('spend_days')
  const [months] = await total('spend_months')
  const [usage] = await sql`
    select count(*)::int as rows, trim_scale(coalesce(sum(quantity), 0))::text as quantity, coalesce(sum(lines), 0)::int as lines,
      md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash
    from usage t where account_id = ${account.id}`
  const [resources] = await sql`
    select count(*)::int as rows, trim_scale(coalesce(sum(total_cost), 0))::text as cost, max(last_expense_day)::text as last,
      trim_scale(coalesce(sum(last_expense_cost), 0))::text as last_cost from resources where account_id = ${account.id}`
  const scopes = await sql`
    select period::text, lines, billed::text, effective::text from bill_scopes where account_id = ${account.id} order by period`
  const sums = { facts: facts!, usage: usage!, days: days!, months: months!, resources: resources! }
  return { ...sums, scopes: [...scopes] }
}
