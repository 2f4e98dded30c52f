import { beforeEach, describe, expect, it } from 'vitest'
import { CloudError } from '../../../integrations/cloud.ts'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'
import { asCloudError } from '../../../integrations/aws/client.ts'
import type { Trouble } from '../../../integrations/sandbox/aws.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const { aws, adapter } = await awsWorld()
const volumes = (keys = credentials) => all(adapter.discover!.Volume!(keys, 'us-east-1'))
const metrics = () => {
  const window = { from: new Date('2026-11-23T08:00:00Z'), to: new Date('2026-11-23T09:00:00Z') }
  return all(adapter.metrics!.Instance!(credentials, { region: 'us-east-1', cloudResourceIds: ['i-1'], ...window }))
}
const failure = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => null,
    (e: unknown) => e,
  )
  return error instanceof CloudError ? { kind: error.kind, message: error.message } : error
}

beforeEach(() => aws.heal())

describe('what AWS refuses', () => {
  it('is a bad key when the key is unknown or its secret is wrong, in every service', async () => {
    const unknown = { ...credentials, accessKeyId: 'AKIASOMEBODYELSE0001' }
    const wrong = { ...credentials, secretAccessKey: 'another-secret-key-0002' }
    for (const keys of [unknown, wrong]) {
      expect(await failure(volumes(keys))).toMatchObject({ kind: 'bad_credentials' })
      expect(await failure(adapter.check!(keys))).toMatchObject({ kind: 'bad_credentials' })
    }
    expect(await adapter.check!(credentials)).toMatchObject({ cloudAccountId: '111122223333' })
  })

  it('names the permission that is missing', async () => {
    aws.trouble({ kind: 'refused', service: 'ec2', times: 1 })
    const message = 'The access key may not use ec2:DescribeVolumes (UnauthorizedOperation).'
    expect(await failure(volumes())).toEqual({ kind: 'missing_permission', message })
    aws.trouble({ kind: 'refused', service: 'monitoring', times: 1 })
    expect(await failure(metrics())).toMatchObject({
      kind: 'missing_permission',
      message: expect.stringContaining('cloudwatch:GetMetricData'),
    })
  })

  it('is no gap of the key when the organization denies it, and says who can help', async () => {
    aws.trouble({ kind: 'denied', service: 'ec2', times: 1 })
    const message =
      'A service control policy of the AWS organization denies ec2:DescribeVolumes to this account. Only the administrator of the organization can allow it.'
    expect(await failure(volumes())).toEqual({ kind: 'denied', message })
  })

  it.each([
    // As the IAM user guide words them ("Troubleshoot access denied error messages").
    ['denied', 'because no service control policy allows the ec2:DescribeVolumes action'],
    ['denied', 'with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/p-1'],
    ['denied', 'with an explicit deny in a resource control policy'],
    ['missing_permission', 'because no identity-based policy allows the ec2:DescribeVolumes action'],
    ['missing_permission', 'with an explicit deny in an identity-based policy'],
    ['missing_permission', 'because no permissions boundary allows the ec2:DescribeVolumes action'],
  ])('%s: %s', (kind, why) => {
    const message = `User: arn:aws:iam::1:user/finops is not authorized to perform: ec2:DescribeVolumes ${why}`
    const error = asCloudError(Object.assign(new Error(message), { name: 'UnauthorizedOperation' }), 'ec2:Other')
    expect(error).toMatchObject({ kind, message: expect.stringContaining(' ec2:DescribeVolumes') })
  })

  it.each([
    [
      'wrong_clock',
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    ],
    ['wrong_clock', 'RequestExpired', 'Request has expired.'],
    ['wrong_clock', 'RequestInTheFuture', 'The date is in the future.'],
    [
      'wrong_clock',
      'SignatureDoesNotMatch',
      'Signature expired: 20261123T080000Z is now earlier than 20261123T094500Z',
    ],
    ['wrong_clock', 'InvalidSignatureException', 'Signature not yet current: 20261123T120000Z is still later than'],
    ['bad_credentials', 'SignatureDoesNotMatch', 'The request signature we calculated does not match.'],
    ['bad_credentials', 'ExpiredToken', 'The security token included in the request is expired'],
  ])('%s: %s, %s', (kind, name, message) => {
    const answer = Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 403 } })
    const error = asCloudError(answer, 's3:ListBucket')
    expect(error).toMatchObject({ kind, message: expect.stringContaining(kind === 'wrong_clock' ? 'clock' : 'key') })
  })

  it('is tried again when it is throttling, and said so when it does not stop', async () => {
    for (const [trouble, ask] of [
      [{ kind: 'throttled', service: 'ec2' }, volumes],
      [{ kind: 'throttled', service: 'monitoring' }, metrics],
    ] as [Trouble, () => Promise<unknown>][]) {
      aws.trouble({ ...trouble, times: 2 })
      expect(await failure(ask())).toBeNull()
      aws.trouble(trouble)
      expect(await failure(ask())).toMatchObject({ kind: 'throttled' })
      aws.heal()
    }
  })

  it('is unreachable when AWS breaks, stays silent or is not there', async () => {
    aws.trouble({ kind: 'broken' })
    expect(await failure(volumes())).toMatchObject({ kind: 'unreachable' })
    aws.heal()
    aws.trouble({ kind: 'silent' })
    const hasty = awsAdapter({ endpoint: aws.url, attempts: 1, timeoutMs: 200 })
    expect(await failure(hasty.check!(credentials))).toMatchObject({ kind: 'unreachable' })
    const nowhere = awsAdapter({ endpoint: 'http://127.0.0.1:9', attempts: 1, timeoutMs: 500 })
    expect(await failure(nowhere.check!(credentials))).toMatchObject({ kind: 'unreachable' })
  })
})
