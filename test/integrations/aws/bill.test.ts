import { createHash } from 'node:crypto'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { periodOf } from '../../../integrations/aws/bill.ts'
import { awsWorld, credentials } from './aws-world.ts'

const now = new Date('2026-11-23T10:00:00Z')
const { aws, adapter } = await awsWorld({ buckets: { bills: new Map(), many: new Map() } })
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
    put('cur/daily/20261101-20261201/daily-Manifest.json', {
      assemblyId: 'nov-1',
      reportKeys: ['cur/daily/20261101-20261201/daily-1.csv.gz'],
    })
    const found = await bill.find(credentials, { bucket: 'bills', prefix: 'cur', report: 'daily' })
    expect(found.map(({ period }) => period)).toEqual(['2026-11-01', '2026-10-01'])
    expect(found[1]!.id).toMatch(/^oct-1:/)
    expect(found[1]!.files).toMatchObject([{ key: 'cur/daily/20261001-20261101/daily-1.csv.gz', size: 7 }])
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
    expect(found.map(({ files }) => files)).toMatchObject([[{ key: file('2026-11-20'), size: 10 }]])
  })

  it('takes the newest assembly of a legacy report that keeps its versions, whichever arrives last', async () => {
    const folder = 'versions/daily/20261001-20261101'
    const assembly = (id: string, hour: number) => {
      const key = `${folder}/${id}/daily-1.csv.gz`
      put(key, id, new Date(at.getTime() + hour))
      const manifest = { assemblyId: id, reportKeys: [key] }
      put(`${folder}/${id}/daily-Manifest.json`, manifest, new Date(at.getTime() + hour))
      return manifest
    }
    put(`${folder}/daily-Manifest.json`, assembly('second', 5), new Date(at.getTime() + 5))
    assembly('first', 1)
    const find = () => bill.find(credentials, { bucket: 'bills', prefix: 'versions', report: 'daily' })
    const [found, ...more] = await find()
    expect(more).toEqual([])
    expect(found!.id).toMatch(/^second:/)
    assembly('zero', 0)
    expect((await find())[0]).toEqual(found)
  })

  it('waits while files are newer than the manifest that names them, unless that is long ago', async () => {
    const folder = 'writing/daily/20261001-20261101'
    const [old, fresh] = [new Date(now.getTime() - 26 * 3_600_000), new Date(now.getTime() - 60_000)]
    const key = `${folder}/daily-1.csv.gz`
    put(`${folder}/daily-Manifest.json`, { assemblyId: 'old', reportKeys: [key] }, old)
    put(key, 'written anew', fresh)
    const find = () => bill.find(credentials, { bucket: 'bills', prefix: 'writing', report: 'daily' })
    expect(await find()).toEqual([])
    put(`${folder}/daily-Manifest.json`, { assemblyId: 'new', reportKeys: [key] }, fresh)
    expect((await find())[0]!.id).toMatch(/^new:/)
    put(`${folder}/daily-Manifest.json`, { assemblyId: 'copied', reportKeys: [key] }, new Date(old.getTime() - 9e6))
    put(key, 'copied later by a person', old)
    expect((await find())[0]!.id).toMatch(/^copied:/)
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

  it('without a manifest takes the newest execution of an export that keeps its versions, and all of other folders', async () => {
    const uuid = (n: number) => `0a1b2c3d-0000-4000-8000-00000000000${n}`
    const later = (hours: number) => new Date(at.getTime() + hours * 3_600_000)
    for (const [month, names] of [
      ['2026-10', [uuid(3), uuid(1), uuid(2)]],
      ['2026-11', [1, 2].map((n) => `2026-11-0${n}T12-00-00.000Z-${uuid(n)}`)],
    ] as const)
      for (const [hour, name] of names.entries())
        for (const part of [1, 2])
          put(`kept/data/BILLING_PERIOD=${month}/${name}/a-${part}.parquet`, name, later(hour - (part === 1 ? 5 : 0)))
    for (const folder of [`${uuid(1)}/2026-09`, `${uuid(2)}/2026-09`, '2026-09/one', '2026-09/two'])
      put(`kept/data/${folder}/a.csv`, folder, later(0))
    const found = await bill.find(credentials, { bucket: 'bills', prefix: 'kept/data' })
    const keys = found.map(({ files }) => files.map(({ key }) => key.replace('kept/data/', '')).toSorted())
    const parts = (folder: string) => [1, 2].map((part) => `${folder}/a-${part}.parquet`)
    expect(keys).toEqual([
      parts(`BILLING_PERIOD=2026-11/2026-11-02T12-00-00.000Z-${uuid(2)}`),
      parts(`BILLING_PERIOD=2026-10/${uuid(2)}`),
      [`${uuid(1)}/2026-09/a.csv`, `${uuid(2)}/2026-09/a.csv`, '2026-09/one/a.csv', '2026-09/two/a.csv'].toSorted(),
    ])
  })

  it('leaves out a month whose manifest names no file yet, and goes on with the others', async () => {
    put('young/20261101-20261201/young-Manifest.json', { assemblyId: 'nov', reportKeys: [] })
    put('young/20261001-20261101/young-Manifest.json', { assemblyId: 'oct', reportKeys: ['young/a.csv'] })
    const found = await bill.find(credentials, { bucket: 'bills', report: 'young' })
    expect(found.map(({ period }) => period)).toEqual(['2026-10-01'])
  })

  it('leaves out months a life cycle rule put away, wholly or in part: what is known of them stays', async () => {
    const away = (key: string) => bucket.set(key, { ...bucket.get(key)!, archived: true })
    for (const [month, next] of [
      ['202608', '202609'],
      ['202609', '202610'],
      ['202610', '202611'],
    ] as const) {
      const folder = `shelf/${month}01-${next}01`
      put(`${folder}/shelf-1.csv`, month)
      put(`${folder}/shelf-Manifest.json`, { reportKeys: [`${folder}/shelf-1.csv`] })
    }
    away('shelf/20260801-20260901/shelf-Manifest.json')
    away('shelf/20260901-20261001/shelf-1.csv')
    const found = await bill.find(credentials, { bucket: 'bills', report: 'shelf' })
    expect(found.map(({ period }) => period)).toEqual(['2026-10-01'])
    put('loose/2026-08/a.csv', 'one')
    put('loose/2026-08/b.csv', 'two')
    put('loose/2026-10/a.csv', 'ten')
    away('loose/2026-08/a.csv')
    const loose = await bill.find(credentials, { bucket: 'bills', prefix: 'loose' })
    expect(loose.map(({ period }) => period)).toEqual(['2026-10-01'])
  })

  it('does not read a manifest that is none by its size', async () => {
    const key = 'huge/20261001-20261101/huge-Manifest.json'
    bucket.set(key, { body: Buffer.from('{"reportKeys":["x"]}'), lastModified: at, size: 3_000_000_000 })
    const before = aws.calls.length
    expect(await bill.find(credentials, { bucket: 'bills', report: 'huge' })).toMatchObject([
      { period: '2026-10-01', files: [], flaw: expect.stringMatching(/of 2026-10 has 3000000000 bytes/) },
    ])
    expect(aws.calls.slice(before).map(({ action }) => action)).toEqual(['ListObjectsV2'])
  })

  it('says which month has a damaged manifest, and finds the others', async () => {
    put('odd/20261101-20261201/odd-Manifest.json', { reportKeys: ['odd/20261101-20261201/odd-1.csv'] })
    put('odd/20261001-20261101/odd-Manifest.json', 'not json')
    put('odd/20260901-20261001/odd-Manifest.json', { reportKeys: ['odd/20260901-20261001/odd-1.csv'] })
    const found = await bill.find(credentials, { bucket: 'bills', report: 'odd' })
    expect(found.map(({ period, files, flaw }) => [period, files.length, flaw])).toEqual([
      ['2026-11-01', 1, undefined],
      [
        '2026-10-01',
        0,
        'The manifest odd/20261001-20261101/odd-Manifest.json of 2026-10 does not say which files it is about.',
      ],
      ['2026-09-01', 1, undefined],
    ])
  })

  it('says what is wrong when files name no month, or the bucket is not there', async () => {
    put('nameless/a.csv', 'x')
    await expect(bill.find(credentials, { bucket: 'bills', prefix: 'nameless' })).rejects.toMatchObject({
      kind: 'bad_bill',
      message: expect.stringMatching(/which month/),
    })
    await expect(bill.find(credentials, { bucket: 'elsewhere' })).rejects.toMatchObject({ kind: 'bad_bill' })
    expect(await bill.find(credentials, {})).toEqual([])
  })
})

describe('where a bill lies', () => {
  it('is asked for again when the client would not take it', () => {
    const say = (settings: object) => adapter.settings!.safeParse(settings).error?.issues[0]?.message
    expect(say({ bucket: 'bills/cur' })).toContain('name of the bucket only')
    expect(say({ bucket: 'bills', region: 'evil.example/x' })).toContain('us-east-1')
    expect(say({ bucket: 'arn:aws:s3:eu-west-1:1:accesspoint/bills', region: '' })).toBeUndefined()
  })
})

describe('finding reports to choose from', () => {
  it('names legacy reports and data exports with their months, from paths alone', async () => {
    for (const key of [
      'a/b/daily/20261001-20261101/daily-Manifest.json',
      'a/b/daily/20261001-20261101/0123/daily-Manifest.json',
      'a/b/daily/20260901-20261001/daily-Manifest.json',
      'a/b/daily/20260901-20261001/daily-1.csv.gz',
      'focus/metadata/BILLING_PERIOD=2026-10/focus-Manifest.json',
      'focus/metadata/BILLING_PERIOD=2026-11/2026-11-20/focus-Manifest.json',
      'focus/data/BILLING_PERIOD=2026-11/focus-00001.snappy.parquet',
      'logs/2026-11/Manifest.json',
    ])
      aws.state.buckets.many!.set(key, { body: Buffer.from('{}'), lastModified: at })
    const found = await bill.findReports!(credentials, { bucket: 'many', region: 'eu-west-1' })
    const settings = { bucket: 'many', region: 'eu-west-1' }
    expect(found).toEqual([
      {
        ...{ name: 'daily', kind: 'report', settings: { ...settings, prefix: 'a/b', report: 'daily' } },
        months: ['2026-10-01', '2026-09-01'],
      },
      {
        ...{ name: 'focus', kind: 'export', settings: { ...settings, prefix: '', report: 'focus' } },
        months: ['2026-11-01', '2026-10-01'],
      },
    ])
    expect(await bill.findReports!(credentials, { bucket: 'many', prefix: 'logs' })).toEqual([])
    await expect(bill.find(credentials, { bucket: 'many' })).rejects.toMatchObject({
      kind: 'bad_bill',
      message: expect.stringMatching(/2 reports: a\/b\/daily, focus. Name one of them/),
    })
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

  it('asks as often as the client does when AWS does not answer, and not three times as often', async () => {
    put('big/2026-10/c.csv', 'four')
    aws.trouble({ kind: 'broken', action: 'GetObject' })
    const before = aws.calls.length
    const object = { key: 'big/2026-10/c.csv', size: 4, folder: await scratch() }
    await expect(bill.download(credentials, { bucket: 'bills' }, object)).rejects.toMatchObject({ kind: 'unreachable' })
    aws.heal()
    expect(aws.calls.length - before).toBe(3)
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

describe('what was listed is what is read', () => {
  it('an object written anew since the listing is not mixed in, and is tried again later', async () => {
    put('anew/2026-10/a.csv', 'first')
    const [found] = await bill.find(credentials, { bucket: 'bills', prefix: 'anew' })
    put('anew/2026-10/a.csv', 'other')
    const object = { ...found!.files[0]!, folder: await scratch() }
    await expect(bill.download(credentials, { bucket: 'bills' }, object)).rejects.toMatchObject({
      kind: 'throttled',
      message: expect.stringMatching(/is being written anew/),
    })
  })

  it('one flipped bit anywhere in a Parquet file is noticed by its checksum, 40 of 40', async () => {
    const body = Buffer.from(Array.from({ length: 4000 }, (_, n) => (n * 7919) % 251))
    const etag = `"${createHash('md5').update(body).digest('hex')}"`
    let noticed = 0
    for (let position = 0; position < 40; position += 1) {
      const damaged = Buffer.from(body)
      damaged[position * 100]! ^= 1 << (position % 8)
      bucket.set('flipped/2026-10/a.parquet', { body: damaged, lastModified: at, etag })
      const object = { key: 'flipped/2026-10/a.parquet', size: body.length, version: etag, folder: await scratch() }
      const failure = await bill
        .download(credentials, { bucket: 'bills' }, object)
        .catch((error: Error) => error.message)
      if (failure.includes('arrived damaged')) noticed += 1
    }
    expect(noticed).toBe(40)
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
