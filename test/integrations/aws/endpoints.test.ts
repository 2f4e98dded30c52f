/** Other addresses than AWS's: one for everything, some for single services, and a CloudWatch that speaks the older protocol only. */
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../../config.ts'
import { awsAddresses } from '../../../installation.ts'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const { aws, adapter } = await awsWorld({
  pageLimit: 2,
  regions: {
    'us-east-1': emptyRegion({
      metric: ({ start, stat }) => (stat === 'Sum' ? 900 : start.getUTCMinutes()),
      series: ['one', 'two', 'three', 'four', 'five'].map((name) => ({
        ...{ namespace: 'AWS/S3', name: 'BucketSizeBytes' },
        dimensions: { BucketName: name, StorageType: 'StandardStorage' },
      })),
    }),
  },
})
const other = await awsWorld({ buckets: { elsewhere: new Map() } })

/** Hands forms on to the stand-in and refuses everything else, as an emulator does that knows the Query protocol only. */
const formsOnly = createServer((incoming, answer) => {
  if (!incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    answer.writeHead(404).end()
    return
  }
  const { method, headers, url } = incoming
  const onward = send(new URL(url!, aws.url), { method, headers }, (said) => {
    answer.writeHead(said.statusCode!, said.headers)
    said.pipe(answer)
  })
  incoming.pipe(onward)
})
await new Promise<void>((listening) => formsOnly.listen(0, '127.0.0.1', listening))
afterAll(() => formsOnly.close())
const cloudwatch = `http://127.0.0.1:${(formsOnly.address() as AddressInfo).port}`
const inForms = awsAdapter({
  ...{ endpoint: aws.url, endpoints: { cloudwatch }, cloudWatchProtocol: 'query', attempts: 3, timeoutMs: 2000 },
  now: () => new Date('2026-11-23T10:00:00Z'),
})
const window = { from: new Date('2026-11-21T00:00:00Z'), to: new Date('2026-11-23T00:00:00Z') }
const measure = (by: typeof adapter, type: 'Instance' | 'Bucket', cloudResourceIds: string[]) =>
  all(by.metrics![type]!(credentials, { region: 'us-east-1', cloudResourceIds, ...window }))

beforeEach(() => aws.heal())

describe('settings that cannot be used', () => {
  it('are named, and a key among them is never repeated', () => {
    const key = Buffer.from('{"private_key":"-----BEGIN PRIVATE KEY-----"}').toString('base64')
    for (const value of [key, key.repeat(200), '/nowhere/key.json']) {
      const failed = () => readConfig({ GOOGLE_CREDENTIALS: value })
      expect(failed).toThrow(/GOOGLE_CREDENTIALS/)
      expect(failed).not.toThrow(new RegExp(key.slice(0, 20)))
    }
  })
})

describe('CloudWatch in the Query protocol', () => {
  it('tells the same points, over several pages of names', async () => {
    for (const [type, ids] of [
      ['Instance', ['i-1', 'i-2']],
      ['Bucket', ['one', 'five']],
    ] as const) {
      const points = await measure(inForms, type, [...ids])
      expect(points).toEqual(await measure(adapter, type, [...ids]))
      expect(points).toHaveLength(type === 'Instance' ? 2 * 6 * 2 * 96 : 2 * 2)
    }
  })

  it('says the same when it refuses or throttles', async () => {
    aws.trouble({ kind: 'throttled', service: 'monitoring', times: 2 })
    expect(await measure(inForms, 'Instance', ['i-1'])).not.toHaveLength(0)
    aws.trouble({ kind: 'refused', service: 'monitoring' })
    await expect(measure(inForms, 'Instance', ['i-1'])).rejects.toMatchObject({
      kind: 'missing_permission',
      message: expect.stringContaining('cloudwatch:GetMetricData'),
    })
    expect((await inForms.probe!(credentials, {})).map(({ permission }) => permission)).toEqual([
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
    ])
  })
})

it('single services may lie elsewhere', async () => {
  const split = awsAdapter({ endpoint: aws.url, endpoints: { s3: other.aws.url }, attempts: 1, timeoutMs: 2000 })
  expect((await all(split.discover!.Bucket!(credentials, 'us-east-1'))).map(({ name }) => name)).toEqual(['elsewhere'])
  expect(await split.regions!(credentials)).toEqual(['us-east-1'])
})

it('addresses come from the environment, by the names AWS gave them', () => {
  const address = (env: Record<string, string>) => awsAddresses(readConfig(env))
  expect(address({})).toEqual({ endpoints: {}, cloudWatchProtocol: 'json', anyKey: false })
  expect(
    address({
      ...{ AWS_ENDPOINT_URL: 'http://localhost:4566', AWS_ENDPOINT_URL_S3: 'http://localhost:9000' },
      ...{ AWS_ENDPOINT_URL_CLOUDWATCH: 'http://localhost:5000', AWS_CLOUDWATCH_PROTOCOL: 'query' },
    }),
  ).toEqual({
    ...{ endpoint: 'http://localhost:4566', cloudWatchProtocol: 'query', anyKey: true },
    endpoints: { s3: 'http://localhost:9000', cloudwatch: 'http://localhost:5000' },
  })
})
