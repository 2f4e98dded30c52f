/** What the demo shows of Azure and Alibaba Cloud: recorded inventory, FOCUS bills uploaded by hand, and what both add up to. */
import { beforeAll, describe, expect, it } from 'vitest'
import { connectAccount } from '../../engine/accounts/connect.ts'
import { uploadBill } from '../../engine/ingest/uploaded-bill.ts'
import { handlers } from '../../engine/jobs/catalog.ts'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { billReader } from '../../integrations/bills/read-bill.ts'
import { demoBills } from '../../integrations/sandbox/demo-bills.ts'
import { recordedCloud } from '../../integrations/sandbox/recorded-cloud.ts'
import { world } from '../world.ts'

const now = new Date('2026-11-23T10:00:00Z')
const clouds = { azure: recordedCloud('azure', now), alibaba: recordedCloud('alibaba', now) }
const w = await world({ now: now.toISOString(), outside: { clouds, readBill: billReader() } })

beforeAll(async () => {
  for (const { cloud, name, cloudAccountId, files } of demoBills(now)) {
    if (cloud !== 'azure' && cloud !== 'alibaba') continue
    const account = await connectAccount(w.as(), { cloud, name, credentials: { account: cloudAccountId } })
    const path = join(w.deps.spool, files[0]!.key)
    await writeFile(path, files[0]!.body)
    await uploadBill(w.as(), { accountId: account.id, files: [{ name: files[0]!.key, path }] })
  }
  await w.runJobs(handlers)
}, 120_000)

describe('the recorded clouds of the demo', () => {
  it('are found with the states that only these clouds have, and join their bills', async () => {
    const rows = await w.database.sql`select a.cloud, r.type, count(*)::int as seen,
      count(*) filter (where r.stopped_allocated)::int as stopped, count(*) filter (where r.total_cost > 0)::int as billed
      from resources r join accounts a on a.id = r.account_id where r.active group by 1, 2 order by 1, 2`
    expect(rows).toEqual([
      { cloud: 'alibaba', type: 'IP Address', seen: 3, stopped: 0, billed: 3 },
      { cloud: 'alibaba', type: 'Instance', seen: 4, stopped: 1, billed: 4 },
      { cloud: 'alibaba', type: 'Volume', seen: 18, stopped: 0, billed: 18 },
      { cloud: 'azure', type: 'IP Address', seen: 39, stopped: 0, billed: 39 },
      { cloud: 'azure', type: 'Instance', seen: 3, stopped: 1, billed: 3 },
      { cloud: 'azure', type: 'Volume', seen: 29, stopped: 0, billed: 29 },
    ])
  })

  it('show the machines that are stopped but not deallocated', async () => {
    await w.deps.boss.send('check-recommendations', { orgId: w.org.id })
    await w.runJobs(handlers)
    const rows = await w.database.sql`select r.name, round(f.saving, 2)::text as saving from findings f
      join resources r on r.id = f.resource_id where f.recommendation = 'instances_in_stopped_state_for_a_long_time'
      order by f.saving`
    expect(rows).toEqual([
      { name: 'aqa-stopped-not-deallocated', saving: expect.stringMatching(/^4\./) },
      { name: 'aqa-stopped-not-deallocated', saving: expect.stringMatching(/^16\./) },
    ])
  })

  it('refuse an account that was not recorded', async () => {
    const attempt = connectAccount(w.as(), { cloud: 'azure', name: 'None', credentials: { account: 'nobody' } })
    await expect(attempt).rejects.toMatchObject({ kind: 'invalid' })
  })
})
