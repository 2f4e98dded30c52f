/** Anything of Slack's: blocks, views, options, states. The page shows it as it is. */
export type Json = Record<string, unknown>

export interface ChatPerson {
  id: string
  name: string
  realName: string
  tz: string
  colour: string
  role: string
}

export interface ChatMessage {
  channel: string
  ts: string
  user: string
  /** Only this person sees the message. */
  to?: string
}

export interface ChatFile {
  name: string
  mimetype: string
  bytes: Uint8Array
}

/** What became of a request to the bot. */
export interface ChatDelivery {
  acked: boolean
  ms: number
  error?: string
}

export type ChatChange =
  | { kind: 'message'; channel: string; message: ChatMessage }
  | { kind: 'gone'; channel: string; ts: string; to?: string }
  | { kind: 'view'; user: string }
  | { kind: 'home'; user: string }
  | { kind: 'read'; user: string }
  | { kind: 'call' }

export interface ElementTarget {
  user: string
  message?: { channel: string; ts: string }
  view?: string
  blockId: string
  actionId: string
  value?: unknown
}

interface Place {
  channel: string
  ts: string
}

/** The workspace the page shows and acts on. Every act reaches the bot the way Slack would reach it. */
export interface Workspace {
  team: { id: string; name: string; domain: string }
  app: { userId: string; name: string; handle: string }
  people: ChatPerson[]
  channels: { id: string; name: string; topic: string; members: string[] }[]
  commands: { command: string; usage: string; about: string; examples?: string[] }[]
  shortcuts: { callbackId: string; name: string; kind: 'message' | 'global' }[]
  directChannel: (user: string) => string
  conversation: (user: string, channel: string) => ChatMessage[]
  views: (user: string) => object[]
  home: (user: string) => object | undefined
  file: (id: string) => ChatFile | undefined
  reads: (user: string) => Record<string, string>
  markRead: (user: string, channel: string, ts: string) => void
  dismiss: (user: string, channel: string, ts: string) => void
  subscribe: (listener: (change: ChatChange) => void) => () => void
  command: (input: { user: string; channel: string; command: string; text: string }) => Promise<ChatDelivery>
  say: (input: { user: string; channel: string; text: string; thread_ts?: string }) => Promise<{
    deliveries: ChatDelivery[]
  }>
  click: (target: ElementTarget) => Promise<ChatDelivery | undefined>
  suggest: (target: ElementTarget & { query: string }) => Promise<{
    delivery: ChatDelivery
    options: Json[]
    groups: Json[]
  }>
  submit: (input: {
    user: string
    view: string
    entries: { blockId: string; actionId: string; value: unknown }[]
  }) => Promise<{ delivery?: ChatDelivery; errors?: Record<string, string>; refused?: Json }>
  closeView: (input: { user: string; view: string; clear?: boolean }) => Promise<ChatDelivery | undefined>
  openHome: (input: { user: string; tab: 'home' | 'messages' }) => Promise<ChatDelivery>
  shortcut: (input: { user: string; callbackId: string; message?: Place }) => Promise<ChatDelivery>
  react: (input: { user: string; message: Place; name: string }) => Promise<ChatDelivery>
}
