import { createWriter, readState } from './slack-state.ts'
import { type Json } from './slack-workspace.ts'

/** A message as people see it. `to` is set on an ephemeral one and names the only reader. */
export interface Message {
  channel: string
  ts: string
  user: string
  text: string
  blocks?: Json[]
  attachments?: Json[]
  files?: SlackFile[]
  thread_ts?: string
  reply_broadcast?: boolean
  edited?: { user: string; ts: string }
  reactions?: { name: string; users: string[] }[]
  metadata?: Json
  to?: string
}

export interface SlackFile {
  id: string
  name: string
  title: string
  mimetype: string
  size: number
}

/** A modal or a home tab, in Slack's own shape. */
export interface SlackView {
  id: string
  team_id: string
  type: 'modal' | 'home'
  callback_id: string
  external_id: string
  private_metadata: string
  title: Json | null
  submit: Json | null
  close: Json | null
  blocks: Json[]
  state: { values: ViewValues }
  hash: string
  clear_on_close: boolean
  notify_on_close: boolean
  root_view_id: string
  previous_view_id: string | null
  app_id: string
  bot_id: string
}

export type ViewValues = Record<string, Record<string, Json>>

/** What changed, for pages that follow along and for waiting tests. */
export type Change =
  | { kind: 'message'; channel: string; message: Message }
  | { kind: 'gone'; channel: string; ts: string; to?: string }
  | { kind: 'view'; user: string }
  | { kind: 'home'; user: string }
  | { kind: 'read'; user: string }
  | { kind: 'call' }

interface Kept {
  messages: Message[]
  homes: Record<string, SlackView>
  files: Record<string, SlackFile & { bytes: string }>
  reads: Record<string, Record<string, string>>
}

export type Store = ReturnType<typeof createStore>

/** Enough for a demonstration; what is older is forgotten so that the state file stays small. */
const keptFiles = 60
const keptMessages = 3000

/**
 * Keeps what the workspace shows: messages in the order they came (ephemeral ones too), open modals, home tabs, files.
 * With `stateFile` it starts from that JSON and writes it after every change.
 */
export function createStore(stateFile?: string) {
  const kept = readState<Kept>(stateFile, { messages: [], homes: {}, files: {}, reads: {} })
  const stacks = new Map<string, SlackView[]>()
  const listeners = new Set<(change: Change) => void>()
  const writer = createWriter(stateFile, () => ({ ...kept, messages: conversation.all() }))

  function tell(change: Change) {
    if (change.kind !== 'call') writer.schedule()
    for (const listener of listeners) listener(change)
  }
  function subscribe(listener: (change: Change) => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  function markRead(user: string, channel: string, ts: string) {
    const reads = (kept.reads[user] ??= {})
    if (reads[channel] === ts) return
    reads[channel] = ts
    tell({ kind: 'read', user })
  }
  function saveFile(file: SlackFile, bytes: Uint8Array) {
    kept.files[file.id] = { ...file, bytes: Buffer.from(bytes).toString('base64') }
    for (const old of Object.keys(kept.files).slice(0, -keptFiles)) delete kept.files[old]
    writer.schedule()
  }
  function setStack(user: string, views: SlackView[]) {
    stacks.set(user, views)
    tell({ kind: 'view', user })
  }
  function setHome(user: string, view: SlackView) {
    kept.homes[user] = view
    tell({ kind: 'home', user })
  }

  const conversation = createMessages(kept.messages, tell)
  const views = { stacks, homes: kept.homes, setStack, setHome }
  const files = { files: kept.files, saveFile }
  const reading = { reads: (user: string) => kept.reads[user] ?? {}, markRead }
  return { ...conversation, ...views, ...files, ...reading, tell, subscribe, flush: writer.flush }
}

function createMessages(earlier: Message[], tell: (change: Change) => void) {
  const key = (channel: string, ts: string) => `${channel}:${ts}`
  const messages = new Map(earlier.map((message) => [key(message.channel, message.ts), message]))
  const all = () => [...messages.values()]

  function put(message: Message) {
    messages.set(key(message.channel, message.ts), message)
    const [oldest] = messages.keys()
    if (messages.size > keptMessages && oldest) messages.delete(oldest)
    tell({ kind: 'message', channel: message.channel, message })
    return message
  }
  function remove(channel: string, ts: string) {
    const message = messages.get(key(channel, ts))
    if (!message) return
    messages.delete(key(channel, ts))
    tell({ kind: 'gone', channel, ts, ...(message.to ? { to: message.to } : {}) })
  }
  return {
    all,
    put,
    remove,
    message: (channel: string, ts: string) => messages.get(key(channel, ts)),
    /** Messages of a conversation in order; `reader` adds those only this person sees. */
    list: (channel: string, reader?: string) =>
      all().filter((message) => message.channel === channel && (!message.to || message.to === reader)),
    ephemerals: (user: string, channel?: string) =>
      all().filter((message) => message.to === user && (!channel || message.channel === channel)),
  }
}
