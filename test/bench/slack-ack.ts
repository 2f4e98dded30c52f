/**
 * Goal 18: how long Slack waits for our acknowledgement of signed slash commands, 50 a second for 20 seconds, while every
 * one of them is also answered: the real bot over HTTP with its database and worker, the stand-in for Slack beside it.
 * The floor is a bare HTTP server that only checks the signature. Sent on a fixed clock, so a slow answer delays no other.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { installWorkspace } from '../../bot/install.ts'
import { connect } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { insertMembership, insertPerson } from '../../db/queries/organizations.ts'
import { upsertLink } from '../../db/queries/slack-links.ts'
import { createOrganization } from '../../engine/organizations/organization.ts'
import { createBoss, createQueues } from '../../engine/worker.ts'
import { demoPeople } from '../../integrations/sandbox/slack-workspace.ts'
import { startSlackSandbox, type SlackSandbox } from '../../integrations/sandbox/slack.ts'
import type { Bench } from './harness.ts'
import { benchDeps, type BotThread } from './slack-ack-bot.ts'

const perSecond = 50
const channel = 'C0FINOPS'
/** So many people that nobody asks faster than one person may. */
const crowd = 120
const lines = ['help', 'env', 'mine', 'cost by service mtd', 'recs']

export const bench: Bench = {
  name: 'slack-ack',
  async open({ quick }) {
    const world = await ackWorld()
    const count = perSecond * (quick ? 4 : 20)
    let sent = 0
    const storm = (to: string) => async () => {
      world.slack.connect(to)
      const times = await storming(world, count)
      sent += to === world.bot ? count : 0
      await world.slack.until(() => world.answers() >= sent, 60_000)
      return times.toSorted((a, b) => a - b)[Math.floor(count * 0.99)]!
    }
    return {
      unit: 'ms',
      contenders: [
        { name: 'bot, p99', run: storm(world.bot) },
        { name: 'signature check only, p99', run: storm(world.floor) },
      ],
      gates: [
        {
          goal: `18 ack p99 ms, ${perSecond}/s`,
          value: (best) => best('bot, p99'),
          atMost: 500,
        },
      ],
      compare: async () => {
        await sleep(500)
        if (world.answers() !== sent) throw new Error(`${sent} commands got ${world.answers()} answers.`)
        return `every one of ${sent} commands acknowledged and answered once`
      },
      close: world.close,
    }
  },
}

type AckWorld = { slack: SlackSandbox; bot: string; floor: string; answers: () => number; close: () => Promise<void> }

const people = Array.from({ length: crowd }, (_, n) => ({
  ...demoPeople[0]!,
  ...{ id: `U0BENCH${n}`, name: `bench${n}`, realName: `Bench ${n}`, email: `bench${n}@example.com` },
}))

async function ackWorld(): Promise<AckWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'finops-ack-'))
  const server = await startEmbedded(folder)
  const url = await ensureDatabase(server.url, 'ack')
  await migrateDatabase(url)
  const slack = await startSlackSandbox({ people })
  await furnish(url, slack)
  const bot = await startThread({ url, apiUrl: slack.apiUrl, signingSecret: slack.signingSecret })
  const bare = createServer(signatureOnly(slack.signingSecret)).listen(0, '127.0.0.1')
  await once(bare, 'listening')
  return {
    ...{ slack, bot: bot.address, floor: `http://127.0.0.1:${(bare.address() as AddressInfo).port}` },
    answers: () => people.reduce((sum, { id }) => sum + slack.ephemerals(id, channel).length, 0),
    close: async () => {
      await bot.stop()
      bare.close().closeAllConnections()
      await slack.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** One organization, everybody an engineer of it. */
async function furnish(url: string, slack: SlackSandbox): Promise<void> {
  const [database, boss] = [connect(url, { max: 2 }), createBoss(url)]
  await boss.start()
  await createQueues(boss)
  const deps = benchDeps(database, { boss, slack: { apiUrl: slack.apiUrl } })
  const manager = { name: 'Lea' }
  const { id: orgId } = (await createOrganization(deps, { name: 'Bench', currency: 'USD', manager })).organization
  const { teamId } = await installWorkspace(deps, { orgId, botToken: slack.botToken })
  for (const { id: slackUserId, realName: name, email } of people) {
    const { id: personId } = await insertPerson(deps.db, { orgId, name, email })
    await insertMembership(deps.db, { orgId, personId, role: 'engineer', poolId: null })
    await upsertLink(deps.db, { teamId, slackUserId, orgId, personId })
  }
  await boss.stop({ graceful: false })
  await database.close()
}

async function startThread(data: BotThread): Promise<{ address: string; stop: () => Promise<void> }> {
  const thread = new Worker(new URL('slack-ack-bot.ts', import.meta.url), { workerData: data })
  const [port] = (await once(thread, 'message')) as [number]
  const stop = async () => {
    thread.postMessage('stop')
    await once(thread, 'exit')
  }
  return { address: `http://127.0.0.1:${port}`, stop }
}

/** What nobody can do without: read the body, compare its signature, say 200. */
function signatureOnly(secret: string): RequestListener {
  return (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { 'x-slack-request-timestamp': stamp, 'x-slack-signature': given } = request.headers
      const base = `v0:${String(stamp)}:${Buffer.concat(parts).toString()}`
      const own = Buffer.from(`v0=${createHmac('sha256', secret).update(base).digest('hex')}`)
      const other = Buffer.from(String(given))
      response.writeHead(own.length === other.length && timingSafeEqual(own, other) ? 200 : 401).end()
    })
  }
}

/** Milliseconds from the moment each command was due until its acknowledgement; throws when one was not acknowledged. */
async function storming({ slack }: AckWorld, count: number): Promise<number[]> {
  const began = performance.now()
  const one = async (n: number) => {
    const due = began + (n * 1000) / perSecond
    await sleep(Math.max(0, due - performance.now()))
    const user = people[n % crowd]!.id
    const { acked, error } = await slack.command({ user, channel, text: lines[n % lines.length]! })
    if (!acked) throw new Error(`Command ${n} was not acknowledged: ${error}`)
    return performance.now() - due
  }
  return Promise.all(Array.from({ length: count }, (_, n) => one(n)))
}
