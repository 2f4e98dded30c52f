/**
 * The same clients against an emulator that is not ours (`emulate`: S3, STS and IAM of AWS): nothing of what we read may
 * depend on how our own stand-in answers.
 */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DuckDBInstance } from '@duckdb/node-api'
import { createEmulator } from 'emulate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'
import { GoneError } from '../../../integrations/cloud.ts'
import { awsCsv, readFiles } from '../bills/reading.ts'
import { all } from './aws-world.ts'

const iam = { users: [{ user_name: 'developer', create_access_key: true }], roles: [{ role_name: 'megaops' }] }
const emulator = await createEmulator({ service: 'aws', port: 0, seed: { aws: { region: 'us-east-1', iam } } })
afterAll(() => emulator.close())

const { url } = emulator
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
const place = { endpoint: url, endpoints: { sts: `${url}/sts/`, iam: `${url}/iam/` }, attempts: 2, timeoutMs: 5000 }
const adapter = awsAdapter({ ...place, key: credentials, anyKey: true })
const keys = ['a/one two.txt', 'a/ünïcode+plus.txt', 'b/copy.txt', 'c&d<e>.txt']

beforeAll(async () => {
  const s3 = new S3Client({ region: 'us-east-1', endpoint: url, forcePathStyle: true, credentials })
  for (const Bucket of ['acme-bills', 'acme-store']) await s3.send(new CreateBucketCommand({ Bucket }))
  const put = (Bucket: string, Key: string, Body: string | Buffer) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body }))
  for (const key of keys) await put('acme-store', key, 'same content')
  const csv = awsCsv([{ 'lineItem/UnblendedCost': '1.25' }, { 'lineItem/UnblendedCost': '0.5' }])
  const report = 'cur/daily/20261001-20261101/daily'
  await put('acme-bills', `${report}-1.csv.gz`, gzipSync(csv))
  await put(
    'acme-bills',
    `${report}-Manifest.json`,
    JSON.stringify({ assemblyId: 'a', reportKeys: [`${report}-1.csv.gz`] }),
  )
  const data = 'new/cur2/data/BILLING_PERIOD=2026-10/cur2-00001.snappy.parquet'
  await put('acme-bills', data, await parquet(csv))
  const manifest = JSON.stringify({ executionId: 'e', dataFiles: [`s3://acme-bills/${data}`] })
  await put('acme-bills', 'new/cur2/metadata/BILLING_PERIOD=2026-10/cur2-Manifest.json', manifest)
})

async function parquet(csv: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'finops-emulate-'))
  const [from, to] = [join(folder, 'a.csv'), join(folder, 'a.parquet')]
  await writeFile(from, csv)
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`copy (select * from read_csv('${from}', all_varchar = true)) to '${to}' (format parquet)`)
  connection.closeSync()
  return readFile(to)
}

it('knows whose key it is, and takes a role', async () => {
  expect(await adapter.check!(credentials)).toMatchObject({ cloudAccountId: '123456789012' })
  const role = { roleArn: 'arn:aws:iam::123456789012:role/megaops', externalId: 'word' }
  expect(await adapter.check!(role)).toMatchObject({ cloudAccountId: '123456789012' })
  expect((await all(adapter.discover!.Bucket!(role, 'us-east-1'))).map(({ name }) => name)).toContain('acme-store')
})

it('lists buckets in their region, objects with any name, and a bucket that is not there', async () => {
  const facts = { isPublicPolicy: false, isPublicAcls: false }
  expect(await all(adapter.discover!.Bucket!(credentials, 'us-east-1'))).toContainEqual(
    expect.objectContaining({ cloudResourceId: 'acme-bills', region: 'us-east-1', tags: {}, facts }),
  )
  expect(await all(adapter.discover!.Bucket!(credentials, 'eu-west-1'))).toEqual([])
  const objects = await all(adapter.objects!(credentials, { bucket: 'acme-store', region: '' }))
  // MD5 of "same content".
  const same = { etag: '793953ee398d864ec40252df9554c3e6', size: 12 }
  expect(objects).toEqual(keys.map((key) => ({ key, ...same })))
  await expect(all(adapter.objects!(credentials, { bucket: 'acme-nothing', region: '' }))).rejects.toThrow(GoneError)
})

it.each([
  ['cur', 'daily', 'report'],
  ['new', 'cur2', 'export'],
])('reads a bill below %s', async (prefix, name, kind) => {
  const settings = { bucket: 'acme-bills', prefix, report: name }
  const reports = await adapter.bill!.findReports!(credentials, { bucket: 'acme-bills' })
  expect(reports).toContainEqual({ name, kind, settings, months: ['2026-10-01'] })
  const [assembly, ...others] = await adapter.bill!.find(credentials, settings)
  expect([assembly!.period, assembly!.files.length, others]).toEqual(['2026-10-01', 1, []])
  const folder = await mkdtemp(join(tmpdir(), 'finops-emulate-'))
  const file = await adapter.bill!.download(credentials, settings, { ...assembly!.files[0]!, folder })
  expect((await readFiles([file])).total).toEqual({ lines: 2, billed: '1.75', effective: '1.75' })
})

it('shows users as far as it knows them', async () => {
  const users = await all(adapter.inventory!.user!.read(credentials, ''))
  expect(users.find(({ name }) => name === 'developer')).toMatchObject({
    name: 'developer',
    facts: { hasConsole: false, keys: [{ active: true, lastUsedAt: null }] },
  })
})

it('says in a sentence what the emulator does not know, and claims no missing permission', async () => {
  const volumes = all(adapter.discover!.Volume!(credentials, 'us-east-1'))
  await expect(volumes).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('ec2:DescribeVolumes'),
  })
  expect(await adapter.probe!(credentials, { bucket: 'acme-bills' })).toEqual([])
})
