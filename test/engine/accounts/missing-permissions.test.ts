/** Whatever single permission is taken away from a connected key: the account's health names it, and who can help. */
import { beforeEach, expect, it } from 'vitest'
import { getAccount } from '../../../db/queries/cloud-accounts.ts'
import { connectAccount } from '../../../engine/accounts/connect.ts'
import { healthOf } from '../../../engine/accounts/health.ts'
import { collectMetrics } from '../../../engine/ingest/collect-metrics.ts'
import { discoverAccount } from '../../../engine/ingest/discover.ts'
import { refreshPrices } from '../../../engine/ingest/refresh-prices.ts'
import importJob from '../../../engine/jobs/import-bill.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import { cloudWorld, key } from '../cloud-world.ts'

const born = new Date('2026-03-01T08:00:00Z')
const w = await cloudWorld({
  regions: {
    'us-east-1': emptyRegion({
      instances: [{ id: 'i-1', type: 't3.nano', state: 'running', launchedAt: born }],
      addresses: [{ allocationId: 'eipalloc-2', publicIp: '203.0.113.8', networkInterfaceId: 'eni-2' }],
      streams: [{ name: 'clicks', shards: 1, createdAt: born }],
    }),
  },
  // Only a list without regions has each bucket asked where it lies.
  plainBucketList: true,
  buckets: { bills: new Map([['cur/2026-10/a.csv', { body: Buffer.from(awsCsv([{}])), lastModified: born }]]) },
  users: [{ id: 'AIDA1', name: 'ann', createdAt: born, keys: [{ id: 'AKIA1', active: true }] }],
})
w.deps.outside.readBill = billReader()
beforeEach(() => w.aws.heal())
const adapter = w.deps.outside.clouds['aws']!
/** Asked for while connecting only, when the place of the bill is looked for. */
const connecting = ['bcm-data-exports:GetExport', 'bcm-data-exports:ListExports', 'cur:DescribeReportDefinitions']

async function readWithout(permission: string, kind: 'refused' | 'denied' = 'refused') {
  const { id: accountId } = await w.connected({ settings: { bucket: 'bills', prefix: 'cur' } })
  await w.database.sql`delete from price_readings`
  w.aws.trouble({ kind, permission })
  await discoverAccount(w.job('discover'), { accountId })
  await collectMetrics(w.job('collect-metrics'), { accountId })
  await refreshPrices(w.job('refresh-prices'), { accountId })
  await w.deps.boss.send('import-bill', { orgId: w.org.id, accountId })
  await w.runJobs([importJob])
  return healthOf(await getAccount(w.deps.db, { orgId: w.org.id, id: accountId }))
}

it.each(adapter.permissions.read.filter((permission) => !connecting.includes(permission)))('%s', async (permission) => {
  const { state, sentence, next } = await readWithout(permission)
  expect([state, next]).toEqual(['missing_permission', expect.stringContaining('Add the permission to its policy')])
  expect(sentence).toContain(` ${permission} (`)
})

it.each(connecting)('%s', async (permission) => {
  w.aws.trouble({ kind: 'refused', permission })
  const connected = connectAccount(w.as(), { cloud: 'aws', name: 'New', credentials: key })
  await expect(connected).rejects.toThrow(permission)
})

it('what the organization denies is for its administrator, not for the policy of the key', async () => {
  const { state, sentence, next } = await readWithout('kinesis:ListStreams', 'denied')
  expect(state).toBe('denied')
  expect(sentence).toMatch(
    /A service control policy of the AWS organization denies kinesis:ListStreams to this account/,
  )
  expect(next).toMatch(/^Ask the administrator of the cloud organization/)
})
