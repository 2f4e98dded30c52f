/** The bot of the acknowledgement benchmark in a thread of its own, as Slack is not in our process either: HTTP, database, worker. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import pino from 'pino'
import { createBot } from '../../bot/app.ts'
import { connect, type Database } from '../../db/client.ts'
import { sealer } from '../../db/secrets.ts'
import type { Deps } from '../../engine/context.ts'
import { handlers as engineHandlers } from '../../engine/jobs/catalog.ts'
import { createBoss, work } from '../../engine/worker.ts'

export type BotThread = { url: string; apiUrl: string; signingSecret: string }

/** What the bot and whoever furnishes its database share. */
export const benchDeps = ({ db }: Database, more: Pick<Deps, 'boss' | 'slack'>): Deps => ({
  ...{
    db,
    now: () => new Date(),
    secrets: sealer('a master key for the bench'),
    log: pino({ level: 'error' }),
    ...more,
  },
  outside: { clouds: {}, readBill: () => Promise.reject(new Error('no bills here')), calendar: null },
  ...{ spool: tmpdir(), publicUrl: 'http://localhost' },
})

if (!isMainThread && parentPort) {
  const { url, apiUrl, signingSecret } = workerData as BotThread
  const database = connect(url, { max: 16 })
  const boss = createBoss(url)
  await boss.start()
  const deps = benchDeps(database, { boss, slack: { apiUrl } })
  const bot = createBot({ deps, mode: 'http', signingSecret })
  await work(boss, deps, [...engineHandlers, ...bot.handlers])
  const server = createServer(bot.requestListener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  parentPort.postMessage((server.address() as AddressInfo).port)
  await once(parentPort, 'message')
  server.close().closeAllConnections()
  await boss.stop({ graceful: false })
  await database.close()
  parentPort.close()
}
