/**
 * The AWS stand-in: one address that speaks the wire protocols of the services below, so that the real SDK clients talk to it.
 * It checks signatures, pages as AWS does (in smaller pages on order), and throttles, refuses and fails on order.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { iamAction } from './aws-actions.ts'
import { AwsFault, isSignedWith, readRequest, type AwsReply, type AwsRequest } from './aws-request.ts'
import { inJson, services } from './aws-services.ts'
import type { SandboxAws } from './aws-state.ts'
import { answerSts } from './aws-sts.ts'
import { xml } from './aws-xml.ts'

/**
 * What should go wrong; without `service`, `region`, `action` or `permission` (its name in IAM) it goes wrong everywhere,
 * without `times` until `heal`. `denied` is a refusal by the organization.
 */
export type Trouble = {
  kind: 'throttled' | 'refused' | 'denied' | 'broken' | 'silent'
  service?: string
  region?: string
  action?: string
  permission?: string
  times?: number
}

export type AwsSandbox = {
  url: string
  /** The first of the accounts. */
  state: SandboxAws
  /** The last calls that came in, oldest first. */
  calls: { service: string; region: string; action: string }[]
  trouble: (trouble: Trouble) => void
  heal: () => void
  close: () => Promise<void>
}

/**
 * Starts the stand-in on a free port of this machine (or `port`) with one account or several, told apart by the key a
 * request is signed with. `now` is its clock: metrics of the future do not exist.
 */
export async function startAws(
  accounts: SandboxAws | [SandboxAws, ...SandboxAws[]],
  options: { port?: number; now?: () => Date } = {},
): Promise<AwsSandbox> {
  const now = options.now ?? (() => new Date())
  const states = Array.isArray(accounts) ? accounts : ([accounts] as const)
  const troubles: Trouble[] = []
  const calls: AwsSandbox['calls'] = []
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const request = readRequest(incoming, Buffer.concat(parts))
      if (!request) return send(response, { status: 403, body: 'This stand-in answers signed AWS requests only.' })
      if (calls.length === 10_000) calls.shift()
      calls.push({ service: request.service, region: request.region, action: request.action })
      const trouble = take(troubles, request)
      if (trouble?.kind !== 'silent') send(response, answer(states, request, { now: now(), trouble }))
    })
  })
  await new Promise<void>((listening) => server.listen(options.port ?? 0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state: states[0],
    calls,
    trouble: (trouble) => void troubles.push({ ...trouble }),
    heal: () => void troubles.splice(0),
    close: () => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}

/** The first trouble this request meets, used up once. */
function take(troubles: Trouble[], request: AwsRequest): Trouble | undefined {
  const fits = (wanted: string | undefined, is: string) => wanted === undefined || wanted === is
  const n = troubles.findIndex(
    (t) =>
      fits(t.service, request.service) &&
      fits(t.region, request.region) &&
      fits(t.action, request.action) &&
      fits(t.permission, iamAction(request)),
  )
  const found = troubles[n]
  if (found?.times !== undefined && (found.times -= 1) <= 0) troubles.splice(n, 1)
  return found
}

type Now = { now: Date; trouble: Trouble | undefined }

function answer(states: readonly SandboxAws[], request: AwsRequest, { now, trouble }: Now): AwsReply {
  try {
    const state = accountOf(states, request, now)
    if (trouble) throw faultOf(trouble, request, state)
    if (request.service === 'sts') return answerSts({ states, state, request, now })
    const service = services[request.service]
    if (!service) throw new AwsFault(400, 'InvalidAction', `The stand-in has no service ${request.service}.`)
    return service(state, request, now)
  } catch (error) {
    const known = error instanceof AwsFault
    return refusal(request, known ? error : new AwsFault(500, 'InternalFailure', String(error)))
  }
}

/** The account the key or session belongs to. Services name the same mistakes differently. */
function accountOf(states: readonly SandboxAws[], request: AwsRequest, now: Date): SandboxAws {
  const { accessKeyId, service } = request
  const [unknown, wrong, ended] = wordsOf[service] ?? wordsOf['sts']!
  const status = service === 'ec2' ? 401 : 403
  const state = states.find((each) => accessKeyId in each.keys || accessKeyId in (each.sessions ?? {}))
  if (!state) throw new AwsFault(status, unknown, 'AWS was not able to validate the provided access credentials')
  const session = state.sessions?.[accessKeyId]
  if (!isSignedWith(request, session?.secret ?? state.keys[accessKeyId]!))
    throw new AwsFault(status, wrong, 'The request signature does not match.')
  if (session && session.token !== request.headers['x-amz-security-token'])
    throw new AwsFault(status, unknown, 'The security token included in the request is invalid.')
  if (session && session.expires <= now) throw new AwsFault(400, ended, 'The security token is expired.')
  return state
}

/** An unknown key, a wrong secret, a session that has ended. */
const wordsOf: Record<string, [unknown: string, wrong: string, ended: string]> = {
  ec2: ['AuthFailure', 'AuthFailure', 'RequestExpired'],
  s3: ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken'],
  sts: ['InvalidClientTokenId', 'SignatureDoesNotMatch', 'ExpiredToken'],
}

function faultOf({ kind }: Trouble, request: AwsRequest, { accountId }: SandboxAws): AwsFault {
  const { service } = request
  if (kind === 'broken') return new AwsFault(500, 'InternalError', 'An internal error has occurred')
  if (kind === 'refused' || kind === 'denied') {
    const action = iamAction(request)
    const who = `User: arn:aws:iam::${accountId}:user/finops is not authorized to perform: ${action}`
    const why =
      kind === 'denied'
        ? 'with an explicit deny in a service control policy'
        : `because no identity-based policy allows the ${action} action`
    const code =
      service === 'ec2' ? 'UnauthorizedOperation' : `AccessDenied${inJson.includes(service) ? 'Exception' : ''}`
    return new AwsFault(inJson.includes(service) ? 400 : 403, code, `${who} ${why}`)
  }
  if (service === 's3') return new AwsFault(503, 'SlowDown', 'Please reduce your request rate.')
  if (service === 'kinesis') return new AwsFault(400, 'LimitExceededException', 'Rate exceeded for stream operations.')
  return service === 'ec2'
    ? new AwsFault(503, 'RequestLimitExceeded', 'Request limit exceeded.')
    : new AwsFault(400, 'Throttling', 'Rate exceeded')
}

/** An error in the words of the service's protocol. */
function refusal({ service, form }: AwsRequest, { status, code, message }: AwsFault): AwsReply {
  const error = { Type: 'Sender', Code: code, Message: message }
  const asXml = (body: string): AwsReply => ({ status, headers: { 'content-type': 'text/xml' }, body })
  if (service === 'ec2') return asXml(xml('Response', { Errors: { Error: error }, RequestID: 'sandbox' }))
  if (service === 's3') return asXml(xml('Error', error))
  if (inJson.includes(service) && !form.has('Action'))
    return {
      status,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ __type: `com.amazonaws.${service}#${code}`, message }),
    }
  return asXml(xml('ErrorResponse', { Error: error, RequestId: 'sandbox' }))
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: AwsReply): void {
  response.writeHead(status, { 'x-amzn-requestid': 'sandbox', ...headers })
  response.end(body)
}
