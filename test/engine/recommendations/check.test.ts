import { and, eq, sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setOption } from '../../../db/queries/organizations.ts'
import { findCheckSchedule, listFindings, type FindingRow } from '../../../db/queries/recommendations.ts'
import { accounts, discoveries, imports, type Account } from '../../../db/schema/cloud-accounts.ts'
import { notifications } from '../../../db/schema/notifications.ts'
import { options } from '../../../db/schema/organizations.ts'
import { pools } from '../../../db/schema/pools.ts'
import { archivedFindings, checkResults } from '../../../db/schema/recommendations.ts'
import { resources } from '../../../db/schema/resources.ts'
import { inventoryKinds, resourceTypes } from '../../../db/vocabulary.ts'
import { finishImport } from '../../../engine/ingest/import-outcome.ts'
import due from '../../../engine/jobs/check-recommendations-due.ts'
import check from '../../../engine/jobs/check-recommendations.ts'
import { checkRecommendations } from '../../../engine/recommendations/check.ts'
import { dismissFinding } from '../../../engine/recommendations/dismiss.ts'
import { checkSoon, forceCheck } from '../../../engine/recommendations/force-check.ts'
import { setOptions } from '../../../engine/recommendations/options.ts'
import { snoozeFinding } from '../../../engine/recommendations/snooze.ts'
import { hourMs } from '../../../engine/time.ts'
import { daily, daysAgo, now } from '../../recommendations/tester.ts'
import { world, type World } from '../../world.ts'

const volumes = 'volumes_not_attached_for_a_long_time'
let w: World

/** A volume detached for 5 days that costs `cost` a day. */
async function volume(account: Account, cost = 0.5, more: Parameters<World['resource']>[1] = {}) {
  const resource = await w.resource(account, { type: 'Volume', attached: false, lastAttachedAt: daysAgo(5), ...more })
  const days = Object.entries(daily(cost, 4)).map(([ago, amount]) => [
    daysAgo(Number(ago)).toISOString().slice(0, 10),
    amount,
  ])
  await w.spend(resource, Object.fromEntries(days))
  return resource
}

/** An account that was read in all its parts. */
async function readAccount(): Promise<Account> {
  const account = await w.account('aws', { lastImportAt: now, credentials: 'sealed' })
  const parts = [...resourceTypes, ...inventoryKinds]
  const row = { orgId: w.org.id, accountId: account.id, region: '', lastDiscoveryAt: now }
  await w.database.db.insert(discoveries).values(parts.map((resourceType) => ({ ...row, resourceType })))
  return account
}

const found = (recommendation = volumes): Promise<FindingRow[]> =>
  listFindings(w.database.db, { orgId: w.org.id, now: w.clock.now(), recommendation })
const run = () => checkRecommendations(w.job('check-recommendations'))
const archive = () => w.database.db.select().from(archivedFindings)
const queued = async () =>
  (
    await w.database
      .sql`select count(*)::int as count from pgboss.job where name = 'check-recommendations' and state = 'created'`
  )[0]!.count

beforeAll(async () => {
  w = await world()
})
beforeEach(async () => {
  w.clock.set(now)
  await w.database
    .sql`truncate findings, archived_findings, dismissals, check_results, check_schedules, options, notifications, expenses, resources, accounts cascade`
  await w.database.sql`delete from pgboss.job`
})

describe('a check', () => {
  it('stores what each recommendation finds, once, however often it runs', async () => {
    await volume(await readAccount())
    expect(await run()).toEqual({ added: 1, changed: 0, ended: 0, failed: 0 })
    const [first] = await found()
    expect(first).toMatchObject({
      saving: '15',
      status: 'active',
      accountName: expect.stringContaining('aws') as string,
    })
    w.clock.advance(3 * hourMs)
    expect(await run()).toMatchObject({ added: 0 })
    expect(await found()).toHaveLength(1)
  })

  it('writes no finding when nothing changed', async () => {
    await volume(await w.account())
    await run()
    const versions = () =>
      w.database.sql`select id, xmin::text, ctid::text, detected_at, checked_at from findings order by id`
    const before = await versions()
    w.clock.advance(5 * 60_000)
    expect(await run()).toMatchObject({ added: 0, changed: 0, ended: 0 })
    expect(await versions()).toEqual(before)
  })

  it('keeps when a finding was detected while its cost changes', async () => {
    const resource = await volume(await w.account())
    await run()
    w.clock.advance(3 * hourMs)
    await w.spend(resource, { [now.toISOString().slice(0, 10)]: 3 })
    expect(await run()).toMatchObject({ added: 0, changed: 1, ended: 0 })
    expect((await found())[0]).toMatchObject({ saving: '30', detectedAt: now, checkedAt: w.clock.now() })
  })

  it('keeps the finding of a resource that was forgotten and seen again, and lets it be about the one of now', async () => {
    const account = await w.account()
    const forgotten = await volume(account)
    await run()
    const [before] = await found()
    await w.database.db.delete(resources).where(eq(resources.id, forgotten.id))
    const again = await volume(account, 0.5, { cloudResourceId: forgotten.cloudResourceId })
    w.clock.advance(3 * hourMs)
    expect(await run()).toMatchObject({ added: 0, changed: 1, ended: 0 })
    expect(await found()).toMatchObject([{ id: before!.id, resourceId: again.id, detectedAt: now }])
    expect(await archive()).toEqual([])
    expect(await run()).toMatchObject({ added: 0, changed: 0, ended: 0 })
  })

  it('keeps a failing account’s last good findings, says why, and goes on with the others', async () => {
    const [broken, healthy] = [await w.account(), await w.account()]
    await volume(broken)
    await run()
    await volume(healthy)
    await setOption(w.database.db, { orgId: w.org.id, name: `recommendation_${volumes}`, value: { days_threshold: 2 } })
    await w.database.sql.unsafe(`
      create function break_one() returns trigger language plpgsql as $$
      begin if new.account_id = '${healthy.id}' then return new; end if; raise exception 'disk full'; end $$;
      create trigger break_one before insert or update or delete on findings for each row execute function break_one();`)
    await w.database.sql`update expenses set effective = effective * 2 where account_id = ${broken.id}`
    try {
      await run()
    } finally {
      await w.database.sql.unsafe('drop trigger break_one on findings; drop function break_one();')
    }
    const rows = await found()
    expect(Object.fromEntries(rows.map((row) => [row.accountId, row.saving]))).toEqual({
      [broken.id]: '15',
      [healthy.id]: '15',
    })
    const results = await w.database.db.select().from(checkResults).where(eq(checkResults.recommendation, volumes))
    expect(results.find((r) => r.accountId === broken.id)).toMatchObject({
      error: 'The check could not be finished; what the last good one found is still shown.',
      options: { days_threshold: 1 },
    })
    expect(results.find((r) => r.accountId === healthy.id)).toMatchObject({
      error: null,
      options: { days_threshold: 2 },
    })
  })

  it('says which account has no price list instead of claiming there is nothing to resize', async () => {
    const account = await readAccount()
    await w.resource(account, { hasMetrics: true })
    await run()
    const where = and(eq(checkResults.recommendation, 'rightsizing_instances'), eq(checkResults.accountId, account.id))
    const [result] = await w.database.db.select().from(checkResults).where(where)
    expect(result!.error).toMatch(/no price list of machine types/)
  })

  it('leaves clouds alone that a recommendation does not know', async () => {
    const kubernetes = await w.account('kubernetes')
    await volume(kubernetes)
    expect(await run()).toEqual({ added: 0, changed: 0, ended: 0, failed: 0 })
  })

  it('does nothing while another one runs, and takes over from one that died 12 hours ago', async () => {
    await volume(await w.account())
    await w.database.sql`insert into check_schedules (org_id, next_run_at, last_started_at, running)
      values (${w.org.id}, ${now.toISOString()}, ${new Date(now.getTime() - 12 * hourMs + 1).toISOString()}, gen_random_uuid())`
    expect(await run()).toBeNull()
    w.clock.advance(1)
    expect(await run()).toMatchObject({ added: 1 })
    const schedule = await findCheckSchedule(w.database.db, w.org.id)
    expect(schedule).toMatchObject({ running: null, lastCompletedAt: w.clock.now() })
    expect(schedule!.nextRunAt).toEqual(new Date(w.clock.now().getTime() + 3 * hourMs))
  })

  it('can begin again at once when it was stopped', async () => {
    await volume(await w.account())
    await expect(checkRecommendations(w.job(), { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(await found()).toEqual([])
    expect(await run()).toMatchObject({ added: 1 })
  })
})

describe('people’s decisions', () => {
  it('survive checks: a dismissed finding stays dismissed and is not counted as gone', async () => {
    await volume(await w.account())
    await run()
    await dismissFinding(w.as(), { findingId: (await found())[0]!.id, reason: 'needed in December' })
    w.clock.advance(3 * hourMs)
    await run()
    expect((await found())[0]).toMatchObject({ status: 'dismissed', dismissReason: 'needed in December' })
  })

  it('survive that the finding goes and comes back', async () => {
    const resource = await volume(await w.account())
    await run()
    await dismissFinding(w.as(), { findingId: (await found())[0]!.id })
    await w.database.db.update(resources).set({ attached: true }).where(eq(resources.id, resource.id))
    await run()
    expect(await found()).toEqual([])
    expect(await archive()).toEqual([])
    await w.database.db.update(resources).set({ attached: false }).where(eq(resources.id, resource.id))
    await run()
    expect((await found())[0]).toMatchObject({ status: 'dismissed' })
  })

  it('a snoozed finding is back when its time is over', async () => {
    await volume(await w.account())
    await run()
    await snoozeFinding(w.as(), { findingId: (await found())[0]!.id, days: 2 })
    expect((await found())[0]!.status).toBe('snoozed')
    w.clock.advance(48 * hourMs)
    expect((await found())[0]!.status).toBe('active')
  })
})

describe('options', () => {
  it('that leave out a pool mark its findings and not those of its sub-pools', async () => {
    const account = await w.account()
    const team = await w.pool('team')
    const below = await w.pool('below', { parentId: team.id })
    await volume(account, 0.5, { poolId: team.id })
    await volume(account, 1, { poolId: below.id })
    await setOptions(w.as(), { recommendation: volumes, options: { excluded_pools: { [team.id]: true } } })
    await run()
    expect((await found()).map((row) => [row.poolName, row.status])).toEqual([
      ['below', 'active'],
      ['team', 'excluded'],
    ])
    await setOptions(w.as(), { recommendation: volumes, options: { excluded_pools: {} } })
    await run()
    expect((await found()).map((row) => row.status)).toEqual(['active', 'active'])
  })

  it('are cleaned by the run: deleted pools, switched-off pools, unknown names and unusable values go', async () => {
    await w.account()
    const [kept, off, deleted] = [await w.pool('kept'), await w.pool('off'), await w.pool('deleted')]
    await w.database.db.delete(pools).where(eq(pools.id, deleted.id))
    const value = {
      excluded_pools: { [kept.id]: true, [off.id]: false, [deleted.id]: true },
      days_threshold: -4,
      isUpdated: true,
    }
    await setOption(w.database.db, { orgId: w.org.id, name: `recommendation_${volumes}`, value })
    await run()
    const [stored] = await w.database.db
      .select()
      .from(options)
      .where(eq(options.name, `recommendation_${volumes}`))
    expect(stored!.value).toEqual({ excluded_pools: { [kept.id]: true }, skip_cloud_accounts: [], days_threshold: 1 })
  })

  it('keep what is usable of a list when one entry of it is not', async () => {
    const account = await w.account()
    const team = await w.pool('usable')
    const [pool, other] = [team.id, await w.pool('other')]
    await volume(account, 0.5, { poolId: pool })
    const value = {
      excluded_pools: { [pool]: true, 'the team': true, [other.id]: 'yes' },
      skip_cloud_accounts: ['all of them', account.id],
    }
    await setOption(w.database.db, { orgId: w.org.id, name: `recommendation_${volumes}`, value })
    await run()
    const [stored] = await w.database.db.select().from(options)
    expect(stored!.value).toEqual({
      excluded_pools: { [pool]: true },
      skip_cloud_accounts: [account.id],
      days_threshold: 1,
    })
    expect(await found()).toEqual([])
  })

  it.each(['(?<size>m5)', '((x{250}){250}){250}', 'm5[', '\u0000'])(
    'with the pattern %j, which the database cannot match, are refused, and cleaned when they are there',
    async (pattern) => {
      const recommendation = 'rightsizing_instances'
      await expect(setOptions(w.as(), { recommendation, options: { excluded_flavor_regex: pattern } })).rejects.toThrow(
        'Leave out machine types like is not a regular expression. Nothing was changed.',
      )
      if (pattern === '\u0000') return
      const value = { excluded_flavor_regex: pattern, days_threshold: 5 }
      await setOption(w.database.db, { orgId: w.org.id, name: `recommendation_${recommendation}`, value })
      await w.account()
      await run()
      const [stored] = await w.database.db.select().from(options)
      expect(stored!.value).toMatchObject({ excluded_flavor_regex: '', days_threshold: 5 })
    },
  )

  it('with a pattern only the database knows are taken', async () => {
    const options = { excluded_flavor_regex: '(?i)^M5' }
    expect(await setOptions(w.as(), { recommendation: 'rightsizing_instances', options })).toMatchObject({
      after: options,
    })
  })

  it('that end a finding archive it as changed settings', async () => {
    await volume(await w.account())
    await run()
    await setOptions(w.as(), { recommendation: volumes, options: { days_threshold: 30 } })
    await run()
    expect(await found()).toEqual([])
    expect(await archive()).toMatchObject([{ reason: 'options_changed', saving: '15', detectedAt: now }])
  })

  it('that skip an account end its findings as changed settings', async () => {
    const account = await w.account()
    await volume(account)
    await run()
    await setOptions(w.as(), { recommendation: volumes, options: { skip_cloud_accounts: [account.id] } })
    await run()
    expect(await found()).toEqual([])
    expect((await archive()).map((row) => row.reason)).toEqual(['options_changed'])
  })

  it('that skip an account say nothing about what it lacks', async () => {
    const account = await readAccount()
    await w.database.sql`delete from discoveries where resource_type = 'user'`
    expect(await run()).toMatchObject({ failed: 2 })
    const options = { skip_cloud_accounts: [account.id] }
    for (const recommendation of ['inactive_users', 'inactive_console_users'])
      await setOptions(w.as(), { recommendation, options })
    expect(await run()).toMatchObject({ failed: 0 })
  })

  it.each([
    [{ days_threshold: 366 }, 'Not attached for must be a whole number of days from 0 to 365. Nothing was changed.'],
    [{ days_threshold: '3' }, 'Not attached for must be a whole number of days from 0 to 365. Nothing was changed.'],
    [{ depth: 3 }, 'Not attached volumes has no setting "depth". Nothing was changed.'],
  ])('%o is refused', async (wanted, message) => {
    await expect(setOptions(w.as(), { recommendation: volumes, options: wanted })).rejects.toThrow(message)
    expect(await w.database.db.select().from(options)).toEqual([])
  })

  it('name the choices when a value is not one of them', async () => {
    const wanted = { recommendation: 'rightsizing_instances', options: { metric_type: 'mean' } }
    await expect(setOptions(w.as(), wanted)).rejects.toThrow('CPU measured as must be one of avg, qtl50, qtl99, max')
  })

  it('are for organization managers', async () => {
    const max = await w.person('Max')
    await expect(setOptions(w.as(max), { recommendation: volumes, options: {} })).rejects.toThrow(
      'Nothing was changed.',
    )
  })
})

describe('an account that goes', () => {
  it.each([
    ['is disconnected', { deletedAt: now }],
    ['is no longer checked', { processRecommendations: false }],
  ])('%s ends its findings as such', async (_, set) => {
    const [going, staying] = [await w.account(), await w.account()]
    await volume(going)
    await volume(staying)
    await run()
    await w.database.db.update(accounts).set(set).where(eq(accounts.id, going.id))
    expect(await run()).toMatchObject({ ended: 1 })
    expect((await found()).map((row) => row.accountId)).toEqual([staying.id])
    expect(await archive()).toMatchObject([{ accountId: going.id, reason: 'cloud_account_deleted' }])
  })
})

describe('an account that is disconnected in the middle of a check', () => {
  it('ends as disconnected, not as if its advice had been followed, and no finding of it comes back', async () => {
    const [going, staying] = [await w.account(), await w.account()]
    await volume(going)
    await volume(staying)
    await run()
    await volume(going)
    const remove = `delete from expenses where account_id = '${going.id}';
      
      update accounts set deleted_at = now() where id = '${going.id}';`
    await w.database.sql.unsafe(`
      create function remove_one() returns trigger language plpgsql as $$
      begin ${remove} return new; end $$;
      create trigger remove_one before update on check_results for each row
      when (new.recommendation = 'obsolete_ips') execute function remove_one();`)
    try {
      await run()
    } finally {
      await w.database.sql.unsafe('drop trigger remove_one on check_results; drop function remove_one();')
    }
    expect((await found()).map((row) => row.accountId)).toEqual([staying.id])
    expect((await archive()).map((row) => [row.accountId, row.reason])).toEqual([[going.id, 'cloud_account_deleted']])
  })
})

describe('the timetable', () => {
  it('checks an organization with an account every 3 hours', async () => {
    await volume(await w.account())
    expect(await w.runJobs([due, check])).toEqual([])
    await due.run({}, { deps: w.deps, contextFor: () => w.job(), signal: new AbortController().signal })
    expect(await w.runJobs([check])).toEqual(['check-recommendations'])
    expect(await found()).toHaveLength(1)
    const tick = async () => {
      await due.run({}, { deps: w.deps, contextFor: () => w.job(), signal: new AbortController().signal })
      return w.runJobs([check])
    }
    w.clock.advance(3 * hourMs - 1)
    expect(await tick()).toEqual([])
    w.clock.advance(1)
    expect(await tick()).toEqual(['check-recommendations'])
  })

  it('leaves organizations without accounts alone', async () => {
    await due.run({}, { deps: w.deps, contextFor: () => w.job(), signal: new AbortController().signal })
    expect(await queued()).toBe(0)
  })

  it('a forced check runs at once', async () => {
    await volume(await w.account())
    await run()
    await forceCheck(w.as())
    expect(await w.runJobs([check])).toEqual(['check-recommendations'])
    await expect(forceCheck(w.as(await w.person('Mia')))).rejects.toThrow('You cannot force a check.')
  })

  it('a check forced during another one follows it', async () => {
    await volume(await w.account())
    await w.database.sql.unsafe(`
      create function force_one() returns trigger language plpgsql as $$
      begin update check_schedules set next_run_at = '${now.toISOString()}'; return new; end $$;
      create trigger force_one after insert on findings for each row execute function force_one();`)
    try {
      await run()
    } finally {
      await w.database.sql.unsafe('drop trigger force_one on findings; drop function force_one();')
    }
    expect(await queued()).toBe(1)
    expect(await w.runJobs([check])).toEqual(['check-recommendations'])
    expect((await findCheckSchedule(w.database.db, w.org.id))!.nextRunAt).toEqual(new Date(now.getTime() + 3 * hourMs))
    expect(await queued()).toBe(0)
  })

  it('an account’s first import is followed by a check, later ones are not', async () => {
    const account = await w.account()
    await volume(account)
    const finish = async () => {
      const row = {
        orgId: w.org.id,
        accountId: account.id,
        source: 'upload',
        title: 'bill',
        state: 'completed',
      } as const
      const [made] = await w.database.db.insert(imports).values(row).returning()
      await finishImport(w.job(), { account, row: made!, state: 'completed' })
    }
    await finish()
    expect(await w.runJobs([check])).toEqual(['check-recommendations'])
    expect(await found()).toHaveLength(1)
    await finish()
    expect(await w.runJobs([check])).toEqual([])
  })

  it('a check asked for while one runs waits for its end', async () => {
    await w.account()
    const running = '00000000-0000-4000-8000-000000000000'
    await w.database.sql`insert into check_schedules (org_id, next_run_at, last_started_at, running)
      values (${w.org.id}, ${now.toISOString()}, ${now.toISOString()}, ${running})`
    await checkSoon(w.job())
    expect(await w.runJobs([check])).toEqual(['check-recommendations'])
    expect(await findCheckSchedule(w.database.db, w.org.id)).toMatchObject({ nextRunAt: now, running })
  })
})

describe('new savings', () => {
  const told = () => w.database.db.select().from(notifications).where(eq(notifications.kind, 'savings-found'))

  it('are told to organization managers, once a day', async () => {
    const account = await w.account()
    await volume(account)
    await run()
    await volume(account, 100)
    await run()
    const subject = { subjectKind: 'organization', subjectId: w.org.id }
    expect(await told()).toMatchObject([{ personIds: [w.lea.id], ...subject }])
  })

  it('are not told for growth of up to 10 per cent', async () => {
    const account = await w.account()
    await volume(account, 10)
    await run()
    w.clock.advance(24 * hourMs)
    await volume(account, 1)
    await run()
    expect(await told()).toHaveLength(1)
    await volume(account, 1.2)
    await run()
    expect(await told()).toHaveLength(2)
  })

  it('are told when findings only got bigger, too', async () => {
    await volume(await w.account())
    await run()
    w.clock.advance(24 * hourMs)
    await w.database.db.execute(sql`update expenses set effective = effective * 10, day = day + 1`)
    expect(await run()).toMatchObject({ added: 0, changed: 1 })
    expect(await told()).toHaveLength(2)
  })
})
