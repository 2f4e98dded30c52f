import { beforeAll, describe, expect, it } from 'vitest'
import { archivedFindings } from '../../../db/schema/recommendations.ts'
import type { ArchiveReason } from '../../../db/vocabulary.ts'
import { listArchive, readArchive, recently, sayEnded } from '../../../engine/recommendations/archive.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let accountId: string
beforeAll(async () => {
  w = await world()
  accountId = (await w.account()).id
  const there = await neighbours(w, ['2026-11-20'])
  await ended('obsolete_ips', 'recommendation_applied', '2026-11-23T08:00:00Z', '3.6')
  await ended('obsolete_ips', 'recommendation_applied', '2026-11-23T08:00:00Z', '4.4')
  await ended('obsolete_ips', 'recommendation_irrelevant', '2026-11-01T00:00:00Z', '1')
  await ended('obsolete_ips', 'resource_deleted', '2026-10-24T23:59:59Z', '100')
  await ended('inactive_users', 'resource_deleted', '2026-10-25T00:00:00Z', null)
  await ended('obsolete_ips', 'recommendation_applied', '2026-11-23T08:00:00Z', '777', there.orgId)
})

async function ended(
  recommendation: string,
  reason: ArchiveReason,
  at: string,
  saving: string | null,
  orgId = w.org.id,
): Promise<void> {
  const [archivedAt, detectedAt] = [new Date(at), new Date('2026-09-01')]
  await w.deps.db.insert(archivedFindings).values({
    orgId,
    recommendation,
    accountId,
    key: `${reason} ${saving}`,
    saving,
    evidence: {},
    reason,
    detectedAt,
    archivedAt,
  })
}

describe('the archive', () => {
  // 2026-11-23 and the 29 days before: from 2026-10-25 00:00 on.
  it('counts what ended in the last 30 days, by kind and reason, with the saving of each', async () => {
    const found = await readArchive(w.as(), { range: recently(w.clock.now()) })
    expect(found).toMatchObject({ count: 4, saving: '9' })
    expect(found.kinds).toEqual([
      {
        ...{ id: 'obsolete_ips', title: 'Obsolete IPs', count: 3, saving: '9' },
        reasons: [
          { reason: 'recommendation_applied', count: 2, saving: '8' },
          { reason: 'recommendation_irrelevant', count: 1, saving: '1' },
        ],
      },
      {
        ...{ id: 'inactive_users', count: 1, saving: null, title: expect.any(String) as string },
        reasons: [{ reason: 'resource_deleted', count: 1, saving: null }],
      },
    ])
    expect(sayEnded(found)).toBe('4 ended in the last 30 days: 2 done, 1 no longer needed, 1 gone')
  })

  it('narrows to a recommendation and a reason; nothing is nothing', async () => {
    const asked = { recommendation: 'obsolete_ips', reason: 'resource_deleted' as const }
    expect(await readArchive(w.as(), asked)).toMatchObject({ count: 1, saving: '100' })
    const none = await readArchive(w.as(), { range: { from: '2026-11-22', to: '2026-11-22' } })
    expect([none.count, none.saving, sayEnded(none)]).toEqual([0, null, null])
  })

  it('is read page after page without losing or repeating what ended in the same moment', async () => {
    const keys: string[] = []
    let after: string | undefined
    do {
      const rows = await listArchive(w.as(), { limit: 2, ...(after ? { after } : {}) })
      keys.push(...rows.map(({ key }) => key))
      after = rows.length === 2 ? rows.at(-1)!.id : undefined
    } while (after)
    expect(keys).toHaveLength(5)
    expect(new Set(keys).size).toBe(5)
    expect(keys.slice(0, 2).toSorted()).toEqual(['recommendation_applied 3.6', 'recommendation_applied 4.4'])
    expect(keys[2]).toBe('recommendation_irrelevant 1')
  })

  it('is shown to nobody without a role', async () => {
    const ned = await w.person('Ned')
    await w.database.sql`delete from memberships where person_id = ${ned.id}`
    await expect(readArchive(w.as(ned))).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(listArchive(w.as(ned), { limit: 1 })).rejects.toMatchObject({ kind: 'forbidden' })
  })
})
