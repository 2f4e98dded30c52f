import { beforeAll, expect, it } from 'vitest'
import { setSnapshotsUsed } from '../../../db/queries/discoveries.ts'
import { inventory } from '../../../db/schema/inventory.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

it('remembers when a snapshot was last needed by its volume, a copy of it or an image, and nothing of the others', async () => {
  const [mine, other] = [await w.account('aws'), await w.account('aws')]
  const snapshot = (id: string, volumeId = 'vol-gone') =>
    w.resource(mine, { type: 'Snapshot', cloudResourceId: id, facts: { volumeId } })
  for (const id of ['snap-image', 'snap-copied', 'snap-once', 'snap-idle']) await snapshot(id)
  await snapshot('snap-of-volume', 'vol-1')
  await w.resource(other, { type: 'Snapshot', cloudResourceId: 'snap-image' })
  await w.resource(mine, { type: 'Volume', cloudResourceId: 'vol-1' })
  await w.resource(mine, { type: 'Volume', cloudResourceId: 'vol-2', facts: { snapshotId: 'snap-copied' } })
  await w.resource(mine, {
    type: 'Volume',
    cloudResourceId: 'vol-3',
    facts: { snapshotId: 'snap-once' },
    active: false,
  })
  const at = w.clock.now()
  const image = { orgId: w.org.id, accountId: mine.id, kind: 'image' as const, firstSeenAt: at, lastSeenAt: at }
  await w.database.db.insert(inventory).values({ ...image, cloudId: 'ami-1', facts: { snapshotIds: ['snap-image'] } })
  expect(await setSnapshotsUsed(w.database.db, { orgId: w.org.id, accountId: mine.id, at })).toBe(3)
  const rows = await w.database.sql`
    select cloud_resource_id as id, account_id from resources where last_used_at = ${at.toISOString()} order by 1`
  expect(rows.map((row) => row['id'] as string)).toEqual(['snap-copied', 'snap-image', 'snap-of-volume'])
  expect(rows.every((row) => row['account_id'] === mine.id)).toBe(true)
})
