import { mkdir, readdir, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { insertImport } from '../../../db/queries/imports.ts'
import { insertSession } from '../../../db/queries/organizations.ts'
import { insertSeen } from '../../../db/queries/slack-seen.ts'
import sweep from '../../../engine/jobs/sweep.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world({ now: '2026-11-23T10:00:00Z' })
})

it('forgets replays after a day and load after thirteen months, whole months at a time', async () => {
  const { sql } = w.database
  await sql`select ensure_months('metric_points', '2025-08-01', '2025-12-01')`
  for (const [key, at] of [
    ['old', '2026-11-22T09:59:00Z'],
    ['fresh', '2026-11-22T10:01:00Z'],
  ] as const)
    await insertSeen(w.deps.db, { key, at: new Date(at) })
  await w.deps.boss.send('sweep', {})
  await w.runJobs([sweep])
  expect(await sql`select key from slack_seen`).toEqual([{ key: 'fresh' }])
  const months = await sql`select relname from pg_class where relname ~ '^metric_points_2025\\d\\d$' order by 1`
  expect(months.map(({ relname }) => String(relname).slice(-2))).toEqual(['10', '11', '12'])
})

it('forgets what was told: messages and clicks after 90 days unless their card lives, causes after thirteen months', async () => {
  const { sql } = w.database
  const [long, old, young] = ['2025-10-22T00:00:00Z', '2026-08-24T00:00:00Z', '2026-08-26T00:00:00Z']
  const orgId = w.org.id
  const deliver = (id: string, at: string, more: object) =>
    sql`insert into slack_deliveries ${sql({
      ...{ org_id: orgId, key: `${id} ${at}`, team_id: 'T1', lane: 'C1', priority: 5, message: 'booking-card' },
      ...{ facts: '{}', subject_kind: 'booking', subject_id: id, not_before: at, created_at: at, ...more },
    })}`
  for (const at of [old, young]) {
    await deliver('over', at, { delivered_at: at, ts: '1.1' })
    await deliver('living', at, { delivered_at: at, ts: '1.2' })
    await deliver('failed', at, { failure: 'archived' })
    await deliver('waiting', at, {})
    for (const id of ['over', 'living'])
      await sql`insert into slack_receipts ${sql({
        ...{ org_id: orgId, subject_kind: 'booking', subject_id: id, rev: at === old ? 1 : 2, verb: 'release' },
        ...{ person_id: w.lea.id, settled_at: at },
      })}`
  }
  for (const [id, live] of [
    ['over', false],
    ['living', true],
  ] as const)
    await sql`insert into slack_copies ${sql({
      ...{ org_id: orgId, message: 'booking-card', subject_kind: 'booking', subject_id: id, team_id: 'T1' },
      ...{ channel: 'C1', ts: id, live, posted_at: old },
    })}`
  await sql`insert into notifications (org_id, kind, key, created_at)
    select ${orgId}, 'ttl-ending', n::text, ${long} from generate_series(1, 12000) n`
  await sql`insert into notifications (org_id, kind, key, created_at) values (${orgId}, 'ttl-ending', 'told', ${old})`
  await w.deps.boss.send('sweep', {})
  await w.runJobs([sweep])
  const left = async (table: string, at: string) =>
    (await sql`select subject_id as id, ${sql(at)} as at from ${sql(table)} order by 1, 2`).map(
      ({ id, at }) => `${id} ${String(at).slice(0, 10)}`,
    )
  const [kept, fresh] = ['2026-08-24', '2026-08-26']
  expect(await left('slack_deliveries', 'created_at')).toEqual([
    ...[`failed ${fresh}`, `living ${kept}`, `living ${fresh}`, `over ${fresh}`, `waiting ${kept}`, `waiting ${fresh}`],
  ])
  expect(await left('slack_receipts', 'settled_at')).toEqual([`living ${kept}`, `living ${fresh}`, `over ${fresh}`])
  expect(await left('slack_copies', 'posted_at')).toEqual([`living ${kept}`])
  expect(await sql`select key from notifications`).toEqual([{ key: 'told' }])
})

it('forgets who asked to join after 90 days', async () => {
  const { sql } = w.database
  for (const at of ['2026-08-24T00:00:00Z', '2026-08-26T00:00:00Z'])
    await sql`insert into join_requests ${sql({
      ...{ org_id: w.org.id, team_id: 'T1', slack_user_id: at, name: 'Max', asked_at: at },
    })}`
  await w.deps.boss.send('sweep', {})
  await w.runJobs([sweep])
  expect(await sql`select slack_user_id as at from join_requests`).toEqual([{ at: '2026-08-26T00:00:00Z' }])
})

it('removes the files of uploads that were cut off with the process, after a day', async () => {
  for (const [name, at] of [
    ['arriving-old', '2026-11-22T09:00:00Z'],
    ['arriving-now', '2026-11-23T09:00:00Z'],
    ['demo', '2026-01-01T00:00:00Z'],
  ] as const) {
    await mkdir(join(w.deps.spool, name, 'part'), { recursive: true })
    await utimes(join(w.deps.spool, name), new Date(at), new Date(at))
  }
  await w.deps.boss.send('sweep', {})
  await w.runJobs([sweep])
  expect((await readdir(w.deps.spool)).filter((name) => name !== 'bills').toSorted()).toEqual(['arriving-now', 'demo'])
})

it('ends an import that was cut off for good with its event and its report, all or nothing', async () => {
  const { sql } = w.database
  const account = await w.account('aws', { name: 'Prod' })
  const seen = new Date('2026-11-23T03:00:00Z')
  const at = { createdAt: seen, startedAt: seen, updatedAt: seen }
  const { id } = await insertImport(w.deps.db, {
    ...{ orgId: w.org.id, accountId: account.id, source: 'bucket', title: 'Prod 2026-11', state: 'running', ...at },
  })
  const said = () =>
    sql`select i.state, (select count(*)::int from events where subject_id = i.id::text and name = 'import.failed') as events,
      (select count(*)::int from notifications where subject_id = i.id::text and kind = 'import-report') as reports
      from imports i where i.id = ${id}`
  await sql`alter table notifications rename to elsewhere`
  await w.deps.boss.send('sweep', {})
  await expect(w.runJobs([sweep])).rejects.toThrow()
  await sql`alter table elsewhere rename to notifications`
  expect(await said()).toEqual([{ state: 'running', events: 0, reports: 0 }])
  for (let n = 0; n < 2; n += 1) {
    await w.deps.boss.send('sweep', {})
    await w.runJobs([sweep])
    expect(await said()).toEqual([{ state: 'failed', events: 1, reports: 1 }])
  }
})

it('leaves an upload alone that waits for its turn, for two days', async () => {
  const account = await w.account('aws')
  const waiting = async (at: string) => {
    const when = { createdAt: new Date(at), updatedAt: new Date(at) }
    const where = { orgId: w.org.id, accountId: account.id, source: 'upload', title: at } as const
    return (await insertImport(w.deps.db, { ...where, ...when })).id
  }
  const [long, short] = [await waiting('2026-11-21T09:00:00Z'), await waiting('2026-11-21T11:00:00Z')]
  await w.deps.boss.send('sweep', {})
  await w.runJobs([sweep])
  const states = await w.database.sql`select id, state from imports where account_id = ${account.id} order by title`
  expect([...states]).toEqual([
    { id: long, state: 'failed' },
    { id: short, state: 'scheduled' },
  ])
})

it('goes on where a file went away while it was looked at', async () => {
  await mkdir(join(w.deps.spool, 'bills'), { recursive: true })
  await symlink('/nowhere', join(w.deps.spool, 'bills', 'gone'))
  await insertSession(w.deps.db, {
    ...{ hash: 'over', orgId: w.org.id, personId: w.lea.id, csrf: 'c', expiresAt: new Date('2026-11-22T00:00:00Z') },
  })
  await w.deps.boss.send('sweep', {})
  await w.runJobs([sweep])
  expect(await w.database.sql`select 1 from sessions where hash = 'over'`).toHaveLength(0)
})

it('clears away the rest where one part fails, and says that it failed', async () => {
  const { sql } = w.database
  await insertSeen(w.deps.db, { key: 'old', at: new Date('2026-11-22T09:59:00Z') })
  await sql`alter table sessions rename to elsewhere`
  await w.deps.boss.send('sweep', {})
  await expect(w.runJobs([sweep])).rejects.toThrow()
  await sql`alter table elsewhere rename to sessions`
  expect(await sql`select key from slack_seen where key = 'old'`).toHaveLength(0)
})
