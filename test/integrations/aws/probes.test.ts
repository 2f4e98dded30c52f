import { beforeEach, describe, expect, it } from 'vitest'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'
import { awsConfig, hasty } from '../../../integrations/aws/client.ts'
import { emptyRegion, type SandboxExport, type SandboxReport } from '../../../integrations/sandbox/aws-state.ts'
import { awsWorld, credentials } from './aws-world.ts'

const { aws, adapter } = await awsWorld({
  regions: { 'us-east-1': emptyRegion() },
  buckets: {
    bills: new Map([['cur/2026-10/a.csv', { body: Buffer.from('x'), lastModified: new Date('2026-11-01') }]]),
  },
})
const probe = (settings: Record<string, string> = {}) => adapter.probe!(credentials, settings)

beforeEach(() => {
  aws.heal()
  aws.calls.splice(0)
})

describe('what a key may not do', () => {
  it('is nothing when everything is granted; one cheap call each', async () => {
    expect(await probe({ bucket: 'bills', prefix: 'cur' })).toEqual([])
    const asked = aws.calls.map(({ service, action }) => `${service} ${action}`)
    expect(new Set(asked)).toContain('ec2 DescribeVolumes')
    expect(new Set(asked)).toContain('s3 HeadObject')
    // Beside them: who we are, and where an object of the bill lies.
    expect(asked).toHaveLength(adapter.permissions.read.length + 2)
  })

  it('is named exactly, with what does not work without it', async () => {
    aws.trouble({ kind: 'refused', action: 'DescribeVolumes' })
    aws.trouble({ kind: 'refused', action: 'GetMetricData' })
    aws.trouble({ kind: 'refused', service: 'cur' })
    aws.trouble({ kind: 'refused', action: 'HeadObject' })
    expect(await probe({ bucket: 'bills' })).toEqual([
      {
        permission: 'cloudwatch:GetMetricData',
        without: 'nothing is known about use, so nothing is said about idle or oversized machines',
      },
      { permission: 'cur:DescribeReportDefinitions', without: 'cost and usage reports are not found by themselves' },
      { permission: 'ec2:DescribeVolumes', without: 'volumes are not seen' },
      { permission: 's3:GetObject', without: 'the bill is not read' },
    ])
  })

  it('is denied by the organization, which its administrator can lift and our policy cannot', async () => {
    aws.trouble({ kind: 'denied', permission: 'ec2:DescribeVolumes' })
    expect(await probe()).toEqual([
      { permission: 'ec2:DescribeVolumes', without: 'volumes are not seen', denied: true },
    ])
  })

  it('is asked of the first bucket where no bill is known, whose own policy is no gap of ours', async () => {
    aws.trouble({ kind: 'refused', permission: 's3:GetBucketTagging' })
    expect((await probe()).map(({ permission }) => permission)).toEqual(['s3:GetBucketTagging'])
  })

  it('is asked of a key of a user where a role has none of its own', async () => {
    aws.state.users = [
      { id: 'AIDA1', name: 'ann', createdAt: new Date(0) },
      { id: 'AIDA2', name: 'bob', createdAt: new Date(0), keys: [{ id: 'AKIA2', active: true }] },
    ]
    const roleArn = 'arn:aws:iam::111122223333:role/finops'
    aws.state.roles = { [roleArn]: { principal: 'arn:aws:iam::111122223333:user/finops', externalId: 'word' } }
    const asRole = awsAdapter({ endpoint: aws.url, key: credentials })
    aws.trouble({ kind: 'refused', permission: 'iam:GetAccessKeyLastUsed' })
    const missing = await asRole.probe!({ roleArn, externalId: 'word' }, {})
    expect(missing.map(({ permission }) => permission)).toEqual(['iam:GetAccessKeyLastUsed'])
    aws.state.users = []
    expect(await asRole.probe!({ roleArn, externalId: 'word' }, {})).toEqual([])
  })

  it('is unknown while AWS throttles or breaks, so nothing is claimed', async () => {
    aws.trouble({ kind: 'throttled', service: 'ec2' })
    aws.trouble({ kind: 'broken', service: 'pricing' })
    expect(await probe()).toEqual([])
  })

  it('is not waited for longer than a person waits, when AWS is silent', async () => {
    const slow = awsAdapter({ endpoint: aws.url, timeoutMs: 300, key: credentials })
    const roleArn = 'arn:aws:iam::111122223333:role/finops'
    const looks: [string, (keys: Record<string, string>) => Promise<unknown>][] = [
      ['GetCallerIdentity', (keys) => slow.check!(keys)],
      ['DescribeVolumes', (keys) => slow.probe!(keys, { bucket: 'bills', prefix: 'cur' })],
      ['ListObjectsV2', (keys) => slow.bill!.findReports!(keys, { bucket: 'bills' })],
    ]
    aws.trouble({ kind: 'silent' })
    for (const [keys, first] of [
      [credentials, null],
      [{ roleArn, externalId: 'word' }, 'AssumeRole'],
    ] as const)
      for (const [own, look] of looks) {
        aws.calls.splice(0)
        const failure = { kind: 'unreachable', message: expect.stringMatching(/^AWS did not answer /) as string }
        await expect(look(keys)).rejects.toMatchObject(failure)
        if (own === 'DescribeVolumes' && first) continue
        expect(aws.calls.filter(({ action }) => action === (first ?? own))).toHaveLength(2)
      }
    // Two tries of seven seconds, and three looks one after the other.
    expect(awsConfig(hasty({}), { credentials })).toMatchObject({
      maxAttempts: 2,
      requestHandler: { requestTimeout: 7000, connectionTimeout: 7000 },
    })
  })

  it('does not hide a bucket that is not there', async () => {
    await expect(probe({ bucket: 'nowhere' })).rejects.toMatchObject({ kind: 'bad_bill' })
  })
})

const report = (name: string, more: Partial<SandboxReport> = {}): SandboxReport => ({
  ...{ ReportName: name, TimeUnit: 'DAILY', Format: 'Parquet', Compression: 'Parquet' },
  ...{ AdditionalSchemaElements: ['RESOURCES'], S3Bucket: 'bills', S3Prefix: 'cur', S3Region: 'eu-west-1' },
  ...{ RefreshClosedReports: true, ...more },
})
const exported = (name: string, table: string, resources = 'TRUE'): SandboxExport => ({
  ...{ ExportArn: `arn:aws:bcm-data-exports:us-east-1:111122223333:export/${name}`, Name: name },
  DataQuery: {
    QueryStatement: `SELECT line_item_usage_amount FROM ${table}`,
    TableConfigurations: { [table]: { INCLUDE_RESOURCES: resources, TIME_GRANULARITY: 'DAILY' } },
  },
  DestinationConfigurations: { S3Destination: { S3Bucket: 'exports', S3Prefix: 'new/', S3Region: 'us-east-1' } },
})

describe('reports an account has set up', () => {
  it('are found without a bucket, page after page, the readable ones first', async () => {
    aws.state.reports = [
      ...['a', 'b', 'c', 'd', 'e'].map((name) => report(name)),
      report('monthly', { TimeUnit: 'MONTHLY', AdditionalSchemaElements: [], RefreshClosedReports: false }),
    ]
    aws.state.exports = [
      exported('cur2', 'COST_AND_USAGE_REPORT'),
      exported('carbon', 'CARBON_EMISSIONS'),
      exported('focus', 'FOCUS_1_0_AWS'),
      exported('bare', 'COST_AND_USAGE_REPORT', 'FALSE'),
    ]
    const found = await adapter.bill!.findReports!(credentials, {})
    expect(found.map(({ name, kind, flaws = [] }) => [name, kind, ...flaws])).toEqual([
      ...['a', 'b', 'c'].map((name) => [name, 'report']),
      ['cur2', 'export'],
      ['d', 'report'],
      ['e', 'report'],
      ['focus', 'export'],
      ['bare', 'export', 'it has no resource ids'],
      [
        'monthly',
        'report',
        'it has no resource ids',
        'later corrections of closed months do not reach it',
        'it has months only, no days',
      ],
    ])
    expect(found[0]!.settings).toEqual({ bucket: 'bills', prefix: 'cur', report: 'a', region: 'eu-west-1' })
    expect(found[3]!.settings).toEqual({ bucket: 'exports', prefix: 'new', report: 'cur2', region: 'us-east-1' })
  })

  it('are those of the other service when one may not be asked', async () => {
    aws.state.reports = [report('a')]
    aws.state.exports = [exported('cur2', 'COST_AND_USAGE_REPORT')]
    aws.trouble({ kind: 'refused', service: 'cur' })
    expect((await adapter.bill!.findReports!(credentials, {})).map(({ name }) => name)).toEqual(['cur2'])
    aws.trouble({ kind: 'refused', action: 'GetExport' })
    expect(await adapter.bill!.findReports!(credentials, {})).toEqual([])
  })

  it('are explained when there are none: settings, and the policy of the bucket', () => {
    const { steps, bucketPolicy } = adapter.bill!.setup!({
      cloudAccountId: '111122223333',
      settings: { bucket: 'bills' },
    })
    expect(steps.join('\n')).toMatch(/resource IDs, time granularity daily.*\n.*Parquet.*gzip.*overwrite/)
    expect(JSON.parse(bucketPolicy)).toMatchObject({
      Statement: [
        {
          Action: ['s3:PutObject', 's3:GetBucketPolicy'],
          Resource: ['arn:aws:s3:::bills/*', 'arn:aws:s3:::bills'],
          Condition: { StringLike: { 'aws:SourceAccount': '111122223333' } },
        },
      ],
    })
  })
})
