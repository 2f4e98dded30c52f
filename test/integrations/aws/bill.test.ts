import { createHash } from 'node:crypto'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { periodOf } from '../../../integrations/aws/bill.ts'
import { awsWorld, credentials } from './aws-world.ts'

const { aws, adapter } = await awsWorld({ buckets: { bills: new Map() } })
const bill = adapter.bill!
const bucket = aws.state.buckets.bills!
const at = new Date('2026-11-20T10:00:00Z')
const put = (key: string, body: string | object, lastModified = at) =>
  bucket.set(key, { body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), lastModified })
const scratch = () => mkdtemp(join(tmpdir(), 'finops-download-'))

describe('finding bills in a bucket', () => {
  it('takes exactly the files of a legacy manifest, newest period first', async () => {
    put('cur/daily/20261001-20261101/daily-1.csv.gz', 'october')
    put('cur/daily/20261001-20261101/old-9.csv.gz', 'not listed')
    put('cur/daily/20261001-20261101/daily-Manifest.json', {
      assemblyId: 'oct-1',
      reportKeys: ['cur/daily/20261001-20261101/daily-1.csv.gz'],
    })
    put('cur/daily/20261101-20261201/daily-Manifest.json', { assemblyId: 'nov-1', reportKeys: [] })
    const found = await bill.find(credentials, { bucket: 'bills', prefix: 'cur', report: 'daily' })
    expect(found.map(({ period }) => period)).toEqual(['2026-11-01', '2026-10-01'])
    expect(found[1]!.id).toMatch(/^oct-1:/)
    expect(found[1]!.files).toEqual([{ key: 'cur/daily/20261001-20261101/daily-1.csv.gz', size: 7 }])
  })

  it('gives another id when a file was rewritten under the same manifest, and the same when nothing changed', async () => {
    const settings = { bucket: 'bills', prefix: '/cur/', report: 'daily' }
    const [, before] = await bill.find(credentials, settings)
    const [, again] = await bill.find(credentials, settings)
    put('cur/daily/20261001-20261101/daily-1.csv.gz', 'October')
    const [, after] = await bill.find(credentials, settings)
    expect(again!.id).toBe(before!.id)
    expect(after!.id).not.toBe(before!.id)
  })

  it('takes the newest of several executions of a data export', async () => {
    const file = (execution: string) => `exp/focus/data/BILLING_PERIOD=2026-10/${execution}/focus-00001.csv.gz`
    for (const [execution, hour] of [
      ['2026-11-19', 1],
      ['2026-11-20', 2],
    ] as const) {
      put(file(execution), execution)
      put(
        `exp/focus/metadata/BILLING_PERIOD=2026-10/${execution}/focus-Manifest.json`,
        { executionId: execution, dataFiles: [`s3://bills/${file(execution)}`] },
        new Date(at.getTime() + hour),
      )
    }
    const found = await bill.find(credentials, { bucket: 'bills', prefix: 'exp', report: 'focus' })
    expect(found.map(({ files }) => files)).toEqual([[{ key: file('2026-11-20'), size: 10 }]])
  })

  it('without a manifest every folder of a month is one delivery', async () => {
    for (const part of ['1', '2']) put(`plain/2026-09/part-${part}.csv`, part)
    put('plain/2026-10/part-1.parquet', 'x')
    put('plain/2026-10/readme.txt', 'x')
    const found = await bill.find(credentials, { bucket: 'bills', prefix: 'plain' })
    expect(found.map(({ period, files }) => [period, files.length])).toEqual([
      ['2026-10-01', 1],
      ['2026-09-01', 2],
    ])
  })

  it('says what is wrong when files name no month, a manifest is not one, or the bucket is not there', async () => {
    put('nameless/a.csv', 'x')
    await expect(bill.find(credentials, { bucket: 'bills', prefix: 'nameless' })).rejects.toMatchObject({
      kind: 'bad_bill',
      message: expect.stringMatching(/which month/),
    })
    put('odd/20261001-20261101/odd-Manifest.json', 'not json')
    await expect(bill.find(credentials, { bucket: 'bills', prefix: 'odd' })).rejects.toMatchObject({ kind: 'bad_bill' })
    await expect(bill.find(credentials, { bucket: 'elsewhere' })).rejects.toMatchObject({ kind: 'bad_bill' })
    expect(await bill.find(credentials, {})).toEqual([])
  })
})

describe('downloading', () => {
  it('stores the bytes of an object and tells how far it is', async () => {
    const body = 'day,cost\n'.repeat(200_000)
    put('big/2026-10/a.csv', body)
    let last = 0
    const path = await bill.download(
      credentials,
      { bucket: 'bills' },
      {
        key: 'big/2026-10/a.csv',
        size: body.length,
        folder: await scratch(),
        progress: (bytes) => (last = bytes),
      },
    )
    expect(last).toBe(body.length)
    const sha = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
    expect(sha(await readFile(path))).toBe(sha(body))
  })

  it('refuses an object whose size is not the listed one, and one that is gone', async () => {
    put('big/2026-10/b.csv', 'four')
    const object = { key: 'big/2026-10/b.csv', size: 5, folder: await scratch() }
    await expect(bill.download(credentials, { bucket: 'bills' }, object)).rejects.toMatchObject({
      kind: 'bad_bill',
      message: expect.stringMatching(/has 4 bytes, its listing said 5/),
    })
    await expect(
      bill.download(credentials, { bucket: 'bills' }, { ...object, key: 'big/2026-10/gone.csv' }),
    ).rejects.toMatchObject({ kind: 'bad_bill' })
  })
})

describe('the month in a path', () => {
  it.each([
    ['x/BILLING_PERIOD=2026-10/a.csv.gz', '2026-10-01'],
    ['x/20261001-20261101/a.csv.gz', '2026-10-01'],
    ['x/year=2026/month=3/a.parquet', '2026-03-01'],
    ['x/2026-10/a.csv', '2026-10-01'],
    ['x/focus_2026-10.csv', '2026-10-01'],
    ['x/2026-13/a.csv', null],
    ['x/a.csv', null],
  ])('%s', (path, period) => {
    expect(periodOf(path)).toBe(period)
  })
})
