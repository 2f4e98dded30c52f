/** Every job that judges may run twice: the second run changes no row, and neither run touches another organization. */
import { expect, it } from 'vitest'
import type { Resource } from '../../../db/schema/resources.ts'
import { reapplyRules } from '../../../engine/assignment/reapply.ts'
import { createRule } from '../../../engine/assignment/rules.ts'
import { checkConstraints } from '../../../engine/constraints/check.ts'
import { checkPools } from '../../../engine/pools/alerts.ts'
import { setPoolPolicy } from '../../../engine/pools/policies.ts'
import { checkRecommendations } from '../../../engine/recommendations/check.ts'
import { neighbours } from '../../other-organization.ts'
import { daysAgo, measure, steady } from '../../recommendations/tester.ts'
import { world } from '../../world.ts'

/** What a run always writes: that it ran, when, and that somebody asked for it. */
const diary = ['check_schedules', 'check_results']

it('changes nothing the second time, and never the neighbours', async () => {
  const w = await world()
  const { sql } = w.database
  const theirs = await neighbours(w, ['2026-11-20', '2026-11-21', '2026-11-22'])
  await sql`insert into pool_policies (org_id, pool_id, type, "limit") values (${theirs.orgId}, ${theirs.pool.id}, 'ttl', 1)`
  await sql`update resources set type = 'Volume', attached = false, first_seen_at = ${daysAgo(9).toISOString()} where id = ${theirs.resource.id}`
  const team = await w.pool('Team', { monthlyLimit: '10' })
  const account = await w.account()
  await setPoolPolicy(w.as(), { poolId: team.id, type: 'ttl', limit: 1 })
  await setPoolPolicy(w.as(), { poolId: team.id, type: 'daily_expense_limit', limit: 1 })
  const old: Partial<Resource> = { poolId: team.id, firstSeenAt: daysAgo(30) }
  const things = [
    await w.resource(account, { ...old, type: 'Volume', attached: false, name: 'volume' }),
    await w.resource(account, { ...old, type: 'IP Address', available: true, name: 'address' }),
    await w.resource(account, { ...old, type: 'Instance', name: 'instance' }),
  ]
  for (const thing of things) await w.spend(thing, { '2026-11-21': 5, '2026-11-22': 5 })
  await measure(w, things[2]!, steady(15, { cpu: 1, in: 1, out: 1 }))
  await createRule(w.as(), { name: 'r', conditions: [{ kind: 'region-is', value: 'eu-west-1' }], poolId: team.id })

  const tables = await sql<{ name: string }[]>`select relname as name from pg_class c
    where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> all(${diary}) order by relname`
  const rows = async (orgId?: string) => {
    const found: Record<string, unknown> = {}
    for (const { name } of tables) {
      const all = await sql`select t.xmin::text as version, to_jsonb(t) as row from ${sql(name)} t`
      found[name] = all
        .filter(({ row }) => orgId === undefined || row.org_id === orgId)
        .map((each) => JSON.stringify(each))
        .sort()
    }
    return found
  }
  const jobs = {
    pools: () => checkPools(w.job()),
    constraints: () => checkConstraints(w.job()),
    recommendations: () => checkRecommendations(w.job()),
  }
  const neighboursBefore = await rows(theirs.orgId)
  await reapplyRules(w.job(), {})
  const judged = {
    pools: await jobs.pools(),
    constraints: await jobs.constraints(),
    found: await jobs.recommendations(),
  }
  expect(judged).toMatchObject({ pools: [{ kind: 'exceeded' }], constraints: { red: 6 }, found: { added: 4 } })
  expect(await rows(theirs.orgId)).toEqual(neighboursBefore)

  const before = await rows()
  for (const run of Object.values(jobs)) await run()
  expect(await rows()).toEqual(before)
  expect(await reapplyRules(w.job(), {})).toMatchObject({ updated: 0 })
  const { events: _, ...now } = await rows()
  const { events: __, ...then } = before
  expect(now).toEqual(then)
})
