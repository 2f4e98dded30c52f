/** Groups, buckets and matrix made in SQL, against the plainest sums over the same objects. */
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { replaceDuplicateGroups, setDuplicateFigures } from '../../../db/queries/duplicate-figures.ts'
import { deleteListing, insertListed, replaceListing } from '../../../db/queries/duplicate-listings.ts'
import { insertDuplicateCheck } from '../../../db/queries/duplicates.ts'
import { copyLine } from '../../../db/queries/staging.ts'
import { getDuplicateCheck } from '../../../engine/duplicates/matrix.ts'
import { setThresholds, toneOf } from '../../../engine/duplicates/thresholds.ts'
import { inTransaction } from '../../../engine/context.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

type Item = { bucket: number; tag: string; size: number }

/** The matrix and the totals, object by object. */
function bruteForce(items: Item[], buckets: number[]) {
  const same = (a: Item, b: Item) => a.tag === b.tag && a.size === b.size
  const inGroup = (item: Item) => items.filter((other) => same(item, other))
  const members = items.filter((item) => inGroup(item).length > 1)
  const cell = (row: number, column: number) => {
    const of = (bucket: number, item: Item) => inGroup(item).filter((other) => other.bucket === bucket).length
    if (row === column) {
      const own = items.filter((item) => item.bucket === row && of(row, item) > 1)
      return { objects: own.length, bytes: own.reduce((sum, item) => sum + item.size * (1 - 1 / of(row, item)), 0) }
    }
    const shared = (bucket: number) =>
      items.filter((item) => item.bucket === bucket && of(row, item) > 0 && of(column, item) > 0)
    const bytes = shared(row).reduce((sum, { size }) => sum + size, 0)
    return { objects: shared(row).length + shared(column).length, bytes }
  }
  return {
    objects: members.length,
    bytes: members.reduce((sum, item) => sum + item.size * (1 - 1 / inGroup(item).length), 0),
    matrix: buckets.map((row) => buckets.map((column) => cell(row, column))),
  }
}

const item = fc.record({
  ...{ bucket: fc.integer({ min: 1, max: 4 }), tag: fc.constantFrom('a', 'b', 'c', 'a-2', 'tab\t\\n') },
  size: fc.constantFrom(1, 200, 5_000_000_000),
})

it('agree with brute force for any objects', async () => {
  const account = await w.account()
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 40 }), async (items) => {
      const { db } = w.deps
      const buckets = [1, 2, 3, 4].map((n) => ({
        ...{ id: crypto.randomUUID(), name: `b${n}`, region: '', accountId: account.id, accountName: '' },
      }))
      const now = w.clock.now()
      const row = { orgId: w.org.id, buckets: 4, createdAt: now, updatedAt: now }
      const { id } = await insertDuplicateCheck(db, row, buckets)
      await w.database.sql`update duplicate_buckets set state = 'listed' where check_id = ${id}`
      await replaceListing(db, id)
      await insertListed(db, id, items.map((one, n) => copyLine([one.bucket, one.tag, one.size, `k${n}`])).join(''))
      await inTransaction(w.job(), async (ctx) => {
        await replaceDuplicateGroups(ctx.db, id)
        await setDuplicateFigures(ctx.db, { checkId: id, orgId: w.org.id, costDay: '2026-11-20' })
      })
      await deleteListing(db, id)
      const { check, matrix } = await getDuplicateCheck(w.as(), id)
      const expected = bruteForce(items, [1, 2, 3, 4])
      expect(check.duplicateObjects).toBe(expected.objects)
      expect(check.duplicateBytes).toBeCloseTo(expected.bytes, 3)
      for (const [r, cells] of expected.matrix.entries())
        for (const [c, cell] of cells.entries()) {
          expect(matrix[r]![c]?.objects ?? 0, `${r} ${c}`).toBe(cell.objects)
          expect(matrix[r]![c]?.bytes ?? 0, `${r} ${c}`).toBeCloseTo(cell.bytes, 3)
        }
    }),
    { numRuns: 40 },
  )
}, 120_000)

it('are coloured so that exactly a threshold belongs to it (F36)', () => {
  const of = (saving: string | null) => toneOf(saving, { attention: 50, critical: 200 })
  expect([null, '0', '49.999999', '50', '199.99', '200', '1e9'].map(of)).toEqual([
    ...['unknown', 'low', 'low', 'attention', 'attention', 'critical', 'critical'],
  ])
})

it('take other thresholds from managers, critical not below attention', async () => {
  await setThresholds(w.as(), { attention: 10, critical: 10 })
  await expect(setThresholds(w.as(), { attention: 11, critical: 10 })).rejects.toThrow('must not lie below')
  await expect(setThresholds(w.as(), { attention: -1, critical: 10 })).rejects.toThrow()
  const priya = await w.person('Priya')
  await expect(setThresholds(w.as(priya), { attention: 1, critical: 2 })).rejects.toThrow('You cannot')
})
