/** A signed AWS request, taken apart: which service and region it is for, and whether its signature is right. */
import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { s3Operation } from './aws-actions.ts'

export type AwsRequest = {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: Buffer
  /** From the scope of the signature: `Credential=<key>/<date>/<region>/<service>/aws4_request`. */
  accessKeyId: string
  region: string
  service: string
  /** The operation: form field `Action`, the target header, the path of savings plans, or what method, path and query of S3 mean. */
  action: string
  /** Fields of the Query protocol. */
  form: URLSearchParams
}

export type AwsReply = { status: number; headers?: Record<string, string>; body?: string | Buffer }

/** What a service says instead of an answer. */
export class AwsFault extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const scope =
  /Credential=([^/,\s]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=(\w+)/

/** Reads a request; an unsigned one has no service and is refused by the caller. */
export function readRequest(request: IncomingMessage, body: Buffer): AwsRequest | null {
  const found = scope.exec(request.headers.authorization ?? '')
  if (!found) return null
  const [, accessKeyId = '', , region = '', service = ''] = found
  const url = new URL(request.url ?? '/', 'http://sandbox')
  const form = new URLSearchParams(service === 's3' ? '' : body.toString('utf8'))
  const target = String(request.headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1)!
  const method = request.method ?? 'GET'
  const path = service === 'savingsplans' ? url.pathname.slice(1) : `${method} ${url.pathname}`
  const action = service === 's3' ? s3Operation(method, url) : (form.get('Action') ?? (target || path))
  return { method, url, headers: request.headers, body, accessKeyId, region, service, action, form }
}

const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Signature Version 4 with this secret: is it the one the request carries? */
export function isSignedWith(request: AwsRequest, secret: string): boolean {
  const found = scope.exec(request.headers.authorization ?? '')
  if (!found) return false
  const [, , date = '', region = '', service = '', names = '', signature] = found
  const query = [...request.url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`)
  const payload = String(request.headers['x-amz-content-sha256'] ?? hash(request.body))
  const canonical = [request.method, request.url.pathname, query.join('&'), headers.join(''), names, payload].join('\n')
  const place = `${date}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', String(request.headers['x-amz-date']), place, hash(canonical)].join('\n')
  const key = [region, service, 'aws4_request'].reduce(mac, mac(`AWS4${secret}`, date))
  return mac(key, text).toString('hex') === signature
}

const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
