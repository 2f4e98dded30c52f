/**
 * The Bolt app: one receiver, one listener per kind of payload that looks its item up in the catalogs, one error handler.
 * Before anything runs: who is this workspace, was this seen before, is somebody too fast.
 */
import type { RequestListener } from 'node:http'
import { App, HTTPReceiver, SocketModeReceiver, type Receiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { insertSeen } from '../db/queries/slack-seen.ts'
import type { Deps } from '../engine/context.ts'
import type { AnyHandler } from '../engine/worker.ts'
import { acknowledgeFirst, followWork, measureAcknowledgements } from './acknowledge.ts'
import { events } from './events/catalog.ts'
import { authorizer, type KnownTokens } from './install.ts'
import { handlers } from './jobs/catalog.ts'
import { onFailure, type Failure } from './failures.ts'
import { onAction, onCommand, onEvent, onShortcut } from './listeners.ts'
import { rateLimiter, TooFastError } from './rates.ts'
import { clientOptions } from './slack.ts'
import { onOptions, onSubmission } from './submissions.ts'

export type BotOptions = { deps: Deps } & (
  | { mode: 'http'; signingSecret: string }
  | { mode: 'socket'; appToken: string }
)

export type Bot = {
  /** Serves `POST /slack/events` on our one port; refuses with 401 what is unsigned, stale or from the future. */
  requestListener: RequestListener
  /** The jobs of the bot's queues. */
  handlers: AnyHandler[]
  /** Connects the socket in Socket Mode; nothing to do over HTTP. */
  start: () => Promise<void>
  /** Hears nothing more over the socket, and waits some seconds until what was heard is answered. */
  stop: () => Promise<void>
  app: App
}

/** Builds the bot over HTTP or, by one setting, Socket Mode. */
export function createBot(options: BotOptions): Bot {
  const { deps } = options
  const receiver = receiverOf(options)
  const known: KnownTokens = new Map()
  const app = new App({
    receiver,
    authorize: authorizer(deps, known),
    clientOptions: clientOptions(deps),
    extendedErrorHandler: true,
    convoStore: false,
    logger: boltLogger(deps.log),
    ignoreSelf: true,
  })
  acknowledgeFirst(app, { deps, known })
  measureAcknowledgements(app)
  const finished = followWork(app)
  guard(app, deps)
  app.command(/.*/, (args) => onCommand(deps, args))
  app.action(/.*/, (args) => onAction(deps, args))
  app.options(/.*/, (args) => onOptions(deps, args))
  app.view(/.*/, (args) => onSubmission(deps, args))
  app.shortcut(/.*/, (args) => onShortcut(deps, args))
  for (const one of events) app.event(one.name, (args) => onEvent(deps, one, args))
  app.error(async (args: Failure) => onFailure(deps, args))
  const socket = receiver instanceof SocketModeReceiver ? receiver : null
  return {
    app,
    handlers,
    requestListener: receiver instanceof HTTPReceiver ? timely(receiver.requestListener) : notFound,
    start: async () => {
      await socket?.start()
    },
    stop: async () => {
      await socket?.stop()
      await finished(4000)
    },
  }
}

function receiverOf(options: BotOptions): Receiver {
  const logger = boltLogger(options.deps.log)
  if (options.mode === 'socket')
    return new SocketModeReceiver({
      appToken: options.appToken,
      logger,
      installerOptions: { clientOptions: clientOptions(options.deps) },
    })
  return new HTTPReceiver({
    signingSecret: options.signingSecret,
    endpoints: '/slack/events',
    logger,
    bodyLimit: '1mb',
    customPropertiesExtractor: ({ headers }) => ({ signature: headers['x-slack-signature'] }),
  })
}

/** A replayed request or a redelivered event has no second effect (IC-14), and a person too fast is told so (S18). */
function guard(app: App, deps: Deps): void {
  const rates = rateLimiter()
  app.use(async (args) => {
    const { body, context, next } = args
    const ack = 'ack' in args ? (args.ack as () => Promise<void>) : async () => {}
    const event = 'event_id' in body ? String(body.event_id) : null
    const key = event ? `event ${event}` : context['signature'] ? `signature ${String(context['signature'])}` : null
    if (key && !(await insertSeen(deps.db, { key, at: deps.now() }))) return ack()
    const verdict =
      event || !context.userId ? { ok: true as const } : rates.allow(`${context.teamId} ${context.userId}`, Date.now())
    if (verdict.ok) return next()
    await ack()
    if (verdict.told) return
    throw new TooFastError(verdict.seconds)
  })
}

const tolerance = 300

/** Bolt refuses stale timestamps only; this also refuses the future and what is no number. */
function timely(listener: RequestListener): RequestListener {
  return (request, response) => {
    const stamp = request.headers['x-slack-request-timestamp']
    const seconds = typeof stamp === 'string' && /^\d{1,12}$/.test(stamp) ? Number(stamp) : NaN
    if (!(Math.abs(Date.now() / 1000 - seconds) <= tolerance)) return void response.writeHead(401).end()
    try {
      listener(request, response)
    } catch {
      // Bolt throws for a path that is not its own.
      response.writeHead(404).end()
    }
  }
}

const notFound: RequestListener = (_, response) => void response.writeHead(404).end()

/** Bolt's log lines in ours, without bodies: its debug level prints payloads, so it is off. */
function boltLogger(log: Logger) {
  const line = (...parts: unknown[]) =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ')
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts: unknown[]) => log.info({ bolt: line(...parts) }, 'bolt'),
    error: (...parts: unknown[]) => log.warn({ bolt: line(...parts) }, 'bolt'),
    setLevel: () => {},
    getLevel: () => 'warn' as never,
    setName: () => {},
  }
}
