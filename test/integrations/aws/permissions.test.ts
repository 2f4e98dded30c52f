/** Least privilege: what the code asks AWS for and what the policy allows are the same set (engineering.md S19). */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { probes } from '../../../integrations/aws/probes.ts'
import { iamAction } from '../../../integrations/sandbox/aws-actions.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const born = new Date('2026-03-01T08:00:00Z')
const from = new Date('2026-11-23T08:00:00Z')
const region = 'us-east-1'

const exported = {
  ...{ ExportArn: 'arn:aws:bcm-data-exports:us-east-1:111122223333:export/cur2', Name: 'cur2' },
  DataQuery: { QueryStatement: 'SELECT line_item_usage_amount FROM COST_AND_USAGE_REPORT' },
  DestinationConfigurations: { S3Destination: { S3Bucket: 'bills', S3Prefix: 'new', S3Region: region } },
}

/** An account in which every call has something to follow up. */
const { aws, adapter } = await awsWorld({
  plainBucketList: true,
  regions: {
    [region]: emptyRegion({
      instances: [{ id: 'i-1', type: 't3.nano', state: 'running', launchedAt: born }],
      addresses: [
        { allocationId: 'eipalloc-1', publicIp: '203.0.113.7', instanceId: 'i-1' },
        { allocationId: 'eipalloc-2', publicIp: '203.0.113.8', networkInterfaceId: 'eni-2' },
      ],
      streams: [{ name: 'clicks', shards: 1, createdAt: born }],
    }),
  },
  buckets: { bills: new Map([['cur/2026-10/a.csv', { body: Buffer.from('x'), lastModified: born }]]) },
  exports: [exported],
  users: [{ id: 'AIDA1', name: 'ann', createdAt: born, keys: [{ id: 'AKIA1', active: true }] }],
})

/** A role is anything the adapter can do; each is exercised by name, so a new one fails here until it is. */
const roles: Record<string, () => Promise<unknown>> = {
  check: () => adapter.check!(credentials),
  regions: () => adapter.regions!(credentials),
  discover: async () => {
    for (const role of Object.values(adapter.discover!)) await all(role(credentials, region))
  },
  inventory: async () => {
    for (const role of Object.values(adapter.inventory!)) await all(role.read(credentials, role.global ? '' : region))
  },
  metrics: async () => {
    const request = { region, cloudResourceIds: ['i-1'], from, to: new Date('2026-11-23T09:00:00Z') }
    for (const role of Object.values(adapter.metrics!)) await all<unknown>(role(credentials, request))
  },
  prices: async () => {
    for (const role of Object.values(adapter.prices!))
      await all<unknown>(role(credentials, { region, names: ['t3.nano'], from }))
  },
  probe: () => adapter.probe!(credentials, { bucket: 'bills', prefix: 'cur' }),
  bill: async () => {
    const settings = { bucket: 'bills', prefix: 'cur' }
    await adapter.bill!.findReports!(credentials, {})
    const [assembly] = await adapter.bill!.find(credentials, settings)
    const folder = await mkdtemp(join(tmpdir(), 'finops-permissions-'))
    await adapter.bill!.download(credentials, settings, { ...assembly!.files[0]!, folder })
  },
}

/** What an adapter says about itself instead of doing. */
const words = [
  ...['kind', 'title', 'credentials', 'settings', 'permissions', 'places', 'policy', 'rest'],
  ...['grants', 'hasPayers'],
]

/** Everybody may ask who they are. */
const needsNoPermission = 'sts:GetCallerIdentity'

it('the policy allows what the code asks for and nothing else', async () => {
  const can = Object.keys(adapter).filter((name) => !words.includes(name))
  expect(Object.keys(roles).toSorted()).toEqual(can.toSorted())
  for (const use of Object.values(roles)) await use()
  const asked = new Set(aws.calls.map(iamAction))
  asked.delete(needsNoPermission)
  expect([...asked].toSorted()).toEqual(adapter.permissions.read.toSorted())
  const { Statement } = JSON.parse(adapter.policy!) as { Statement: { Action: string[] }[] }
  expect(Statement.flatMap(({ Action }) => Action)).toEqual(adapter.permissions.read.toSorted())
})

it('the policy reads only', () => {
  for (const action of adapter.permissions.read) expect(action).toMatch(/:(Describe|Get|List)/)
})

it('every permission says what does not work without it', () => {
  expect(Object.keys(probes).toSorted()).toEqual(adapter.permissions.read.toSorted())
})
