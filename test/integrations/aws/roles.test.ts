import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'
import { startAws } from '../../../integrations/sandbox/aws.ts'
import { emptyAws, emptyRegion, type SandboxAws } from '../../../integrations/sandbox/aws-state.ts'
import { all } from './aws-world.ts'

const roleArn = 'arn:aws:iam::111122223333:role/megaops-finops'
const externalId = 'a-word-only-we-two-know'
const own = { accessKeyId: 'AKIAINSTALLATION0001', secretAccessKey: 'installation-secret-key-0001' }
const start = new Date('2026-11-23T10:00:00Z')
let now = start
const volume = { id: 'vol-1', sizeGib: 1, type: 'gp3', createdAt: start }
const customer: SandboxAws = emptyAws({
  regions: { 'us-east-1': emptyRegion({ volumes: [volume] }) },
  roles: { [roleArn]: { principal: 'arn:aws:iam::999900001111:user/finops', externalId } },
})
const installation = emptyAws({ accountId: '999900001111', keys: { [own.accessKeyId]: own.secretAccessKey } })
const aws = await startAws([customer, installation], { now: () => now })
afterAll(() => aws.close())

const adapterWith = (more: object = {}) =>
  awsAdapter({ endpoint: aws.url, attempts: 1, timeoutMs: 2000, now: () => now, key: own, ...more })
const role = { roleArn, externalId }
const volumes = (adapter: ReturnType<typeof adapterWith>, given = role) =>
  all(adapter.discover!.Volume!(given, 'us-east-1'))
const taken = () => aws.calls.filter(({ action }) => action === 'AssumeRole').length

beforeEach(() => {
  now = start
  aws.calls.splice(0)
  customer.sessions = {}
})

describe('a role with an external id', () => {
  it('tells whose it is and reads with a session of an hour', async () => {
    const adapter = adapterWith()
    expect(await adapter.check!(role)).toMatchObject({ cloudAccountId: '111122223333' })
    expect(await volumes(adapter)).toMatchObject([{ cloudResourceId: 'vol-1' }])
    const [session] = Object.values(customer.sessions!)
    expect(session!.expires).toEqual(new Date('2026-11-23T11:00:00Z'))
  })

  it('takes one session however many ask at once, and keeps it until five minutes before its end', async () => {
    const adapter = adapterWith()
    await Promise.all([volumes(adapter), volumes(adapter), volumes(adapter)])
    now = new Date('2026-11-23T10:54:59Z')
    await volumes(adapter)
    expect(taken()).toBe(1)
    now = new Date('2026-11-23T10:55:01Z')
    await Promise.all([volumes(adapter), volumes(adapter)])
    expect(taken()).toBe(2)
  })

  it('renews an expired session by itself', async () => {
    const adapter = adapterWith()
    await volumes(adapter)
    now = new Date('2026-11-24T10:00:00Z')
    expect(await volumes(adapter)).toHaveLength(1)
  })

  it('is refused with a wrong external id, an unknown role and another principal, and never says which', async () => {
    const refused = (given: typeof role, adapter = adapterWith()) =>
      adapter.check!(given).then(
        () => null,
        ({ kind, message }: { kind: string; message: string }) => ({ kind, message }),
      )
    const answer = (arn: string) => ({
      kind: 'bad_credentials',
      message: `AWS does not let this installation take the role ${arn}: its trust policy must name this installation and the external id shown when connecting.`,
    })
    expect(await refused({ ...role, externalId: 'guessed' })).toEqual(answer(roleArn))
    const unknown = 'arn:aws:iam::111122223333:role/other'
    expect(await refused({ ...role, roleArn: unknown })).toEqual(answer(unknown))
    installation.accountId = '999900002222'
    expect(await refused(role)).toEqual(answer(roleArn))
    installation.accountId = '999900001111'
    expect(await adapterWith().check!(role)).toMatchObject({ cloudAccountId: '111122223333' })
  })

  it('tries again after a refusal: the trust policy may have been mended', async () => {
    const adapter = adapterWith()
    customer.roles![roleArn]!.externalId = 'another'
    await expect(adapter.check!(role)).rejects.toMatchObject({ kind: 'bad_credentials' })
    customer.roles![roleArn]!.externalId = externalId
    expect(await adapter.check!(role)).toMatchObject({ cloudAccountId: '111122223333' })
  })

  it('says who has to do something when the installation itself has no key or a bad one', async () => {
    const without = awsAdapter({ endpoint: aws.url, attempts: 1, timeoutMs: 2000 })
    await expect(without.check!(role)).rejects.toMatchObject({
      message: expect.stringContaining('sets AWS_ACCESS_KEY_ID'),
    })
    const bad = adapterWith({ key: { ...own, secretAccessKey: 'not-the-secret-of-the-key' } })
    await expect(bad.check!(role)).rejects.toMatchObject({
      kind: 'bad_credentials',
      message: expect.stringContaining('the key of this installation itself'),
    })
  })
})

describe('the documents that grant', () => {
  const files = async (adapter = adapterWith()) =>
    Object.fromEntries(
      await Promise.all(
        adapter.grants!({ externalId }).map(async ({ name, content }) => [name, await content()] as const),
      ),
    ) as Record<string, string>

  it('name what is read, who may take the role and with which external id, and keep power apart', async () => {
    const made = await files()
    const { Statement: read } = JSON.parse(made['finops-read-policy.json']!) as { Statement: { Action: string[] }[] }
    expect(read[0]!.Action).toEqual(adapterWith().permissions.read.toSorted())
    const trust = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::999900001111:user/finops' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': externalId } },
    }
    expect(JSON.parse(made['finops-trust-policy.json']!)).toEqual({ Version: '2012-10-17', Statement: [trust] })
    expect(JSON.parse(made['finops-power-policy.json']!)).toMatchObject({
      Statement: [{ Action: ['ec2:StartInstances', 'ec2:StopInstances'] }],
    })
    const stack = JSON.parse(made['finops-role.cloudformation.json']!) as {
      Parameters: { AllowPower: { Default: string } }
      Resources: Record<string, { Condition?: string; Properties: Record<string, unknown> }>
    }
    expect(stack.Parameters.AllowPower.Default).toBe('no')
    expect(stack.Resources['FinOpsRole']!.Properties).toMatchObject({
      AssumeRolePolicyDocument: { Statement: [trust] },
      Policies: [{ PolicyDocument: { Statement: read } }],
    })
    expect(stack.Resources['FinOpsPower']!.Condition).toBe('WithPower')
    for (const [name, text] of Object.entries(made))
      if (!/power|role/.test(name)) expect(text).not.toMatch(/ec2:St(art|op)Instances/)
    const module = made['finops-role.tf']!
    expect(module).toContain('default     = false')
    expect(module).toContain(`"sts:ExternalId": "${externalId}"`)
  })

  it('without a key of the installation are the policies only', async () => {
    const [read, stack] = awsAdapter({ endpoint: aws.url }).grants!({ externalId })
    expect(await read!.content()).toContain('ec2:DescribeVolumes')
    await expect(stack!.content()).rejects.toMatchObject({ message: expect.stringContaining('AWS_ACCESS_KEY_ID') })
  })
})
