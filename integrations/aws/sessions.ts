/** Sessions of roles: STS lends a key for an hour, and it is used until shortly before it ends. */
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { CloudError } from '../cloud.ts'
import { asCloudError, awsConfig, call, type AwsOptions, type AwsSession, type AwsSessions } from './client.ts'
import type { AwsRole } from './credentials.ts'

const longestSeconds = 3600
/** A session that ends sooner is not begun with: a page under way must be able to finish. */
const renewMs = 5 * 60_000

const noKey =
  'This installation has no AWS key of its own, so it cannot take roles. Whoever runs it sets AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'

/** Lends sessions of roles, one per role at a time however many ask. Throws `CloudError` when the role does not trust us. */
export function awsSessions(options: AwsOptions): AwsSessions {
  const now = options.now ?? (() => new Date())
  const lent = new Map<string, Promise<AwsSession>>()
  const isFresh = (session: Promise<AwsSession>) =>
    session.then(
      ({ expiration }) => expiration.getTime() - now().getTime() > renewMs,
      () => false,
    )
  return async (role, anew) => {
    const id = `${role.roleArn} ${role.externalId}`
    const held = lent.get(id)
    if (held && !anew && (await isFresh(held))) return held
    // Of several who found it stale together, the first one asks.
    if (lent.get(id) === held) lent.set(id, assumeRole(options, role))
    return lent.get(id)!
  }
}

async function assumeRole(options: AwsOptions, { roleArn, externalId }: AwsRole): Promise<AwsSession> {
  if (!options.key) throw new CloudError('bad_credentials', noKey)
  const sts = new STSClient(awsConfig(options, { service: 'sts', credentials: options.key }))
  const request = new AssumeRoleCommand({
    ...{ RoleArn: roleArn, ExternalId: externalId, RoleSessionName: 'megaops-finops' },
    DurationSeconds: longestSeconds,
  })
  const { Credentials: lent } = await sts.send(request).catch((error: unknown) => {
    throw sayRefused(asCloudError(error, 'sts:AssumeRole'), roleArn)
  })
  if (!lent?.AccessKeyId || !lent.SecretAccessKey || !lent.SessionToken || !lent.Expiration)
    throw new CloudError('unreachable', 'AWS answered sts:AssumeRole without a session.')
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = lent
  return { accessKeyId, secretAccessKey, sessionToken, expiration: lent.Expiration }
}

/** AWS does not say which of the two is wrong, so both are named. */
function sayRefused(error: unknown, roleArn: string): unknown {
  if (!(error instanceof CloudError)) return error
  const as = (message: string) => new CloudError('bad_credentials', message, { cause: error })
  if (error.isRefusal)
    return as(
      `AWS does not let this installation take the role ${roleArn}: its trust policy must name this installation and the external id shown when connecting.`,
    )
  if (error.kind === 'bad_credentials')
    return as('AWS does not accept the key of this installation itself (AWS_ACCESS_KEY_ID), so no role can be taken.')
  return error
}

/** The ARN of this installation's own key, for trust policies; null when it has none. */
export async function principalOf(options: AwsOptions): Promise<string | null> {
  if (!options.key) return null
  const sts = new STSClient(awsConfig(options, { service: 'sts', credentials: options.key }))
  const { Arn: arn = '' } = await call('sts:GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand()))
  return arn
}
