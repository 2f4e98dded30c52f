import { drizzle } from 'drizzle-orm/postgres-js'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import type { Pool } from '../../../db/schema/pools.ts'
import { inTransaction } from '../../../engine/context.ts'
import { assignNewResources } from '../../../engine/assignment/match.ts'
import { reapplyRules, requestReapply } from '../../../engine/assignment/reapply.ts'
import { createRule } from '../../../engine/assignment/rules.ts'
import reapplyJob from '../../../engine/jobs/reapply-rules.ts'
import { breakdown } from '../../../engine/spend/breakdown.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let team: Pool
let own: Pool
let account: Account
let priya: Person
beforeEach(async () => {
  w = await world()
  team = await w.pool('Team')
  own = await w.pool('Account pool', { defaultOwnerId: w.lea.id })
  account = await w.account('aws', { poolId: own.id })
  priya = await w.person('Priya', 'engineer', team.id)
})
const tagRule = (name: string, value: string, poolId = team.id) =>
  createRule(w.as(), { name, conditions: [{ kind: 'tag-is', key: 'team', value }], poolId, ownerId: null })
const places = async () => {
  const rows = await w.database
    .sql`select name, pool_id, owner_id, assigned_by, rule_id from resources where org_id = ${w.org.id}`
  return Object.fromEntries(rows.map((row) => [row.name, row]))
}

describe('new resources', () => {
  it('go where the first matching rule says, or to the pool of their account', async () => {
    const specific = await w.pool('Specific')
    await createRule(w.as(), {
      name: 'all of it',
      conditions: [
        { kind: 'source-is', value: account.id },
        { kind: 'tag-exists', key: 'team' },
      ],
      poolId: team.id,
      ownerId: priya.id,
    })
    await tagRule('on top', 'web', specific.id)
    const ids = await Promise.all([
      w.resource(account, { name: 'both', tags: { team: 'web' } }),
      w.resource(account, { name: 'second', tags: { team: 'db' } }),
      w.resource(account, { name: 'neither' }),
    ])
    const resourceIds = ids.map(({ id }) => id)
    await inTransaction(w.job(), (ctx) => assignNewResources(ctx, { accountIds: [account.id], resourceIds }))
    expect(await places()).toMatchObject({
      both: { pool_id: specific.id, owner_id: null, assigned_by: 'rule' },
      second: { pool_id: team.id, owner_id: priya.id, assigned_by: 'rule' },
      neither: { pool_id: own.id, owner_id: w.lea.id, assigned_by: 'account', rule_id: null },
    })
  })

  it('are those of the very transaction when no ids are given; what a person assigned stays', async () => {
    await tagRule('r', 'web')
    const tags = { team: 'web' }
    await w.resource(account, { name: 'old', tags })
    await inTransaction(w.job(), async (ctx) => {
      const make = { orgId: w.org.id, accountId: account.id, poolId: own.id, tags: JSON.stringify(tags) }
      for (const [name, by] of [
        ['new', 'account'],
        ['by hand', 'person'],
      ])
        await ctx.db
          .execute(`insert into resources (org_id, account_id, cloud_resource_id, name, pool_id, tags, assigned_by, first_seen_at, last_seen_at)
          values ('${make.orgId}', '${make.accountId}', '${name}', '${name}', '${make.poolId}', '${make.tags}', '${by}', now(), now())`)
      await assignNewResources(ctx, { accountIds: [account.id] })
    })
    expect(await places()).toMatchObject({
      new: { pool_id: team.id },
      old: { pool_id: w.root.id },
      'by hand': { pool_id: own.id, assigned_by: 'person' },
    })
  })

  it('fall to the root when their account has no pool', async () => {
    const loose = await w.account('gcp', { poolId: null })
    const { id } = await w.resource(loose, { name: 'loose', poolId: team.id })
    await inTransaction(w.job(), (ctx) => assignNewResources(ctx, { accountIds: [loose.id], resourceIds: [id] }))
    expect((await places()).loose).toMatchObject({ pool_id: w.root.id })
  })
})

describe('applying the rules again', () => {
  it('overrides people, moves the spend exactly, and changes nothing the second time', async () => {
    await tagRule('r', 'web')
    const one = await w.resource(account, {
      name: 'one',
      tags: { team: 'web' },
      assignedBy: 'person',
      ownerId: priya.id,
    })
    await w.resource(account, { name: 'two' })
    await w.spend(one, { '2026-10-31': '1.000000000001', '2026-11-01': 2 })
    const rev = async () => (await w.database.sql`select sum(rev)::int as sum from resources`)[0]!.sum
    expect(await reapplyRules(w.as(), {})).toEqual({ processed: 2, updated: 2 })
    const before = await rev()
    const range = { from: '2026-10-01', to: '2026-11-30' }
    const byPool = await breakdown(w.as(), { scope: {}, groupBy: 'pool', range, grain: 'month' })
    expect(byPool.groups.map(({ label, total }) => [label, total])).toEqual([['Team', '3.000000000001']])
    expect(await reapplyRules(w.as(), {})).toEqual({ processed: 2, updated: 0 })
    expect(await rev()).toBe(before)
  })

  it('takes as many statements for a thousand resources as for one', async () => {
    for (const name of ['a', 'b', 'c']) await tagRule(name, name)
    const { sql } = w.database
    const fill = (count: number) => sql`
      insert into resources (org_id, account_id, cloud_resource_id, pool_id, tags, first_seen_at, last_seen_at)
      select ${w.org.id}, ${account.id}, 'r-' || gen_random_uuid(), ${w.root.id},
        jsonb_build_object('team', chr(97 + n % 4)), now(), now() from generate_series(1, ${count}) n`
    let statements = 0
    const db = drizzle(sql, { logger: { logQuery: () => (statements += 1) } })
    const count = async () => {
      statements = 0
      const { updated } = await reapplyRules({ ...w.as(), db }, {})
      return { statements, updated }
    }
    await fill(4)
    // From the second time on the jobs it queues join those that wait.
    await count()
    await fill(4)
    const few = await count()
    await fill(1000)
    const many = await count()
    expect(few.updated).toBe(4)
    expect(many).toEqual({ statements: few.statements, updated: 1000 })
    expect(await sql`select pool_id from resources where pool_id = ${team.id}`).toHaveLength(756)
  })

  it('can be limited to a pool, with its sub-pools on request, and runs as a job that joins equal requests', async () => {
    const squad = await w.pool('Squad', { parentId: team.id })
    await w.resource(account, { name: 'inside', poolId: team.id })
    await w.resource(account, { name: 'below', poolId: squad.id })
    await w.resource(account, { name: 'outside' })
    const tom = await w.person('Tom', 'manager', team.id)
    await expect(requestReapply(w.as(tom), {})).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(requestReapply(w.as(priya), { poolId: team.id })).rejects.toMatchObject({ kind: 'forbidden' })
    await requestReapply(w.as(tom), { poolId: team.id })
    await requestReapply(w.as(tom), { poolId: team.id })
    expect(await w.runJobs([reapplyJob])).toEqual(['reapply-rules'])
    expect(await places()).toMatchObject({
      inside: { pool_id: own.id },
      below: { pool_id: squad.id },
      outside: { pool_id: w.root.id },
    })
    await requestReapply(w.as(tom), { poolId: team.id })
    await requestReapply(w.as(tom), { poolId: team.id, subPools: true })
    expect(await w.runJobs([reapplyJob])).toEqual(['reapply-rules', 'reapply-rules'])
    expect(await places()).toMatchObject({ below: { pool_id: own.id }, outside: { pool_id: w.root.id } })
  })

  it('switches off a rule whose owner lost the right, says so once, and goes on with the others', async () => {
    await createRule(w.as(), {
      name: 'low',
      conditions: [{ kind: 'tag-exists', key: 'team' }],
      poolId: own.id,
      ownerId: null,
    })
    await createRule(w.as(), {
      name: 'top',
      conditions: [{ kind: 'tag-exists', key: 'team' }],
      poolId: team.id,
      ownerId: priya.id,
    })
    await w.resource(account, { name: 'one', tags: { team: 'x' } })
    const { sql } = w.database
    await sql`delete from memberships where person_id = ${priya.id}`
    await reapplyRules(w.as(), {})
    await reapplyRules(w.as(), {})
    expect((await places()).one).toMatchObject({ pool_id: own.id })
    expect(await sql`select name, active from rules order by name`).toEqual([
      { name: 'low', active: true },
      { name: 'top', active: false },
    ])
    expect(await sql`select 1 from events where name = 'rule.switched-off'`).toHaveLength(1)
    expect(await sql`select kind, person_ids from notifications`).toEqual([
      { kind: 'rule-off', person_ids: [w.lea.id] },
    ])
  })

  it('never touches the neighbours', async () => {
    const theirs = await neighbours(w)
    await createRule(w.as(), { name: 'all', conditions: [{ kind: 'name-contains', value: 'secret' }], poolId: team.id })
    expect(await reapplyRules(w.as(), {})).toEqual({ processed: 0, updated: 0 })
    const [row] = await w.database.sql`select pool_id from resources where id = ${theirs.resource.id}`
    expect(row!.pool_id).toBe(theirs.pool.id)
  })
})
