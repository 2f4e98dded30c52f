/**
 * Goal 17: how long a queued job waits before it starts, through our own enqueue and worker (LISTEN/NOTIFY), against the
 * same queue polled every half second, which is pg-boss without it. Twenty probes at odd moments; the median counts.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import pino from 'pino'
import { connect } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { sealer } from '../../db/secrets.ts'
import { enqueue, type Deps } from '../../engine/context.ts'
import { createBoss, createQueues, handler, work } from '../../engine/worker.ts'
import { seeded } from './bills.ts'
import type { Bench } from './harness.ts'

const probes = 20
const orgId = '00000000-0000-4000-8000-000000000000'

/** Sends one job and resolves with the moment it started. */
type Probe = () => Promise<{ sent: number; started: number }>

export const bench: Bench = {
  name: 'job-start',
  async open({ quick }) {
    const folder = await mkdtemp(join(tmpdir(), 'finops-jobs-'))
    const server = await startEmbedded(folder)
    const url = await ensureDatabase(server.url, 'jobs')
    await migrateDatabase(url)
    const database = connect(url, { max: 4 })
    const [ours, peer] = [await ourQueue(url, depsOf(database.db)), await polledQueue(url)]
    let ran = 0
    const measure = (probe: Probe) => async () => {
      const times = await medianOf(probe, quick ? 10 : probes)
      ran += times.length
      return times.toSorted((a, b) => a - b)[times.length >> 1]!
    }
    return {
      unit: 'ms',
      contenders: [
        { name: 'ours', run: measure(ours.probe) },
        { name: 'polled every 0.5 s', run: measure(peer.probe) },
      ],
      gates: [{ goal: '17 send to start, median ms', value: (best) => best('ours'), atMost: 50 }],
      compare: () => Promise.resolve(`${ran} jobs ran once each`),
      close: async () => {
        await ours.stop()
        await peer.stop()
        await database.close()
        await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

async function medianOf(probe: Probe, count: number): Promise<number[]> {
  const random = seeded(17)
  const times: number[] = []
  for (let n = 0; n < count; n += 1) {
    await sleep(50 + random() * 300)
    const { sent, started } = await probe()
    times.push(started - sent)
  }
  return times
}

function depsOf(db: Deps['db']): Omit<Deps, 'boss'> {
  return {
    ...{ db, now: () => new Date(), secrets: sealer('a master key for the bench'), log: pino({ level: 'warn' }) },
    outside: { clouds: {}, readBill: () => Promise.reject(new Error('no bills here')), calendar: null },
    ...{ spool: tmpdir(), publicUrl: 'http://localhost' },
  }
}

/** The product's own way: `enqueue` in, `work` out. */
async function ourQueue(url: string, rest: Omit<Deps, 'boss'>): Promise<{ probe: Probe; stop: () => Promise<void> }> {
  const boss = createBoss(url)
  await boss.start()
  await createQueues(boss)
  const deps = { ...rest, boss }
  const arrivals = arrivalsOf()
  await work(boss, deps, [handler('check-pools', () => Promise.resolve(arrivals.arrived()))])
  return {
    probe: () => arrivals.after(() => enqueue(deps, 'check-pools', { orgId })),
    stop: () => boss.stop({ graceful: false }),
  }
}

/** The peer: the same library, asked every half second. */
async function polledQueue(url: string): Promise<{ probe: Probe; stop: () => Promise<void> }> {
  const boss = new PgBoss({ connectionString: url, schema: 'polled' })
  await boss.start()
  await boss.createQueue('probe')
  const arrivals = arrivalsOf()
  await boss.work('probe', { pollingIntervalSeconds: 0.5 }, () => Promise.resolve(arrivals.arrived()))
  return {
    probe: () => arrivals.after(() => boss.send('probe', { orgId })),
    stop: () => boss.stop({ graceful: false }),
  }
}

/** Tells the one who waits when the next job starts; a second start of one job would wake nobody and be an error. */
function arrivalsOf(): { arrived: () => void; after: (send: () => Promise<unknown>) => ReturnType<Probe> } {
  let waiting: ((at: number) => void) | null = null
  return {
    arrived() {
      if (!waiting) throw new Error('A job ran that nobody waited for.')
      waiting(performance.now())
      waiting = null
    },
    async after(send) {
      const started = new Promise<number>((resolve) => (waiting = resolve))
      const sent = performance.now()
      await send()
      return { sent, started: await started }
    },
  }
}
