import { checkBlocks } from './slack-limits.ts'
import { type Message, type Store } from './slack-store.ts'
import { newId, refuse, withBlockIds } from './slack-views.ts'
import { asText, type BotApp, type Json } from './slack-workspace.ts'

/** Slack: a response_url answers five times within thirty minutes. */
const uses = 5
const life = 30 * 60_000

/** What a response_url belongs to: who clicked or typed where, and on which message. */
export interface ResponseOrigin {
  user: string
  channel: string
  ts?: string
  thread_ts?: string
}

export type Responses = ReturnType<typeof createResponses>

/** The addresses behind `response_url`, and what posting to one does to the conversation. */
export function createResponses(deps: { store: Store; app: BotApp; now: () => number; baseUrl: () => string }) {
  const { store, app, now, baseUrl } = deps
  const open = new Map<string, { origin: ResponseOrigin; at: number; left: number }>()
  const hasFile = (id: string) => id in store.files

  /** Posts, edits or deletes for an origin; used for response_urls and for the body of a command's acknowledgement. */
  function respond(origin: ResponseOrigin, body: Json): Json {
    if (body['delete_original'] === true) {
      if (origin.ts) store.remove(origin.channel, origin.ts)
      return { ok: true }
    }
    const blocks = body['blocks'] === undefined ? undefined : withBlockIds(parse(body['blocks']))
    const problems = checkBlocks(blocks ?? [], 'message', hasFile)
    if (problems.length > 0) return refuse('invalid_blocks', problems)
    const text = asText(body['text'] ?? '')
    if (!text && !blocks?.length && !body['attachments']) return refuse('no_text')
    const content = {
      text,
      ...(blocks ? { blocks } : {}),
      ...(body['attachments'] ? { attachments: body['attachments'] as Json[] } : {}),
    }
    const original = origin.ts ? store.message(origin.channel, origin.ts) : undefined
    if (body['replace_original'] === true && original) {
      store.put({ ...without(original, 'blocks', 'attachments'), ...content, ...edited(original, app) })
      return { ok: true }
    }
    const thread = body['thread_ts'] ?? (body['replace_original'] === true ? undefined : origin.thread_ts)
    store.put({
      channel: origin.channel,
      ts: ownTs(),
      user: app.userId,
      ...content,
      ...(typeof thread === 'string' ? { thread_ts: thread } : {}),
      ...(body['response_type'] === 'in_channel' ? {} : { to: origin.user }),
    })
    return { ok: true }
  }

  function url(origin: ResponseOrigin) {
    for (const [old, { at }] of open) if (now() - at > 2 * life) open.delete(old)
    const id = newId('R')
    open.set(id, { origin, at: now(), left: uses })
    return `${baseUrl()}/response/${id}`
  }

  /** One POST to a response_url: status and body of the answer. */
  function take(id: string, body: Json): { status: 200 | 400 | 404; body: Json } {
    const found = open.get(id)
    if (!found) return { status: 404, body: refuse('invalid_url') }
    if (now() - found.at > life) return { status: 404, body: refuse('expired_url') }
    if (found.left <= 0) return { status: 404, body: refuse('used_url') }
    found.left -= 1
    const answer = respond(found.origin, body)
    return { status: answer['ok'] === true ? 200 : 400, body: answer }
  }

  return { respond, url, take }
}

/** The mark of an edited message; a person's own view of an ephemeral one has none. */
export function edited(message: Message, app: BotApp): Partial<Message> {
  return message.to ? {} : { edited: { user: app.userId, ts: ownTs() } }
}

let counter = 500_000
/** A timestamp for messages the front makes itself; the emulator counts from 1, so these never meet. */
export function ownTs(): string {
  counter = counter >= 999_999 ? 500_000 : counter + 1
  return `${Math.floor(Date.now() / 1000)}.${counter}`
}

/** A copy without the named fields. */
export function without<T extends object>(value: T, ...names: (keyof T)[]): T {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as keyof T))) as T
}

function parse(value: unknown): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : value
}
