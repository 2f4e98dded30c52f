import { createHmac } from 'node:crypto'
import { type Sockets } from './slack-socket.ts'
import { type Json } from './slack-workspace.ts'

/** What became of one request from Slack to the bot. `ms` is the time until the acknowledgement. */
export interface Delivery {
  via: 'http' | 'socket'
  status: number
  ms: number
  acked: boolean
  /** The acknowledgement's body: parsed JSON, or text, or null when empty. */
  body: Json | string | null
  /** Why there was no acknowledgement: `operation_timeout`, `connection_refused`, `http_<status>`. */
  error?: string
}

export type Parcel = 'command' | 'interactive' | 'event'

/** Liberties a test takes: a false signature, another time, a redelivery. */
export interface Postmark {
  signature?: string
  /** Seconds since the epoch. */
  timestamp?: number
  retry?: { num: number; reason: string }
}

export interface DeliveryOptions {
  eventsUrl: () => string | undefined
  signingSecret: string
  sockets: Sockets
  /** Slack waits three seconds for an acknowledgement. */
  ackTimeout: number
}

export type Deliver = (parcel: Parcel, payload: Json, postmark?: Postmark) => Promise<Delivery>

/** Sends to the bot as Slack does: over Socket Mode when the bot is connected that way, else a signed HTTP request. */
export function createDelivery(options: DeliveryOptions): Deliver {
  return async (parcel, payload, postmark = {}) => {
    const started = performance.now()
    const outcome =
      options.sockets.connected() && !postmark.signature
        ? await overSocket(options, parcel, { payload, postmark })
        : await overHttp(options, parcel, { payload, postmark })
    return { ...outcome, ms: Math.round((performance.now() - started) * 10) / 10 }
  }
}

interface Letter {
  payload: Json
  postmark: Postmark
}

async function overSocket({ sockets, ackTimeout }: DeliveryOptions, parcel: Parcel, { payload, postmark }: Letter) {
  const type = ({ command: 'slash_commands', interactive: 'interactive', event: 'events_api' } as const)[parcel]
  const { retry } = postmark
  const answer = await sockets.send(type, payload, { timeout: ackTimeout, ...(retry ? { retry } : {}) })
  const empty = !answer?.payload || Object.keys(answer.payload).length === 0
  const body = empty ? null : (answer.payload ?? null)
  if (!answer) return { via: 'socket' as const, status: 0, acked: false, body: null, error: 'operation_timeout' }
  return { via: 'socket' as const, status: 200, acked: true, body }
}

async function overHttp(options: DeliveryOptions, parcel: Parcel, letter: Letter) {
  const url = options.eventsUrl()
  const none = { via: 'http' as const, status: 0, acked: false, body: null }
  if (!url) return { ...none, error: 'no_request_url' }
  const raw = encode(parcel, letter.payload)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: raw,
      headers: headers(options.signingSecret, { parcel, raw, postmark: letter.postmark }),
      redirect: 'manual',
      signal: AbortSignal.timeout(options.ackTimeout),
    })
    const text = await response.text()
    const outcome = { via: 'http' as const, status: response.status, acked: response.ok, body: decode(text) }
    return response.ok ? outcome : { ...outcome, error: `http_${response.status}` }
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    return { ...none, error: late ? 'operation_timeout' : 'connection_refused' }
  }
}

function encode(parcel: Parcel, payload: Json): string {
  if (parcel === 'event') return JSON.stringify(payload)
  const fields = parcel === 'interactive' ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>)
  return new URLSearchParams(fields).toString()
}

function headers(secret: string, { parcel, raw, postmark }: { parcel: Parcel; raw: string; postmark: Postmark }) {
  const timestamp = String(postmark.timestamp ?? Math.floor(Date.now() / 1000))
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${raw}`).digest('hex')}`
  const { retry } = postmark
  return {
    'content-type': parcel === 'event' ? 'application/json' : 'application/x-www-form-urlencoded',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': postmark.signature ?? signature,
    ...(retry ? { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason } : {}),
  }
}

function decode(text: string): Json | string | null {
  if (!text) return null
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
