/** Starts the parts named in PARTS on one port and stops them in reverse order. `npm start` runs this. */
import { getRequestListener } from '@hono/node-server'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { createBot, type Bot } from './bot/app.ts'
import { hints } from './bot/hints.ts'
import { installWorkspace } from './bot/install.ts'
import { profileOf } from './bot/link.ts'
import { clientFor } from './bot/slack.ts'
import { readConfig, type Config } from './config.ts'
import { listManagers, listOrganizations } from './db/queries/organizations.ts'
import { listSlackUsers, upsertLink } from './db/queries/slack-links.ts'
import { contextFor, type Deps } from './engine/context.ts'
import { handlers as engineHandlers } from './engine/jobs/catalog.ts'
import { createOrganization } from './engine/organizations/organization.ts'
import { setOwnZone } from './engine/organizations/slack-link.ts'
import { work } from './engine/worker.ts'
import { openInstallation, publicUrl, type Installation } from './installation.ts'
import { startStandIns, type StandIns } from './integrations/sandbox/stand-ins.ts'
import { loadDemo, recallCleanUp } from './sandbox.ts'
import { createWeb } from './web/app.ts'
import { createChatPage } from './web/sandbox/chat.ts'

const config = readOrExit()
let answer: RequestListener = (_, response) =>
  void response.writeHead(503, { 'retry-after': '2' }).end('MegaOps FinOps is starting. Come back in a moment.\n')
let stopping = false
/** A bill of some GiB over a slow line is one request. */
const uploadMs = 6 * 3_600_000
const closers: (() => Promise<unknown>)[] = []
/** What is being answered; a page that listens for changes never ends by itself and is not waited for. */
const answering = new Set<ServerResponse>()
const server = await listen(config, (request, response) => {
  if (request.headers.accept !== 'text/event-stream') answering.add(response)
  response.once('close', () => answering.delete(response))
  answer(request, response)
})
stopOnSignals()
let opening: Promise<Installation> | undefined
await start().catch((error: unknown) => stop({ error }))

/** Opens what the parts need in order, puts every end into `closers`, and says when all is up. */
async function start(): Promise<void> {
  console.log(`Opening the database ${config.DATABASE_URL ? 'of DATABASE_URL' : `in ${config.DATA_DIR}`} …`)
  const standIns = config.sandbox ? await openStandIns(config) : null
  if (standIns) closers.push(standIns.stop)
  opening = openInstallation(config, { standIns })
  const installation = await opening
  closers.push(installation.close)
  if (stopping) return
  await assertSameKind(installation, config)
  const bot = config.PARTS.includes('bot') ? openBot(installation, config, standIns) : null
  if (bot) closers.push(bot.stop)
  answer = route(installation, { config, bot, standIns })
  standIns?.slack.connect(`http://127.0.0.1:${config.PORT}`)
  standIns?.slack.offer(hints())
  const handlers = [...(config.PARTS.includes('engine') ? engineHandlers : []), ...(bot?.handlers ?? [])]
  if (standIns) await recallCleanUp(installation.deps, standIns)
  await work(installation.boss, installation.deps, handlers)
  if (standIns) await loadDemo(installation.deps, { standIns, say: console.log })
  else if (bot) await firstStart(installation, config)
  await bot?.start()
  announce(installation, standIns)
}

function readOrExit(): Config {
  try {
    return readConfig()
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}

async function openStandIns({ DATA_DIR, ...rest }: Config): Promise<StandIns> {
  const folder = join(DATA_DIR, 'sandbox')
  return startStandIns({ folder, pageUrl: `${publicUrl({ DATA_DIR, ...rest })}/chat`, now: () => new Date() })
}

function openBot({ deps }: Installation, config: Config, standIns: StandIns | null): Bot {
  if (config.SLACK_MODE === 'socket' && config.SLACK_APP_TOKEN)
    return createBot({ deps, mode: 'socket', appToken: config.SLACK_APP_TOKEN.reveal() })
  const signingSecret = standIns?.slack.signingSecret ?? config.SLACK_SIGNING_SECRET!.reveal()
  return createBot({ deps, mode: 'http', signingSecret })
}

/** Slack's requests go to Bolt's own receiver, everything else to the web view; the sandbox adds the chat page. */
function route(
  { deps }: Installation,
  { config, bot, standIns }: { config: Config; bot: Bot | null; standIns: StandIns | null },
): RequestListener {
  const pages = new Hono()
  if (standIns) {
    pages.route('/chat', createChatPage(standIns.slack))
    pages.get('/', (c, next) =>
      /(^|; )(__Host-)?finops=/.test(c.req.header('cookie') ?? '') ? next() : Promise.resolve(c.redirect('/chat')),
    )
  }
  if (config.PARTS.includes('web'))
    pages.mount(
      '/',
      createWeb({ ...deps, ...(config.METRICS_TOKEN ? { metricsToken: config.METRICS_TOKEN.reveal() } : {}) }).fetch,
    )
  const web = getRequestListener(pages.fetch)
  return (request, response) =>
    bot && request.url?.startsWith('/slack/') ? bot.requestListener(request, response) : void web(request, response)
}

async function listen({ PORT, HOST }: Config, listener: RequestListener): Promise<Server> {
  const server = createServer({ requestTimeout: uploadMs }, listener).listen(PORT, HOST)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EADDRINUSE'
        ? `Port ${PORT} is taken. Set PORT to another one, e.g. PORT=3001 npm start.`
        : String(error)
    console.error(`${why} Nothing was started.`)
    process.exit(1)
  })
  return server
}

/** The demo's invented costs are never shown to a real workspace, and stand-ins never answer for real accounts. */
async function assertSameKind({ deps }: Installation, { sandbox, DATABASE_URL, DATA_DIR }: Config): Promise<void> {
  const [found] = await listOrganizations(deps.db)
  if (!found || found.isDemo === sandbox) return
  const where = DATABASE_URL ? 'The database of DATABASE_URL' : `The database in ${DATA_DIR}`
  const other = DATABASE_URL ? 'DATABASE_URL to another database' : 'DATA_DIR to another folder'
  throw new Error(
    sandbox
      ? `${where} holds a real organization, and there are no Slack keys. Set them, or for the sandbox set ${other}.`
      : `${where} holds the demo organization of the sandbox. For your own one set ${other}.`,
  )
}

/**
 * With real Slack keys: the organization, its manager and the workspace are made at the first start and found at later ones.
 * ORG_MANAGER counts as long as no manager of the organization is linked, or nobody could ever let anybody in.
 */
async function firstStart({ deps }: Installation, config: Config): Promise<void> {
  const [found] = await listOrganizations(deps.db)
  const orgId = found?.id ?? (await makeOrganization(deps, config))
  const install = await installWorkspace(deps, { orgId, botToken: config.SLACK_BOT_TOKEN!.reveal() })
  const [manager, ...others] = await listManagers(deps.db, { orgId, poolId: null })
  if (!config.ORG_MANAGER || !manager) return
  const personIds = [manager, ...others].map(({ id }) => id)
  if ((await listSlackUsers(deps.db, { orgId, personIds })).length) return
  await upsertLink(deps.db, {
    teamId: install.teamId,
    slackUserId: config.ORG_MANAGER,
    orgId,
    personId: manager.id,
    linkedAt: deps.now(),
  })
  const { zone } = await profileOf(clientFor(deps, install), config.ORG_MANAGER).catch(() => ({ zone: null }))
  if (zone) await setOwnZone(contextFor(deps, orgId, { personId: manager.id, door: 'slack' }), { zone })
}

async function makeOrganization(deps: Deps, { ORG_NAME, ORG_CURRENCY }: Config): Promise<string> {
  const manager = { name: 'Organization manager' }
  const { organization } = await createOrganization(deps, { name: ORG_NAME, currency: ORG_CURRENCY, manager })
  return organization.id
}

function announce({ realms }: Installation, standIns: StandIns | null): void {
  const url = publicUrl(config)
  for (const { name, real, where } of realms) console.log(`  ${real ? 'real    ' : 'stand-in'}  ${name}: ${where}`)
  if (standIns) console.log(`  chat page  ${url}/chat\n  web view   ${url} (type /finops link in the chat)`)
  console.log(`Ready after ${(performance.now() / 1000).toFixed(1)} s: ${standIns ? `${url}/chat` : url}`)
}

/** The first signal drains: no new requests, what was begun is answered, jobs end, the database closes. The second one leaves at once. */
function stopOnSignals(): void {
  // Terminals and service managers tell every process, and the launcher hands it on: within a second it is one signal.
  let askedAt = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (stopping && performance.now() - askedAt > 1000) process.exit(1)
      askedAt ||= performance.now()
      void stop({})
    })
}

/**
 * Closes what is open, the last first, and leaves: with a reason in one sentence when the start failed. Whoever stops us
 * waits 30 s at most: 4 for requests, 4 for what the bot was told, 12 for jobs, 5 for the database.
 */
async function stop({ error }: { error?: unknown }): Promise<void> {
  if (stopping) return
  stopping = true
  if (error) console.error(`${reason(error)} Nothing was started.`)
  server.close()
  answer = (_, response) =>
    void response.writeHead(503, { 'retry-after': '5', connection: 'close' }).end('MegaOps FinOps is stopping.\n')
  for (const until = performance.now() + 4000; answering.size > 0 && performance.now() < until;) await sleep(20)
  server.closeAllConnections()
  await opening?.catch(() => {})
  for (const close of closers.splice(0).toReversed()) await close().catch(() => {})
  process.exit(error ? 1 : 0)
}

function reason(error: unknown): string {
  const { message, code, stack } = error as NodeJS.ErrnoException
  return (config.LOG_LEVEL === 'debug' && stack) || message || code || String(error)
}
