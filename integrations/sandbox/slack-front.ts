import { createServer, type Server } from 'node:http'
import { type HttpBindings, serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { type Answer, type Call } from './slack-api.ts'
import { type Fault, type Faults } from './slack-faults.ts'
import { type Responses } from './slack-responses.ts'
import { type Store } from './slack-store.ts'
import { asText, type Json } from './slack-workspace.ts'

export interface FrontDeps {
  faults: Faults
  store: Store
  responses: Responses
  answer: Answer
  emulatorUrl: () => string
  record: (call: Call) => void
  /** Counts a request as work in progress until the returned function is called. */
  begin: () => () => void
}

type Env = { Bindings: HttpBindings }

/** The HTTP face of the stand-in: Web API, response_urls, file uploads and downloads. */
export function createFront(deps: FrontDeps): Hono<Env> {
  const { responses, store, emulatorUrl } = deps
  return new Hono<Env>()
    .all('/api/:method', (c) => webApi(c, deps))
    .post('/response/:id', async (c) => {
      const done = deps.begin()
      try {
        const failed = await owed(c, deps.faults, 'response_url')
        if (failed) return failed.response
        const { status, body } = responses.take(c.req.param('id'), await c.req.json<Json>())
        return status === 200 ? c.text('ok') : c.json(body, status)
      } finally {
        done()
      }
    })
    .post('/upload/v1/:id', async (c) => {
      const id = c.req.param('id')
      const bytes = await uploaded(c)
      const passed = await fetch(`${emulatorUrl()}/upload/v1/${id}`, { method: 'POST', body: Buffer.from(bytes) })
      if (passed.ok)
        store.saveFile({ id, name: id, title: id, mimetype: 'application/octet-stream', size: bytes.length }, bytes)
      return c.text(await passed.text(), passed.ok ? 200 : 400)
    })
    .get('/files-pri/:id/:name', (c) => {
      const file = store.files[c.req.param('id')]
      if (!file) return c.text('Not found', 404)
      return c.body(Buffer.from(file.bytes, 'base64'), 200, { 'content-type': file.mimetype })
    })
    .get('/', (c) => c.text('Slack stand-in. The Web API is below /api/.'))
}

/** Starts the server on a free (or given) loopback port; resolves when it listens. */
export async function listen(fetch: Hono<Env>['fetch'], port: number): Promise<{ server: Server; url: string }> {
  return new Promise((resolve) => {
    const server = serve({ fetch, port, hostname: '127.0.0.1', createServer }, (info) =>
      resolve({ server: server as Server, url: `http://127.0.0.1:${info.port}` }),
    )
  })
}

async function webApi(c: Context<Env>, deps: FrontDeps): Promise<Response> {
  const done = deps.begin()
  try {
    const method = c.req.param('method') ?? ''
    const { token, ...args } = await argumentsOf(c)
    const bearer = c.req.header('authorization')?.replace(/^Bearer /, '') ?? asText(token ?? '')
    const note = (response: Json) =>
      deps.record({ method, args, response, ok: response['ok'] === true, at: Date.now() })
    const failed = await owed(c, deps.faults, method)
    if (failed) {
      note({ ok: false, error: failed.error })
      return failed.response
    }
    const response = await deps.answer(method, args, bearer)
    note(response)
    return c.json(response)
  } finally {
    done()
  }
}

/** The failure this call is owed, after its delay; undefined when it goes well. */
async function owed(c: Context<Env>, faults: Faults, method: string) {
  const fault = faults.next(method)
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms))
  return fault && fault.kind !== 'slow' ? fail(c, fault) : undefined
}

function fail(c: Context<Env>, fault: Exclude<Fault, { kind: 'slow' }>) {
  if (fault.kind === 'down') c.env.incoming.socket.destroy()
  if (fault.kind === 'rate_limited') c.header('retry-after', String(fault.retryAfter ?? 1))
  const error = fault.kind === 'error' ? fault.error : fault.kind === 'rate_limited' ? 'ratelimited' : fault.kind
  const status = ({ rate_limited: 429, server_error: 500, down: 503, error: 200 } as const)[fault.kind]
  return { error, response: c.json({ ok: false, error }, status) }
}

/** Arguments of a call: query, form or JSON; in forms Slack's structured arguments are JSON texts. */
async function argumentsOf(c: Context<Env>): Promise<Json> {
  const query = c.req.query()
  if (c.req.method === 'GET') return query
  const raw = await c.req.text()
  if ((c.req.header('content-type') ?? '').includes('json')) return { ...query, ...(JSON.parse(raw || '{}') as Json) }
  return Object.fromEntries([...new URLSearchParams(raw)].map(([name, value]) => [name, structured(name, value)]))
}

const structuredNames = new Set(['blocks', 'attachments', 'view', 'files', 'metadata', 'unfurls', 'user_auth_blocks'])

function structured(name: string, value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true'
  if (!structuredNames.has(name)) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

/** The bytes of an upload, sent bare or as a form's file. */
async function uploaded(c: Context<Env>): Promise<Uint8Array> {
  if (!(c.req.header('content-type') ?? '').includes('multipart')) return new Uint8Array(await c.req.arrayBuffer())
  const parts = Object.values(await c.req.parseBody())
  const file = parts.find((part) => part instanceof File)
  return file ? new Uint8Array(await file.arrayBuffer()) : new TextEncoder().encode(asText(parts[0] ?? ''))
}
