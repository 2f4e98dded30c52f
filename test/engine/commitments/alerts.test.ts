import { beforeEach, expect, it } from 'vitest'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { notifications } from '../../../db/schema/notifications.ts'
import { checkCommitments } from '../../../engine/commitments/alerts.ts'
import due from '../../../engine/jobs/check-commitments-due.ts'
import check from '../../../engine/jobs/check-commitments.ts'
import { runJob } from '../../../engine/worker.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import { fileOf, importFiles, ingestWorld } from '../ingest/ingest-world.ts'
import { machine, planFee, planned } from './bill.ts'

const w = await ingestWorld({ now: '2026-11-05T10:00:00Z' })
let account: Account

beforeEach(async () => {
  w.clock.set('2026-11-05T10:00:00Z')
  await w.database.sql`truncate usage, coverage_days, commitment_alerts, notifications, resources, accounts cascade`
  account = await w.account('aws', { name: 'Payer' })
})

/** A plan of 2.4 a day from November 1 on; `used` of it every day. */
async function november(...used: string[]): Promise<void> {
  const days = used.map((cost, n) => [`2026-11-0${n + 1}`, cost] as const)
  const lines = days.flatMap(([day, cost]) => [
    planFee('p-1', { day, committed: '2.4' }),
    machine(day, { flavor: 'm5.large', hours: '40', list: '4', ...planned('p-1', cost) }),
  ])
  await importFiles(w, account, [await fileOf('bill.csv', awsCsv(lines))])
}
const told = async () =>
  (await w.database.db.select().from(notifications)).filter(({ kind }) => kind === 'commitment-alert')

it('tells managers once when a plan was hardly used for three whole days, and again in the next episode', async () => {
  // The last billed day does not count.
  await november('1.2', '1.8', '1.91', '2.4')
  expect(await checkCommitments(w.job())).toEqual([
    {
      ...{ id: 'p-1', kind: 'idle', type: 'Compute savings plan', account: 'Payer (123)', endsAt: null },
      // 4.91 of 7.2.
      ...{ utilization: 68, waste: '2.29' },
    },
  ])
  expect(await told()).toMatchObject([{ personIds: [w.lea.id], facts: { count: 1 } }])
  expect(await checkCommitments(w.job())).toEqual([])
  w.clock.advance(86_400_000)
  await november('1.2', '1.2', '2.4', '1.2', '1.2')
  expect(await checkCommitments(w.job())).toEqual([])
  await november('1.2', '1.2', '1.2', '1.2', '1.2', '1.2')
  expect(await checkCommitments(w.job())).toMatchObject([{ utilization: 50 }])
  expect(await told()).toHaveLength(2)
})

it('a plan used to 80 per cent on one of three days is not told', async () => {
  await november('1.2', '1.92', '1.2', '0')
  expect(await checkCommitments(w.job())).toEqual([])
})

it('tells once when a commitment ends within 30 days, by the daily check', async () => {
  await november('2.4', '2.4', '2.4', '2.4')
  await runJob(w.deps, due, { data: {} })
  await w.runJobs([check])
  expect(await told()).toEqual([])
  // It ends on December 10 at 11:43:13.
  w.clock.set('2026-11-10T12:00:00Z')
  await runJob(w.deps, due, { data: {} })
  await w.runJobs([check])
  await checkCommitments(w.job())
  expect(await told()).toMatchObject([
    { facts: { commitments: [{ id: 'p-1', kind: 'expiring', endsAt: '2026-12-10T11:43:13.000Z' }], count: 1 } },
  ])
})
