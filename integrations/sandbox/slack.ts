import { type Answer, createApi, type Call } from './slack-api.ts'
import { createDelivery, type Delivery, type Parcel, type Postmark } from './slack-delivery.ts'
import { createDriver, type Driver } from './slack-driver.ts'
import { startEmulate } from './slack-emulate.ts'
import { createFaults, type Fault, type Faults } from './slack-faults.ts'
import { createFront, listen } from './slack-front.ts'
import { createResponses, type Responses } from './slack-responses.ts'
import { createSockets } from './slack-socket.ts'
import { type Change, createStore, type Message, type SlackFile, type SlackView, type Store } from './slack-store.ts'
import { createTraffic } from './slack-traffic.ts'
import { createViews, type Views } from './slack-views.ts'
import {
  type BotApp,
  type Channel,
  type CommandHint,
  demoApp,
  demoChannels,
  demoPeople,
  demoTeam,
  directChannel,
  type Json,
  type Person,
  type ShortcutHint,
  type Team,
} from './slack-workspace.ts'

export interface SlackSandboxOptions {
  team?: Team
  app?: BotApp
  people?: Person[]
  channels?: Channel[]
  botToken?: string
  signingSecret?: string
  /** The bot's address; requests go to `<appUrl>/slack/events`. May be given later with `connect`. */
  appUrl?: string
  /** The full request URL when it is not `<appUrl>/slack/events`. */
  eventsUrl?: string
  /** Where the chat page is; message links point there. */
  pageUrl?: string
  /** Domains whose links cause `link_shared`. */
  unfurlDomains?: string[]
  /** What the composer completes. */
  commands?: CommandHint[]
  shortcuts?: ShortcutHint[]
  /** A JSON file that keeps the conversation over a restart. */
  stateFile?: string
  /** Loopback port of the Web API; a free one by default. */
  port?: number
  /** Milliseconds Slack waits for an acknowledgement. */
  ackTimeout?: number
  /** The clock of triggers and response_urls, in milliseconds since the epoch. */
  now?: () => number
}

/** What the page and the tests know of the workspace, and everything a person can do in it. */
export interface SlackSandbox extends Driver {
  /** Address of the stand-in; `apiUrl` is what a WebClient takes as `slackApiUrl`. */
  url: string
  apiUrl: string
  botToken: string
  signingSecret: string
  team: Team
  app: BotApp
  people: Person[]
  channels: Channel[]
  commands: CommandHint[]
  shortcuts: ShortcutHint[]
  /** Says where the bot listens, once it does. */
  connect: (appUrl: string) => void
  /** Sets what the composer completes, when the list is known only after the start. */
  offer: (hints: { commands?: CommandHint[]; shortcuts?: ShortcutHint[] }) => void
  /** The conversation of a person with the bot. */
  directChannel: (user: string) => string
  /** Messages everyone in the conversation sees, oldest first. */
  messages: (channel: string) => Message[]
  message: (channel: string, ts: string) => Message | undefined
  /** Messages only this person sees. */
  ephemerals: (user: string, channel?: string) => Message[]
  /** Everything this person sees in the conversation, in order. */
  conversation: (user: string, channel: string) => Message[]
  /** The modal on top, and all open modals from the bottom up. */
  view: (user: string) => SlackView | undefined
  views: (user: string) => SlackView[]
  home: (user: string) => SlackView | undefined
  file: (id: string) => (SlackFile & { bytes: Uint8Array }) | undefined
  /** Web API calls since the start or the last `forgetCalls`; `method` narrows. */
  calls: (method?: string) => Call[]
  forgetCalls: () => void
  /** Makes coming Web API calls fail; returns how to take it back. */
  fail: (fault: Fault) => () => void
  heal: () => void
  /** A fresh trigger_id of this person, as every command and interaction carries one. */
  trigger: (user: string) => string
  /** A fresh response_url for what this person does in the channel. */
  responseUrl: (origin: { user: string; channel: string; ts?: string }) => string
  /** Sends a hand-made payload to the bot. */
  deliver: (parcel: Parcel, payload: Json, postmark?: Postmark) => Promise<Delivery>
  /** Resolves when nothing has happened for `quiet` ms (60) and no request is open. Prefer `until` when you know what you wait for. */
  settled: (quiet?: number) => Promise<void>
  /** Resolves with the first truthy answer of `check`, asked after every change; rejects after `timeout` ms (5000). */
  until: <T>(check: () => T, timeout?: number) => Promise<Exclude<NonNullable<T>, false>>
  subscribe: (listener: (change: Change) => void) => () => void
  dismiss: (user: string, channel: string, ts: string) => void
  reads: (user: string) => Record<string, string>
  markRead: (user: string, channel: string, ts: string) => void
  /** Asks Socket Mode clients to reconnect, as Slack does now and then. */
  refreshSockets: () => void
  close: () => Promise<void>
}

/**
 * Starts a stand-in for Slack on loopback: the Web API below `apiUrl`, response_urls, Socket Mode, and a driver that
 * sends the bot what Slack would send. Everything travels over HTTP (or the socket) and is signed.
 */
export async function startSlackSandbox(options: SlackSandboxOptions = {}): Promise<SlackSandbox> {
  const setup = defaults(options)
  const store = createStore(options.stateFile)
  const faults = createFaults()
  const traffic = createTraffic(store)
  const views = createViews({ ...setup, store })
  const address = { url: '' }
  const responses = createResponses({ ...setup, store, baseUrl: () => address.url })
  const wire = await startWire({ ...setup, options, store, faults, traffic, views, responses, address })

  let eventsUrl = options.eventsUrl ?? (options.appUrl && `${options.appUrl}/slack/events`)
  const connect = (appUrl: string) => void (eventsUrl = `${appUrl}/slack/events`)
  const { sockets, emulated } = wire
  const send = createDelivery({ ...setup, sockets, eventsUrl: () => eventsUrl, ackTimeout: options.ackTimeout ?? 3000 })
  const deliver = traffic.counted(send)
  const parts = { ...setup, store, views, responses, emulated, deliver }
  const driver = createDriver({ ...parts, unfurlDomains: options.unfurlDomains ?? [] })

  const hints = { commands: options.commands ?? [], shortcuts: options.shortcuts ?? [] }
  const sandbox = {
    ...driver,
    ...setup,
    ...createReaders(store, views),
    ...traffic.waiting,
    ...hints,
    url: address.url,
    apiUrl: `${address.url}/api/`,
    connect,
    deliver,
    directChannel,
    fail: faults.add,
    heal: faults.clear,
    trigger: views.trigger,
    responseUrl: responses.url,
    refreshSockets: sockets.refresh,
    offer: (given: Partial<typeof hints>) => void Object.assign(sandbox, given),
    close: () => wire.close().then(store.flush),
  }
  return sandbox
}

type Setup = ReturnType<typeof defaults>

interface WireDeps extends Setup {
  options: SlackSandboxOptions
  store: Store
  faults: Faults
  traffic: ReturnType<typeof createTraffic>
  views: Views
  responses: Responses
  /** Filled in when the front listens. */
  address: { url: string }
}

/** Starts what listens: the front, the emulator behind it, Socket Mode beside it. */
async function startWire(deps: WireDeps) {
  const { options, store, faults, traffic, views, responses, address } = deps
  const starting: Answer = async () => ({ ok: false, error: 'starting' })
  const behind = { answer: starting, emulatorUrl: '' }
  const front = createFront({
    faults,
    store,
    responses,
    record: traffic.record,
    begin: traffic.begin,
    answer: (method, args, token) => behind.answer(method, args, token),
    emulatorUrl: () => behind.emulatorUrl,
  })
  const { server, url } = await listen(front.fetch, options.port ?? 0)
  address.url = url
  const emulated = await startEmulate({ ...deps, baseUrl: url })
  const sockets = createSockets(server, deps.app.appId)
  const openSocket = () => sockets.open(url)
  behind.emulatorUrl = emulated.url
  behind.answer = createApi({ ...deps, emulated, store, views, openSocket, permalink: linker(options) })

  async function close() {
    await sockets.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await emulated.close()
  }
  return { emulated, sockets, close }
}

function linker({ pageUrl }: SlackSandboxOptions) {
  return (channel: string, ts: string) => pageUrl && `${pageUrl}?channel=${channel}&message=${ts}`
}

function defaults(options: SlackSandboxOptions) {
  return {
    team: options.team ?? demoTeam,
    app: options.app ?? demoApp,
    people: options.people ?? demoPeople,
    channels: options.channels ?? demoChannels,
    botToken: options.botToken ?? 'xoxb-sandbox',
    signingSecret: options.signingSecret ?? 'sandbox-signing-secret',
    now: options.now ?? Date.now,
  }
}

function createReaders(store: Store, views: Views) {
  function file(id: string) {
    const kept = store.files[id]
    return kept && { ...kept, bytes: new Uint8Array(Buffer.from(kept.bytes, 'base64')) }
  }
  function dismiss(user: string, channel: string, ts: string) {
    if (store.message(channel, ts)?.to === user) store.remove(channel, ts)
  }
  const { message, ephemerals, subscribe, reads, markRead } = store
  return {
    message,
    ephemerals,
    subscribe,
    reads,
    markRead,
    file,
    dismiss,
    messages: (channel: string) => store.list(channel),
    conversation: (user: string, channel: string) => store.list(channel, user),
    views: views.stackOf,
    view: (user: string) => views.stackOf(user).at(-1),
    home: (user: string) => store.homes[user],
  }
}
