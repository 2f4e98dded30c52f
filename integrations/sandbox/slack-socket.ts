import { randomUUID } from 'node:crypto'
import { type Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Json } from './slack-workspace.ts'

export type Sockets = ReturnType<typeof createSockets>
type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api'
interface Retry {
  num: number
  reason: string
}

/** Socket Mode: the bot asks `apps.connections.open`, connects, is greeted, and gets envelopes it must acknowledge. */
export function createSockets(server: Server, appId: string) {
  const sockets = new WebSocketServer({ noServer: true })
  const tickets = new Set<string>()
  const waiting = new Map<string, (payload: Json | undefined) => void>()
  const ready: WebSocket[] = []

  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', 'http://local').searchParams.get('ticket') ?? ''
    if (!tickets.delete(ticket)) return socket.destroy()
    sockets.handleUpgrade(request, socket, head, (connected) => {
      const forget = () => void (ready.includes(connected) && ready.splice(ready.indexOf(connected), 1))
      ready.push(connected)
      connected.on('close', forget)
      connected.on('error', forget)
      connected.on('message', (data) => hear((data as Buffer).toString()))
      connected.send(greeting(ready.length, appId))
    })
  })

  function hear(text: string) {
    const answer = JSON.parse(text) as { envelope_id?: string; payload?: Json }
    waiting.get(answer.envelope_id ?? '')?.(answer.payload)
  }

  /** Sends one envelope and waits for its acknowledgement; undefined when none came in time. */
  async function send(type: EnvelopeType, payload: Json, options: { timeout: number; retry?: Retry }) {
    const id = randomUUID()
    const acked = new Promise<{ payload: Json | undefined } | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), options.timeout)
      waiting.set(id, (answer) => {
        clearTimeout(timer)
        resolve({ payload: answer })
      })
    })
    const retry = options.retry ? { retry_attempt: options.retry.num, retry_reason: options.retry.reason } : {}
    const accepts = type !== 'events_api'
    ready[0]?.send(JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: accepts, ...retry }))
    return acked.finally(() => waiting.delete(id))
  }

  /** The answer of `apps.connections.open`: an address good for one connection. */
  function open(baseUrl: string): Json {
    const ticket = randomUUID()
    tickets.add(ticket)
    return { ok: true, url: `${baseUrl.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${appId}` }
  }

  /** Tells every connection that Slack wants it to reconnect. */
  function refresh() {
    for (const socket of ready) socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }))
  }

  return { connected: () => ready.length > 0, open, send, refresh, close: () => hangUp(sockets) }
}

function greeting(connections: number, appId: string): string {
  return JSON.stringify({
    type: 'hello',
    num_connections: connections,
    connection_info: { app_id: appId },
    debug_info: { host: 'sandbox', approximate_connection_time: 3600 },
  })
}

/** Says goodbye to every connection and drops those that do not answer. */
async function hangUp(sockets: WebSocketServer) {
  for (const socket of sockets.clients) socket.close(1001)
  for (let waited = 0; sockets.clients.size > 0 && waited < 200; waited += 10)
    await new Promise((resolve) => setTimeout(resolve, 10))
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
}
