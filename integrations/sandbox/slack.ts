import { createApi, type Call } from './slack-api.ts'
import { createDelivery, type Delivery, type Parcel, type Postmark } from './slack-delivery.ts'
import { createDriver, type Driver } from './slack-driver.ts'
import { startEmulate } from './slack-emulate.ts'
import { createFaults, type Fault } from './slack-faults.ts'
import { createFront, listen } from './slack-front.ts'
import { createResponses } from './slack-responses.ts'
import { createSockets } from './slack-socket.ts'
import { type Change, createStore, type Message, type SlackFile, type SlackView } from './slack-store.ts'
import { createViews } from './slack-views.ts'
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
  /** Sends a hand-made payload to the bot. */
  deliver: (parcel: Parcel, payload: Json, postmark?: Postmark) => Promise<Delivery>
  /** Resolves when nothing has happened for `quiet` ms (60) and no request is open. Prefer `until` when you know what you wait for. */
  settled: (quiet?: number) => Promise<void>
  /** Resolves with the first truthy answer of `check`, asked after every change; rejects after `timeout` ms (5000). */
  until: <T>(check: () => T, timeout?: number) => Promise<NonNullable<T>>
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
  const setup = {
    team: options.team ?? demoTeam,
    app: options.app ?? demoApp,
    people: options.people ?? demoPeople,
    channels: options.channels ?? demoChannels,
    botToken: options.botToken ?? 'xoxb-sandbox',
    signingSecret: options.signingSecret ?? 'sandbox-signing-secret',
    now: options.now ?? Date.now,
  }
  const { team, app, people, now } = setup
  const store = createStore(options.stateFile)
  const faults = createFaults()
  const traffic = createTraffic(store.tell)
  const views = createViews({ store, team, app, people, now })
  const responses = createResponses({ store, app, now, baseUrl: () => url })
  let answer: (method: string, args: Json, token: string) => Promise<Json> = async () => ({
    ok: false,
    error: 'starting',
  })
  let emulatorUrl = ''

  const front = createFront({
    faults,
    store,
    responses,
    answer: (method, args, token) => answer(method, args, token),
    emulatorUrl: () => emulatorUrl,
    record: traffic.record,
    begin: traffic.begin,
  })
  const { server, url } = await listen(front.fetch, options.port ?? 0)
  const emulated = await startEmulate({ ...setup, baseUrl: url })
  emulatorUrl = emulated.url
  const sockets = createSockets(server, app.appId)
  const permalink = (channel: string, ts: string) =>
    options.pageUrl ? `${options.pageUrl}?channel=${channel}&message=${ts}` : undefined
  answer = createApi({ ...setup, emulated, store, views, openSocket: () => sockets.open(url), permalink })

  let eventsUrl = options.eventsUrl ?? (options.appUrl && `${options.appUrl}/slack/events`)
  const ackTimeout = options.ackTimeout ?? 3000
  const send = createDelivery({ eventsUrl: () => eventsUrl, ...setup, sockets, ackTimeout })
  const deliver = (parcel: Parcel, payload: Json, postmark?: Postmark) => {
    const done = traffic.begin()
    return send(parcel, payload, postmark).finally(done)
  }
  const parts = { ...setup, store, views, responses, emulated, deliver }
  const driver = createDriver({ ...parts, unfurlDomains: options.unfurlDomains ?? [] })
  const hints = { commands: options.commands ?? [], shortcuts: options.shortcuts ?? [] }

  return {
    ...driver,
    ...setup,
    ...readers(store, views),
    ...traffic.waiting(store.subscribe),
    url,
    apiUrl: `${url}/api/`,
    get commands() {
      return hints.commands
    },
    get shortcuts() {
      return hints.shortcuts
    },
    connect: (appUrl) => void (eventsUrl = `${appUrl}/slack/events`),
    offer: (given) => void Object.assign(hints, given),
    directChannel,
    fail: faults.add,
    heal: faults.clear,
    deliver,
    refreshSockets: sockets.refresh,
    async close() {
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await emulated.close()
      await store.flush()
    },
  }
}

function readers(store: ReturnType<typeof createStore>, views: ReturnType<typeof createViews>) {
  return {
    messages: (channel: string) => store.list(channel),
    message: store.message,
    conversation: (user: string, channel: string) => store.list(channel, user),
    ephemerals: (user: string, channel?: string) => store.ephemerals(user, channel),
    view: (user: string) => views.stackOf(user).at(-1),
    views: views.stackOf,
    home: (user: string) => store.homes[user],
    file(id: string) {
      const file = store.files[id]
      return file && { ...file, bytes: new Uint8Array(Buffer.from(file.bytes, 'base64')) }
    },
    subscribe: store.subscribe,
    dismiss(user: string, channel: string, ts: string) {
      if (store.message(channel, ts)?.to === user) store.remove(channel, ts)
    },
    reads: store.reads,
    markRead: store.markRead,
  }
}

/** Counts requests in both directions so that tests can wait for quiet. */
function createTraffic(tell: (change: Change) => void) {
  const calls: Call[] = []
  let open = 0
  let lastMove = Date.now()
  const moved = () => void (lastMove = Date.now())

  return {
    begin() {
      open += 1
      moved()
      return () => {
        open -= 1
        moved()
      }
    },
    record(call: Call) {
      calls.push(call)
      tell({ kind: 'call' })
    },
    waiting: (subscribe: (listener: (change: Change) => void) => () => void) => ({
      calls: (method?: string) => calls.filter((call) => !method || call.method === method),
      forgetCalls: () => void calls.splice(0),
      async settled(quiet = 60) {
        while (open > 0 || Date.now() - lastMove < quiet) await new Promise((resolve) => setTimeout(resolve, 10))
      },
      until<T>(check: () => T, timeout = 5000): Promise<NonNullable<T>> {
        return new Promise((resolve, reject) => {
          const stop = () => {
            clearTimeout(timer)
            clearInterval(pulse)
            unsubscribe()
          }
          const look = () => {
            const answer = check()
            if (!answer) return
            stop()
            resolve(answer)
          }
          const timer = setTimeout(() => {
            stop()
            reject(new Error(`Nothing in the Slack stand-in satisfied ${check.toString()} within ${timeout} ms.`))
          }, timeout)
          const pulse = setInterval(look, 50)
          const unsubscribe = subscribe(look)
          look()
        })
      },
    }),
  }
}
