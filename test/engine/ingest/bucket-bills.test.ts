import { gunzipSync, gzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { findAccount } from '../../../db/queries/cloud-accounts.ts'
import { listImports } from '../../../db/queries/imports.ts'
import { accounts, type Account } from '../../../db/schema/cloud-accounts.ts'
import { eq } from 'drizzle-orm'
import { sealCredentials } from '../../../engine/accounts/credentials.ts'
import { importBill } from '../../../engine/ingest/import-bill.ts'
import dueJob from '../../../engine/jobs/import-due.ts'
import importJob from '../../../engine/jobs/import-bill.ts'
import { asReport, demoLines } from '../../fixtures/bills/live-demo.ts'
import { plainText, totalOf } from '../../fixtures/bills/plain-reader.ts'
import { awsWorld, credentials } from '../../integrations/aws/aws-world.ts'
import type { World } from '../../world.ts'
import { figures, focusSample, ingestWorld } from './ingest-world.ts'

const { aws, adapter } = await awsWorld({ buckets: { bills: new Map() } })
const bucket = aws.state.buckets.bills!
const hour = 3_600_000

let w: World
let account: Account
beforeAll(async () => {
  w = await ingestWorld({ outside: { clouds: { aws: adapter } } })
  account = await w.account('aws', { settings: { bucket: 'bills', prefix: 'cur', report: 'demo' } })
  await seal(credentials)
})

async function seal(keys: typeof credentials) {
  const sealed = sealCredentials(w.deps, account, keys)
  await w.database.db.update(accounts).set({ credentials: sealed }).where(eq(accounts.id, account.id))
}

const demo = await demoLines()
const periods: Record<string, string> = {
  '2024-06-01': '20240601-20240701',
  '2024-08-01': '20240801-20240901',
  '2024-09-01': '20240901-20241001',
}
const report = (period: string) =>
  asReport(demo.filter((line) => String(line['bill/BillingPeriodStartDate']).startsWith(period)))

/** Delivers a billing period as AWS does: the files in two parts, then the manifest. */
function deliver(period: string, text: string, assemblyId: string) {
  const folder = `cur/demo/${periods[period]}`
  const [header, ...rows] = text.trimEnd().split('\n')
  const parts = [rows.slice(0, 300), rows.slice(300)].filter((part) => part.length)
  const reportKeys = parts.map((part, at) => {
    const key = `${folder}/demo-0000${at + 1}.csv.gz`
    bucket.set(key, { body: gzipSync([header, ...part].join('\n')), lastModified: w.clock.now() })
    return key
  })
  const manifest = JSON.stringify({ assemblyId, reportKeys })
  bucket.set(`${folder}/demo-Manifest.json`, { body: Buffer.from(manifest), lastModified: w.clock.now() })
  return reportKeys
}

async function nextHour() {
  w.clock.advance(hour)
  await dueJob.run({}, { deps: w.deps, contextFor: () => w.job(), signal: new AbortController().signal })
  await w.runJobs([importJob])
  return listImports(w.database.db, { orgId: w.org.id, accountId: account.id })
}
const health = async () => (await findAccount(w.database.db, { orgId: w.org.id, id: account.id }))!

describe('an account with a bucket', () => {
  it('waits without complaint while nothing was delivered', async () => {
    expect(await nextHour()).toEqual([])
    expect(await health()).toMatchObject({ health: 'no_data_yet', healthDetail: null })
  })

  it('imports every period, newest first, from the files its manifest names', async () => {
    for (const period of Object.keys(periods)) deliver(period, report(period), 'first')
    const rows = await nextHour()
    expect(rows.map(({ title, state }) => [title.slice(-7), state]).toReversed()).toEqual([
      ['2024-09', 'completed'],
      ['2024-08', 'completed'],
      ['2024-06', 'completed'],
    ])
    const { facts, months } = await figures(w, account)
    const total = totalOf(plainText(asReport(demo)))
    expect(facts).toMatchObject(total)
    expect(months).toMatchObject(total)
    expect(await health()).toMatchObject({ health: 'ok' })
  })

  it('cut off after its first period, the first import goes on with the others, each in its own row', async () => {
    const other = await w.account('aws', { settings: account.settings })
    const sealed = sealCredentials(w.deps, other, credentials)
    await w.database.db.update(accounts).set({ credentials: sealed }).where(eq(accounts.id, other.id))
    const bill = adapter.bill!
    let downloads = 0
    const download: typeof bill.download = (...args) => {
      downloads += 1
      return downloads > 2 ? Promise.reject(new Error('the power went')) : bill.download(...args)
    }
    const outside = { ...w.deps.outside, clouds: { aws: { ...adapter, bill: { ...bill, download } } } }
    await expect(importBill({ ...w.job(), outside }, { accountId: other.id })).rejects.toThrow('the power went')
    const rows = async () =>
      (await listImports(w.database.db, { orgId: w.org.id, accountId: other.id }))
        .map(({ title, state }) => `${title.slice(-7)} ${state}`)
        .toSorted()
    expect(await rows()).toEqual(['2024-08 scheduled', '2024-09 completed'])
    await importBill(w.job(), { accountId: other.id })
    expect(await rows()).toEqual(['2024-06 completed', '2024-08 completed', '2024-09 completed'])
  })

  it('says that the disk of the spool is full, keeps nothing of a try that failed, and reads the bill when there is space', async () => {
    const other = await w.account('aws', { settings: account.settings })
    const sealed = sealCredentials(w.deps, other, credentials)
    await w.database.db.update(accounts).set({ credentials: sealed }).where(eq(accounts.id, other.id))
    const bill = adapter.bill!
    const failing = (error: Error) => {
      const download: typeof bill.download = async (...args) => {
        await bill.download(...args)
        throw error
      }
      const outside = { ...w.deps.outside, clouds: { aws: { ...adapter, bill: { ...bill, download } } } }
      return importBill({ ...w.job(), outside }, { accountId: other.id })
    }
    const rows = async () => listImports(w.database.db, { orgId: w.org.id, accountId: other.id })
    const left = async () => {
      const ids = (await rows()).map(({ id }) => id)
      return (await readdir(join(w.deps.spool, 'bills'))).filter((name) => ids.includes(name))
    }
    await expect(failing(new Error('the power went'))).rejects.toThrow('the power went')
    expect(await left()).toEqual([])
    const reason =
      'The disk of the spool folder (spool in DATA_DIR) is full, so nothing of this bill was kept. Earlier figures are unchanged. Free space on that disk, then import the bill again.'
    for (const [tries, error] of [
      Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
      new Error('IO Error: Could not write file "spill": No space left on device'),
    ].entries()) {
      await failing(error)
      const ended = (await rows()).map((row) => [row.state, row.reason])
      expect(ended).toEqual(Array(3 * (tries + 1)).fill(['failed', reason]))
      expect(await left()).toEqual([])
    }
    await importBill(w.job(), { accountId: other.id })
    expect((await rows()).filter(({ state }) => state === 'completed')).toHaveLength(3)
    const announced = await w.database.sql`select 1 from imports i join notifications n on n.subject_id = i.id::text
      where i.account_id = ${other.id} and n.kind = 'import-progress'`
    expect(announced).toHaveLength(1)
  })

  it('is announced even if it could not be at the first try', async () => {
    const other = await w.account('aws', { settings: account.settings })
    const sealed = sealCredentials(w.deps, other, credentials)
    await w.database.db.update(accounts).set({ credentials: sealed }).where(eq(accounts.id, other.id))
    const { sql } = w.database
    await sql`alter table notifications rename to elsewhere`
    await expect(importBill(w.job(), { accountId: other.id })).rejects.toThrow()
    await sql`alter table elsewhere rename to notifications`
    await importBill(w.job(), { accountId: other.id })
    const announced = await sql`select i.title from imports i join notifications n on n.subject_id = i.id::text
      where i.account_id = ${other.id} and n.kind = 'import-progress'`
    expect(announced).toMatchObject([{ title: expect.stringContaining('2024-09') as string }])
  })

  it('ends a period that cannot be read because of our fault after an hour, says so, and reads the others', async () => {
    const other = await w.account('aws', { settings: account.settings })
    const sealed = sealCredentials(w.deps, other, credentials)
    await w.database.db.update(accounts).set({ credentials: sealed }).where(eq(accounts.id, other.id))
    const read = w.deps.outside.readBill
    const isSeptember = ([file]: string[]) => gunzipSync(readFileSync(file!)).includes('2024-10-01T00:00:00')
    const readBill: typeof read = (request) =>
      isSeptember(request.files) ? Promise.reject(new TypeError('oh')) : read(request)
    const log = { ...w.deps.log, error: vi.fn() } as unknown as typeof w.deps.log
    const ctx = () => ({ ...w.job(), log, outside: { ...w.deps.outside, readBill } })
    const rows = async () =>
      (await listImports(w.database.db, { orgId: w.org.id, accountId: other.id }))
        .map(({ title, state }) => `${title.slice(-7)} ${state}`)
        .toSorted()
    await expect(importBill(ctx(), { accountId: other.id })).rejects.toThrow('oh')
    expect(await rows()).toEqual(['2024-09 scheduled'])
    await w.database
      .sql`update imports set created_at = created_at - interval '61 minutes' where account_id = ${other.id}`
    await importBill(ctx(), { accountId: other.id })
    expect(await rows()).toEqual(['2024-06 completed', '2024-08 completed', '2024-09 failed'])
    const reason =
      'This bill could not be read because of a fault of ours; it is in the log. It is tried again every hour.'
    const now = await findAccount(w.database.db, { orgId: w.org.id, id: other.id })
    expect(now).toMatchObject({ health: 'bad_bill', healthDetail: reason })
    expect(log.error).toHaveBeenCalledOnce()
  })

  it('writes nothing when nothing was delivered anew, and is not asked before its hour', async () => {
    const before = await figures(w, account)
    expect(await nextHour()).toHaveLength(3)
    await dueJob.run({}, { deps: w.deps, contextFor: () => w.job(), signal: new AbortController().signal })
    expect(await w.runJobs([importJob])).toEqual([])
    expect(await figures(w, account)).toEqual(before)
  })

  it('reads only the period that was restated, and the closed months stay', async () => {
    const [, august] = (await figures(w, account)).scopes
    const half = `${report('2024-09-01').split('\n').slice(0, 400).join('\n')}\n`
    deliver('2024-09-01', half, 'second')
    const rows = await nextHour()
    expect(rows).toHaveLength(4)
    const { scopes } = await figures(w, account)
    expect(scopes[1]).toEqual(august)
    expect(scopes[2]).toMatchObject(totalOf(plainText(half)))
  })

  it('stores nothing of a delivery that lacks a file or whose file is damaged, and says which', async () => {
    const before = await figures(w, account)
    const [, second] = deliver('2024-08-01', report('2024-08-01').replaceAll('2.2272', '2.3'), 'third')
    const body = bucket.get(second!)!.body
    bucket.delete(second!)
    const [lacking] = await nextHour()
    expect(lacking).toMatchObject({ state: 'failed', reason: expect.stringMatching(/NoSuchKey|found nothing/) })
    expect(await figures(w, account)).toEqual(before)
    expect(await health()).toMatchObject({ health: 'bad_bill' })

    bucket.set(second!, { body: body.subarray(0, body.length / 2), lastModified: new Date(0) })
    const [damaged] = await nextHour()
    expect(damaged).toMatchObject({ state: 'failed', reason: expect.stringMatching(/demo-00002.csv.gz is cut/) })
    expect(await figures(w, account)).toEqual(before)

    bucket.set(second!, { body, lastModified: new Date(0) })
    const [whole] = await nextHour()
    expect(whole).toMatchObject({ state: 'completed' })
    expect(await health()).toMatchObject({ health: 'ok', healthDetail: null })
  })

  it('goes on with the other months when the manifest of one is damaged, and says which', async () => {
    const manifest = `cur/demo/${periods['2024-09-01']}/demo-Manifest.json`
    const kept = bucket.get(manifest)!
    bucket.set(manifest, { body: Buffer.from('<html>'), lastModified: w.clock.now() })
    deliver('2024-08-01', `${report('2024-08-01').split('\n').slice(0, 300).join('\n')}\n`, 'shorter')
    const newest = (await nextHour()).slice(0, 2).toSorted((a, b) => a.title.localeCompare(b.title))
    expect(newest.map(({ title, state }) => `${title.slice(-7)} ${state}`)).toEqual([
      '2024-08 completed',
      '2024-09 failed',
    ])
    const detail = expect.stringContaining(`${manifest} of 2024-09 does not say which files`) as string
    expect(await health()).toMatchObject({ health: 'bad_bill', healthDetail: detail })
    expect(newest[1]!.reason).toEqual(detail)
    bucket.set(manifest, kept)
    deliver('2024-08-01', report('2024-08-01'), 'whole again')
    await nextHour()
    expect(await health()).toMatchObject({ health: 'ok', healthDetail: null })
  })

  it('says of its bill what is wrong with a newer month, also when an older one was read after it', async () => {
    const [, cut] = deliver('2024-09-01', report('2024-09-01').replaceAll('2.2272', '2.3'), 'cut')
    const { body } = bucket.get(cut!)!
    bucket.set(cut!, { body: body.subarray(0, body.length / 2), lastModified: new Date(0) })
    deliver('2024-08-01', `${report('2024-08-01').split('\n').slice(0, 300).join('\n')}\n`, 'shorter again')
    const newest = (await nextHour()).slice(0, 2).map(({ title, state }) => `${title.slice(-7)} ${state}`)
    expect(newest.toSorted()).toEqual(['2024-08 completed', '2024-09 failed'])
    const detail = expect.stringContaining('demo-00002.csv.gz is cut') as string
    expect(await health()).toMatchObject({ health: 'bad_bill', healthDetail: detail })
    for (const period of ['2024-08-01', '2024-09-01']) deliver(period, report(period), 'mended')
    await nextHour()
    expect(await health()).toMatchObject({ health: 'ok', healthDetail: null })
  })

  it('refuses files that hold lines of another period than their folder', async () => {
    const before = await figures(w, account)
    deliver('2024-06-01', report('2024-09-01'), 'mixed up')
    const [row] = await nextHour()
    expect(row).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/2024-06-01 also hold lines of 2024-09-01/),
    })
    expect(await figures(w, account)).toEqual(before)
  })

  it('says when the key is no longer accepted, and recovers with a new one', async () => {
    deliver('2024-06-01', report('2024-06-01'), 'good again')
    await seal({ ...credentials, secretAccessKey: 'x'.repeat(40) })
    await nextHour()
    expect(await health()).toMatchObject({ health: 'bad_credentials' })
    await seal(credentials)
    await nextHour()
    expect(await health()).toMatchObject({ health: 'ok' })
  })

  it('reads FOCUS exports from a bucket just as well', async () => {
    const focus = await w.account('aws', { settings: { bucket: 'bills', prefix: 'focus' } })
    await w.database.db
      .update(accounts)
      .set({ credentials: sealCredentials(w.deps, focus, credentials) })
      .where(eq(accounts.id, focus.id))
    const [header, ...rows] = readFileSync(focusSample, 'utf8').trimEnd().split('\n')
    const september = rows.filter((row) => row.includes('"2024-10-01 00:00:00","2024-09-01 00:00:00"'))
    bucket.set('focus/2024-09/part-1.csv.gz', {
      body: gzipSync([header, ...september].join('\n')),
      lastModified: w.clock.now(),
    })
    await nextHour()
    const { facts } = await figures(w, focus)
    expect(facts).toMatchObject(totalOf(plainText([header, ...september].join('\n'))))
  })
})
