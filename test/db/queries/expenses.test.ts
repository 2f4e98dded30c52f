import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { moveSpend } from '../../../db/queries/expenses.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

/** Both rollups as they are, and as they would be if they were made anew from the facts. */
async function rollups() {
  const kept = await w.database.sql`
    select 'day' as grain, day::text as span, pool_id, owner_id, service, trim_scale(effective)::text as effective, lines from spend_days
    union all select 'month', month::text, pool_id, owner_id, service, trim_scale(effective)::text as effective, lines from spend_months
    order by 1, 2, 3, 4, 5`
  const made = await w.database.sql`
    with facts as (select e.*, r.pool_id, r.owner_id from expenses e join resources r on r.id = e.resource_id)
    select 'day' as grain, day::text as span, pool_id, owner_id, service, trim_scale(sum(effective))::text as effective, sum(lines)::int as lines
    from facts group by 1, 2, 3, 4, 5
    union all select 'month', date_trunc('month', day)::date::text, pool_id, owner_id, service, trim_scale(sum(effective))::text, sum(lines)::int
    from facts group by 1, 2, 3, 4, 5
    order by 1, 2, 3, 4, 5`
  return { kept: [...kept], made: [...made] }
}

describe('moveSpend', () => {
  it('shifts exactly the moved resources to their new pool and owner, and leaves no empty row behind', async () => {
    const team = await w.pool('Team')
    const max = await w.person('Max')
    const account = await w.account()
    const [one, two, three] = [await w.resource(account), await w.resource(account), await w.resource(account)]
    await w.spend(one, { '2026-10-31': '0.1', '2026-11-01': '1.000000000000001' })
    await w.spend(two, { '2026-11-01': '2.25' })
    await w.spend(three, { '2026-11-02': '-4.5' })

    const moves = [one, two, three].map(({ id }) => ({ resourceId: id, poolId: team.id, ownerId: max.id }))
    await w.database.db.transaction(async (tx) => {
      await moveSpend(tx, { orgId: w.org.id, moves: moves.slice(0, 1) })
      await tx.execute(sql`update resources set pool_id = ${team.id}, owner_id = ${max.id} where id = ${one.id}`)
      await moveSpend(tx, { orgId: w.org.id, moves: moves.slice(2) })
      await tx.execute(sql`update resources set pool_id = ${team.id}, owner_id = ${max.id} where id = ${three.id}`)
    })

    const { kept, made } = await rollups()
    expect(kept).toEqual(made)
    const of = (pool: string) => kept.filter((row) => row.pool_id === pool && row.grain === 'month')
    expect(of(w.root.id)).toMatchObject([{ span: '2026-11-01', effective: '2.25', lines: 1 }])
    expect(of(team.id)).toMatchObject([
      { span: '2026-10-01', effective: '0.1', owner_id: max.id },
      { span: '2026-11-01', effective: '-3.499999999999999', lines: 2 },
    ])
  })

  it('does nothing for resources that stay where they are', async () => {
    const before = await rollups()
    await w.database.db.transaction((tx) =>
      moveSpend(tx, {
        orgId: w.org.id,
        moves: sql`select id as resource_id, pool_id, owner_id from resources where org_id = ${w.org.id}`,
      }),
    )
    expect(await rollups()).toEqual(before)
  })
})
