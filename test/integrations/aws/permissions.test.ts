/** Least privilege: what the code asks AWS for and what the policy allows are the same set (engineering.md S19). */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
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

/** Every part of reading an account, by the name its notes carry: what it asks AWS for. */
const uses: Record<string, () => Promise<unknown>> = {
  regions: () => adapter.regions!(credentials),
  objects: () => all<unknown>(adapter.objects!(credentials, { bucket: 'bills', region })),
  metrics: async () => {
    const request = { region, cloudResourceIds: ['i-1'], from, to: new Date('2026-11-23T09:00:00Z') }
    for (const role of Object.values(adapter.metrics!)) await all<unknown>(role(credentials, request))
  },
  reports: () => adapter.bill!.findReports!(credentials, {}),
  bill: async () => {
    const settings = { bucket: 'bills', prefix: 'cur' }
    const [assembly] = await adapter.bill!.find(credentials, settings)
    const folder = await mkdtemp(join(tmpdir(), 'finops-permissions-'))
    await adapter.bill!.download(credentials, settings, { ...assembly!.files[0]!, folder })
  },
}
for (const [type, role] of Object.entries(adapter.discover!)) uses[type] = () => all(role(credentials, region))
for (const [kind, role] of Object.entries(adapter.inventory!))
  uses[kind] = () => all(role.read(credentials, role.global ? '' : region))
for (const [name, role] of Object.entries(adapter.prices!))
  uses[`prices ${name}`] = () => all<unknown>(role(credentials, { region, names: ['t3.nano'], from }))

/** The permissions asked for since; who one is needs none. */
function askedSince(call: number): string[] {
  const asked = new Set(aws.calls.slice(call).map(iamAction))
  asked.delete('sts:GetCallerIdentity')
  return [...asked].toSorted()
}

beforeEach(() => aws.heal())

/** What an adapter says about itself instead of doing; `check` needs no permission, everybody may ask who they are; `power` is a policy of its own; `probe` asks what the parts ask. */
const words = [
  ...['kind', 'title', 'credentials', 'settings', 'permissions', 'places', 'policy', 'grants', 'hasPayers'],
  ...['power', 'rest', 'check', 'probe'],
]
const roles = ['objects', 'regions', 'discover', 'inventory', 'metrics', 'prices', 'bill']

it('knows every role of the adapter, so that a new one is asked too', () => {
  expect(
    Object.keys(adapter)
      .filter((name) => !words.includes(name))
      .toSorted(),
  ).toEqual(roles.toSorted())
  expect(Object.keys(adapter.permissions.parts!).toSorted()).toEqual(Object.keys(uses).toSorted())
})

it.each(Object.keys(uses))('%s needs what it asks for and nothing else', async (part) => {
  const before = aws.calls.length
  await uses[part]!()
  expect(askedSince(before)).toEqual(adapter.permissions.parts![part])
})

/** What of a part may be refused without a word: reports are looked for in two services, and only connecting asks for them. */
const forgiven = ['bcm-data-exports:GetExport', 'bcm-data-exports:ListExports', 'cur:DescribeReportDefinitions']

const parts = Object.entries(adapter.permissions.parts!)
const refusals = parts.flatMap(([part, own]) => own.map((permission) => [permission, part] as const))

it.each(refusals.filter(([permission]) => !forgiven.includes(permission)))(
  '%s is named when %s is read without it',
  async (permission, part) => {
    aws.trouble({ kind: 'refused', permission })
    const error = await uses[part]!().then(
      () => null,
      (refusal: unknown) => refusal,
    )
    expect(error).toMatchObject({ kind: 'missing_permission', message: expect.stringContaining(` ${permission} `) })
  },
)

it.each(adapter.permissions.read)('%s is missed when an account is connected without it', async (permission) => {
  aws.trouble({ kind: 'refused', permission })
  const missing = await adapter.probe!(credentials, { bucket: 'bills', prefix: 'cur' })
  const without = probes[permission]!.without
  // An object is only asked for when the list says where one lies.
  expect(missing).toEqual([{ permission, without }])
})

it('the policy allows what the parts need and nothing else', () => {
  const { Statement } = JSON.parse(adapter.policy!) as { Statement: { Action: string[] }[] }
  const needed = [...new Set(Object.values(adapter.permissions.parts!).flat())]
  expect(Statement.flatMap(({ Action }) => Action)).toEqual(needed.toSorted())
})

it('the probe asks for nothing that is not in the policy', async () => {
  const before = aws.calls.length
  await adapter.probe!(credentials, { bucket: 'bills', prefix: 'cur' })
  for (const action of askedSince(before)) expect(adapter.permissions.read).toContain(action)
})

it('the policy reads only', () => {
  for (const action of adapter.permissions.read) expect(action).toMatch(/:(Describe|Get|List)/)
})

it('every permission says what does not work without it', () => {
  expect(Object.keys(probes).toSorted()).toEqual(adapter.permissions.read.toSorted())
})
