import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
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

/**
 * Keeps what the workspace shows: messages in the order they came (ephemeral ones too), open modals, home tabs, files.
 * With `stateFile` it starts from that JSON and writes it, whole and at most twice a second, after every change.
 */
export function createStore(stateFile?: string) {
  const kept = read(stateFile)
  const messages = new Map(kept.messages.map((message) => [key(message.channel, message.ts), message]))
  const stacks = new Map<string, SlackView[]>()
  const listeners = new Set<(change: Change) => void>()
  const writer = createWriter(stateFile, () => ({ ...kept, messages: [...messages.values()] }))

  function tell(change: Change) {
    if (change.kind !== 'call') writer.schedule()
    for (const listener of listeners) listener(change)
  }

  return {
    homes: kept.homes,
    files: kept.files,
    stacks,
    tell,
    flush: writer.flush,
    subscribe(listener: (change: Change) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    message: (channel: string, ts: string) => messages.get(key(channel, ts)),
    /** Messages of a conversation in order; `reader` adds those only this person sees. */
    list(channel: string, reader?: string) {
      return [...messages.values()].filter(
        (message) => message.channel === channel && (!message.to || message.to === reader),
      )
    },
    ephemerals: (user: string, channel?: string) =>
      [...messages.values()].filter((each) => each.to === user && (!channel || each.channel === channel)),
    put(message: Message) {
      messages.set(key(message.channel, message.ts), message)
      tell({ kind: 'message', channel: message.channel, message })
      return message
    },
    remove(channel: string, ts: string) {
      const message = messages.get(key(channel, ts))
      if (!message) return false
      messages.delete(key(channel, ts))
      tell({ kind: 'gone', channel, ts, ...(message.to ? { to: message.to } : {}) })
      return true
    },
    reads: (user: string) => kept.reads[user] ?? {},
    markRead(user: string, channel: string, ts: string) {
      const reads = (kept.reads[user] ??= {})
      if (reads[channel] === ts) return
      reads[channel] = ts
      tell({ kind: 'read', user })
    },
    saveFile(file: SlackFile, bytes: Uint8Array) {
      kept.files[file.id] = { ...file, bytes: Buffer.from(bytes).toString('base64') }
      for (const old of Object.keys(kept.files).slice(0, -keptFiles)) delete kept.files[old]
      writer.schedule()
    },
    setStack(user: string, views: SlackView[]) {
      stacks.set(user, views)
      tell({ kind: 'view', user })
    },
    setHome(user: string, view: SlackView) {
      kept.homes[user] = view
      tell({ kind: 'home', user })
    },
  }
}

/** Enough for a demonstration; older files of a long conversation are forgotten so that the state file stays small. */
const keptFiles = 60

function key(channel: string, ts: string) {
  return `${channel}:${ts}`
}

function read(stateFile?: string): Kept {
  const empty: Kept = { messages: [], homes: {}, files: {}, reads: {} }
  if (!stateFile) return empty
  try {
    return { ...empty, ...(JSON.parse(readFileSync(stateFile, 'utf8')) as Partial<Kept>) }
  } catch {
    // A missing or torn file only loses the earlier conversation of a stand-in.
    return empty
  }
}

function createWriter(stateFile: string | undefined, snapshot: () => Kept) {
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  async function write(file: string) {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, JSON.stringify(snapshot()), { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  function flush() {
    clearTimeout(timer)
    timer = undefined
    if (stateFile) writing = writing.then(() => write(stateFile))
    return writing
  }
  return {
    flush,
    schedule() {
      if (!stateFile || timer) return
      timer = setTimeout(() => void flush(), 500)
      timer.unref()
    },
  }
}
