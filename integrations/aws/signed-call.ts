/**
 * One call of an AWS JSON service that has no SDK client here (the price list): signed with Signature Version 4, tried
 * again when AWS asks to slow down or stumbles. AWS General Reference, "Create a signed AWS API request".
 */
import { createHash, createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Credentials } from '../cloud.ts'
import { asCloudError, type AwsOptions } from './client.ts'
import { awsCredentials } from './credentials.ts'

export type SignedCall = {
  credentials: Credentials
  /** Signing name, e.g. `pricing`; `host` is where it answers when no endpoint is given. */
  service: string
  host: string
  region: string
  /** Service and operation, e.g. `AWSPriceListService.GetProducts`. */
  target: string
  input: Record<string, unknown>
}

/** Makes the call and returns the parsed answer. Throws `CloudError` like the SDK calls do. */
export async function callSigned(options: AwsOptions, call: SignedCall): Promise<Record<string, unknown>> {
  const attempts = options.attempts ?? 5
  for (let attempt = 1; ; attempt += 1) {
    const error = await send(options, call).catch((thrown: unknown) => thrown)
    if (!(error instanceof Error)) return error as Record<string, unknown>
    const known = asCloudError(error, `${call.service}:${call.target.split('.').at(-1)}`)
    const passes =
      known instanceof Error && 'kind' in known && ['throttled', 'unreachable'].includes(String(known.kind))
    if (!passes || attempt >= attempts) throw known
    await pause(Math.random() * 200 * 2 ** attempt)
  }
}

async function send(options: AwsOptions, call: SignedCall): Promise<Record<string, unknown>> {
  const url = new URL(options.endpoint ?? `https://${call.host}`)
  const body = JSON.stringify(call.input)
  const headers = sign(call, { host: url.host, body, at: new Date() })
  const signal = AbortSignal.timeout(options.timeoutMs ?? 30_000)
  const response = await fetch(url, { method: 'POST', headers, body, signal }).catch((error: unknown) => {
    throw Object.assign(new Error(String(error)), { name: 'NetworkingError' })
  })
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>
  if (response.ok) return answer
  const type = answer['__type']
  const name = typeof type === 'string' ? type.split('#').at(-1)! : `HTTP ${response.status}`
  throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode: response.status } })
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

function sign(
  { credentials, service, region, target }: SignedCall,
  { host, body, at }: { host: string; body: string; at: Date },
): Record<string, string> {
  const { accessKeyId, secretAccessKey } = awsCredentials.parse(credentials)
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const headers = { 'content-type': 'application/x-amz-json-1.1', host, 'x-amz-date': time, 'x-amz-target': target }
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const names = Object.keys(headers).join(';')
  const scope = [time.slice(0, 8), region, service, 'aws4_request']
  const canonical = ['POST', '/', '', lines.join(''), names, hash(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), hash(canonical)].join('\n')
  const signature = mac(scope.reduce<string | Buffer>(mac, `AWS4${secretAccessKey}`), text).toString('hex')
  const credential = `Credential=${accessKeyId}/${scope.join('/')}`
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}` }
}
