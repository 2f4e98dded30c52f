/** How we speak to AWS: one configuration for every SDK client, and one translation of what can go wrong. */
import { CloudError, type Credentials } from '../cloud.ts'
import { awsCredentials, otherCredentials, type AwsKey, type AwsRole } from './credentials.ts'

/** Services that emulators like to have an address of their own for, by AWS's names in `AWS_ENDPOINT_URL_…`. */
export const awsServices = ['s3', 'sts', 'iam', 'kinesis', 'cloudwatch'] as const
export type AwsService = (typeof awsServices)[number]

/**
 * `endpoint` sends every service to one address (an emulator, the stand-in), `endpoints` single ones elsewhere;
 * `cloudWatchProtocol` is how CloudWatch is spoken to there: emulators may know its older protocol only;
 * `anyKey` is for what takes keys that do not look like AWS's. `key` is this installation's own, with which it
 * takes roles; `sessions` lends them; `attempts`, `timeoutMs` and `now` are for tests.
 */
export type AwsOptions = {
  endpoint?: string
  endpoints?: Partial<Record<AwsService, string>>
  cloudWatchProtocol?: 'json' | 'query'
  anyKey?: boolean
  key?: AwsKey
  sessions?: AwsSessions
  attempts?: number
  timeoutMs?: number
  now?: () => Date
}

/** A key that ends by itself. */
export type AwsSession = AwsKey & { sessionToken: string; expiration: Date }
/** `anew` asks AWS even when a session is held: the role may have been taken back since. */
export type AwsSessions = (role: AwsRole, anew?: 'anew') => Promise<AwsSession>

/** Global questions (who are we, which regions) are asked here. */
export const homeRegion = 'us-east-1'

/**
 * The constructor argument of any AWS SDK client. Throttling and network faults are retried by the SDK with growing,
 * jittered pauses; a request without an answer ends after 30 s. `forcePathStyle` is read by S3 only.
 */
export function awsConfig(options: AwsOptions, { credentials, region = homeRegion, service }: AwsTarget) {
  const given = (options.anyKey ? otherCredentials : awsCredentials).parse(credentials)
  const endpoint = (service && options.endpoints?.[service]) ?? options.endpoint
  const timeout = options.timeoutMs ?? 30_000
  return {
    region,
    credentials: 'roleArn' in given ? () => sessionOf(options, given) : given,
    maxAttempts: options.attempts ?? 5,
    requestHandler: {
      connectionTimeout: Math.min(timeout, 10_000),
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
      socketTimeout: 2 * timeout,
    },
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
  }
}

/** For what a person waits before: of a silent AWS they hear after two tries of seven seconds. */
export const hasty = (options: AwsOptions): AwsOptions => ({
  ...options,
  attempts: Math.min(options.attempts ?? 2, 2),
  timeoutMs: Math.min(options.timeoutMs ?? 7000, 7000),
})

async function sessionOf({ sessions }: AwsOptions, role: AwsRole): Promise<AwsSession> {
  if (!sessions) throw new CloudError('bad_credentials', 'Nothing here can take roles of AWS.')
  return sessions(role)
}

export type AwsTarget = { credentials: Credentials; region?: string; service?: AwsService }

/** Makes one call; `action` is its IAM name ("ec2:DescribeVolumes"), so that a refusal can say which permission is missing. */
export async function call<T>(action: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    throw asCloudError(error, action)
  }
}

/** What emulators and S3-compatible stores say about calls they do not know; AWS knows all of ours. */
const unknownHere = /^(NotImplemented|InvalidAction|UnknownOperation(Exception)?)$/

/**
 * Makes one call; null when AWS answers with one of the `absent` codes: what was asked for does not exist. Who does not
 * know the call has none of it either.
 */
export async function callIfThere<T>(
  { action, absent }: { action: string; absent: string[] },
  send: () => Promise<T>,
): Promise<T | null> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof Error && (absent.includes(error.name) || unknownHere.test(error.name))) return null
    throw asCloudError(error, action)
  }
}

/** Walks the pages of an SDK paginator with the same translation of errors. */
export async function* pages<T>(action: string, paginator: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* paginator
  } catch (error) {
    throw asCloudError(error, action)
  }
}

/**
 * Every service words it differently; some call it a wrong signature and say why. Sessions we take are renewed long before
 * they end, so that one which ended at AWS is our clock's fault too.
 */
const skewed = /^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/
const skewedSignature = /^Signature (expired|not yet current)\b/
const badKey =
  /^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|InvalidAccessKeyId|IncompleteSignature|MissingAuthenticationToken|ExpiredToken(Exception)?|NotSignedUp|Blocked)$/
const refused = /^(UnauthorizedOperation|AccessDenied(Exception)?|NotAuthorized|OptInRequired|AllAccessDisabled)$/
const throttled =
  /^(RequestLimitExceeded|Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestThrottled(Exception)?|SlowDown|LimitExceededException|BandwidthLimitExceeded)$/
const gone = /^(NoSuchBucket|NoSuchKey|NotFound|PermanentRedirect)$/
const network =
  /^(TimeoutError|NetworkingError|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ERR_TLS.*|CERT_.*)$/

/** The words of `accounts.health` for what the SDK threw; what is none of them is our own mistake and stays as it is. */
export function asCloudError(error: unknown, action: string): unknown {
  if (!(error instanceof Error) || error instanceof CloudError) return error
  const { name, code, $metadata } = error as Error & { code?: string; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode ?? 0
  const is = (pattern: RegExp) => pattern.test(name) || (code !== undefined && pattern.test(code))
  const as = (kind: CloudError['kind'], message: string) => new CloudError(kind, message, { cause: error })
  if (is(skewed) || skewedSignature.test(error.message))
    return as('wrong_clock', `The clock of this machine is minutes away from that of AWS (${name} from ${action}).`)
  if (is(badKey)) return as('bad_credentials', `AWS does not accept the access key (${name}).`)
  if (is(throttled)) return as('throttled', `AWS asks to slow down (${name} from ${action}).`)
  if (is(refused) || status === 403)
    return as(isDenied(error) ? 'denied' : 'missing_permission', sayRefusal(error, action))
  if (is(gone) && action.startsWith('s3:'))
    return as('bad_bill', `AWS found nothing where the bill should lie (${name} from ${action}).`)
  if (is(unknownHere)) return as('unreachable', `What answers in AWS's place does not know ${action} (${name}).`)
  if (isUnreadable(error))
    return as('unreachable', `What answered ${action} does not speak as AWS does (HTTP ${status}).`)
  if (is(network) || status >= 500)
    return new CloudError('unreachable', `AWS did not answer ${action} (${code ?? name}).`, {
      cause: error,
      silent: is(network),
    })
  return error
}

/** Neither an answer nor an error of the service: the client could not take it apart. */
const isUnreadable = (error: Error) =>
  '$response' in error && ['Error', 'SyntaxError', 'TypeError'].includes(error.name)

/** Policies of the organization stand above every policy of the account; "no … policy allows" and "explicit deny" are equal. */
const ofOrganization = /\b(service|resource) control policy\b/
const isDenied = ({ message }: Error) => ofOrganization.test(message)

/**
 * Which permission is missing: AWS names it itself in newer refusals, and who denies it. A deny from above or from the thing
 * itself is no gap in the key's policy, so that it names the thing too.
 */
function sayRefusal({ name, message }: Error, action: string): string {
  const [, named = action] = /not authorized to perform: ([\w-]+:\w+)/.exec(message) ?? []
  const [policy] = ofOrganization.exec(message) ?? []
  if (policy)
    return `A ${policy} of the AWS organization denies ${named} to this account. Only the administrator of the organization can allow it.`
  const [, denied] = /(explicit deny in an? [a-z -]+ policy)/.exec(message) ?? []
  const [, resource] = (denied && /on resource: "?(arn:[^\s"]*[^\s".,])/.exec(message)) || []
  return `The access key may not use ${named}${resource ? ` on ${resource}` : ''} (${denied ?? name}).`
}
