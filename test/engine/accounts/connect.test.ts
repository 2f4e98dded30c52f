import { beforeEach, describe, expect, it } from 'vitest'
import { listRules } from '../../../db/queries/assignments.ts'
import { listAccounts } from '../../../db/queries/cloud-accounts.ts'
import { findEnvironment } from '../../../db/queries/environments.ts'
import { listPools } from '../../../db/queries/pools.ts'
import { connectAccount } from '../../../engine/accounts/connect.ts'
import { freeName } from '../../../engine/accounts/own-pool.ts'
import { openCredentials } from '../../../engine/accounts/credentials.ts'
import { listConnectForms } from '../../../engine/accounts/forms.ts'
import { removeAccount } from '../../../engine/accounts/remove.ts'
import { updateAccount } from '../../../engine/accounts/update.ts'
import { createRule } from '../../../engine/assignment/rules.ts'
import { bookEnvironment } from '../../../engine/environments/bookings.ts'
import { deleteEnvironment, markShared } from '../../../engine/environments/environment.ts'
import discover from '../../../engine/jobs/discover.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { cloudWorld, key } from '../cloud-world.ts'

const w = await cloudWorld()
const { aws } = w
const connect = (name: string, more: object = {}) =>
  connectAccount(w.as(), { cloud: 'aws', name, credentials: key, ...more })
const waiting = (accountId: string) =>
  w.database.sql`select name from pgboss.job where data->>'accountId' = ${accountId} and state < 'active' order by name`
const pools = async () => (await listPools(w.deps.db, w.org.id)).map((pool) => pool.name)

beforeEach(async () => {
  aws.heal()
  aws.state.accountId = '111122223333'
  aws.state.keys = { [key.accessKeyId]: key.secretAccessKey }
  aws.state.regions = { 'us-east-1': emptyRegion() }
  aws.state.buckets = { bills: new Map() }
  for (const account of await listAccounts(w.deps.db, { orgId: w.org.id })) {
    w.clock.advance(60_000)
    await removeAccount(w.as(), { accountId: account.id })
  }
})

describe('connecting an account', () => {
  it('makes its pool and its last rule, seals the key, and reads inventory at once', async () => {
    await createRule(w.as(), { name: 'web', conditions: [{ kind: 'name-contains', value: 'web' }], poolId: w.root.id })
    const account = await connect('Production', { settings: { bucket: 'bills', prefix: '' } })
    expect(account).toMatchObject({
      name: 'Production',
      cloudAccountId: '111122223333',
      health: 'no_data_yet',
      settings: { bucket: 'bills' },
    })
    expect(account.credentials).not.toContain(key.secretAccessKey)
    expect(openCredentials(w.deps, account)).toEqual(key)
    expect(() => openCredentials(w.deps, { ...account, id: w.org.id })).toThrow()
    const pool = (await listPools(w.deps.db, w.org.id)).find((each) => each.id === account.poolId)
    expect(pool).toMatchObject({ name: 'Production', parentId: w.root.id, defaultOwnerId: w.lea.id })
    const rules = await listRules(w.deps.db, { orgId: w.org.id })
    expect(rules.map((rule) => rule.priority)).toEqual(rules.map((_, n) => n + 1))
    expect(rules.at(-1)).toMatchObject({
      poolId: pool!.id,
      ownerId: w.lea.id,
      conditions: [{ kind: 'source-is', value: account.id }],
    })
    aws.state.regions['us-east-1']!.volumes.push({
      id: 'vol-1',
      sizeGib: 1,
      type: 'gp3',
      createdAt: new Date('2026-01-01'),
    })
    await w.runJobs([discover])
    expect((await w.inventory(account))['vol-1']).toMatchObject({
      poolId: pool!.id,
      ownerId: w.lea.id,
      assignedBy: 'rule',
    })
    const [event] = await w.database
      .sql`select after from events where name = 'account.connected' and subject_id = ${account.id}`
    expect(JSON.stringify(event)).not.toContain(key.secretAccessKey)
  })

  it('refuses the same account twice and names the one that is there', async () => {
    const first = await connect('First')
    await expect(connect('Second')).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('connected already, as First'),
      detail: { facts: { accountId: first.id } },
    })
    expect(await pools()).not.toContain('Second')
  })

  it('lets one of two through that connect the same account at once', async () => {
    const results = await Promise.allSettled([connect('One'), connect('Two')])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ kind: 'conflict' })
    expect(await listAccounts(w.deps.db, { orgId: w.org.id })).toHaveLength(1)
  })

  it('refuses a key that AWS refuses and connects nothing', async () => {
    const before = await pools()
    const wrong = connect('Wrong', { credentials: { ...key, secretAccessKey: 'not-the-secret-of-it' } })
    await expect(wrong).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'credentials' } })
    const short = connect('Short', { credentials: { ...key, accessKeyId: 'x' } })
    await expect(short).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'accessKeyId' } })
    aws.trouble({ kind: 'broken' })
    await expect(connect('Broken')).rejects.toMatchObject({ kind: 'upstream' })
    expect(await listAccounts(w.deps.db, { orgId: w.org.id })).toEqual([])
    expect(await pools()).toEqual(before)
  })

  it('takes an account without a key, whose bills are uploaded, and reads nothing of it', async () => {
    const account = await connectAccount(w.as(), { cloud: 'focus', name: 'Snowflake' })
    expect(account).toMatchObject({ cloudAccountId: 'Snowflake', credentials: null })
    expect(await waiting(account.id)).toEqual([])
  })

  it('is for organization managers', async () => {
    const engineer = await w.person('Eve', 'engineer')
    const ctx = w.as(engineer)
    await expect(connectAccount(ctx, { cloud: 'aws', name: 'Mine', credentials: key })).rejects.toMatchObject({
      kind: 'forbidden',
    })
    const account = await connect('Ours')
    await expect(updateAccount(ctx, { accountId: account.id, name: 'Mine' })).rejects.toMatchObject({
      kind: 'forbidden',
    })
    await expect(removeAccount(ctx, { accountId: account.id })).rejects.toMatchObject({ kind: 'forbidden' })
  })

  it('asks for what the cloud needs, with the policy to paste', () => {
    const [form] = listConnectForms(w.as())
    expect(form).toMatchObject({
      cloud: 'aws',
      ways: [
        {
          title: 'Access key',
          fields: [
            { name: 'accessKeyId', label: 'Access key ID', secret: false, required: true },
            { name: 'secretAccessKey', label: 'Secret access key', secret: true, required: true },
          ],
        },
        {
          title: 'Role',
          fields: [
            { name: 'roleArn', required: true },
            { name: 'externalId', label: 'External ID' },
          ],
        },
      ],
    })
    expect(form!.settings).toContainEqual(expect.objectContaining({ name: 'prefix', label: 'Prefix', required: false }))
    expect(JSON.parse(form!.policy!).Statement[0].Action).toContain('ec2:DescribeVolumes')
  })

  it('numbers the names of pools', () => {
    expect(freeName('Prod', ['dev'])).toBe('Prod')
    expect(freeName('Prod', ['prod', 'Prod 1', 'Prod 3'])).toBe('Prod 2')
  })
})

describe('changing an account', () => {
  it('takes a new key of the same account, forgets what was wrong and reads again', async () => {
    const account = await connect('Changing')
    aws.state.keys = { AKIANEWKEY0000000001: 'the-new-secret-key-0001' }
    await w.runJobs([discover])
    const [sick] = await listAccounts(w.deps.db, { orgId: w.org.id })
    expect(sick).toMatchObject({ health: 'bad_credentials' })
    const credentials = { accessKeyId: 'AKIANEWKEY0000000001', secretAccessKey: 'the-new-secret-key-0001' }
    const well = await updateAccount(w.as(), { accountId: account.id, credentials })
    expect(well).toMatchObject({ health: 'no_data_yet', healthDetail: null })
    expect(openCredentials(w.deps, well)).toEqual(credentials)
    expect(await waiting(account.id)).toContainEqual({ name: 'discover' })
    const [event] = await w.database
      .sql`select before, after from events where name = 'account.changed' and subject_id = ${account.id}`
    expect(event).toMatchObject({ before: { credentials: '•••' }, after: { credentials: '•••' } })
  })

  it('refuses the key of another account', async () => {
    const account = await connect('Steady')
    aws.state.accountId = '999988887777'
    await expect(updateAccount(w.as(), { accountId: account.id, credentials: key })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('belongs to the account 999988887777'),
    })
  })

  it('refuses the name of another account', async () => {
    await connectAccount(w.as(), { cloud: 'focus', name: 'Taken' })
    const account = await connect('Free')
    await expect(updateAccount(w.as(), { accountId: account.id, name: 'taken' })).rejects.toMatchObject({
      kind: 'conflict',
      detail: { field: 'name' },
    })
    expect(await updateAccount(w.as(), { accountId: account.id, name: 'Freed', importPeriodHours: 6 })).toMatchObject({
      name: 'Freed',
      importPeriodHours: 6,
    })
  })
})

describe('removing an account', () => {
  it('erases its key, resources and spend, keeps its pool, and it can be connected again', async () => {
    const account = await connect('Leaving')
    const other = await w.account()
    const gone = await w.resource(account)
    const kept = await w.resource(other)
    for (const resource of [gone, kept]) await w.spend(resource, { '2026-11-01': '5' })
    w.clock.advance(60_000)
    await removeAccount(w.as(), { accountId: account.id })
    const { sql } = w.database
    expect(
      await sql`select credentials, deleted_at is not null as removed from accounts where id = ${account.id}`,
    ).toEqual([{ credentials: null, removed: true }])
    for (const table of ['expenses', 'spend_days', 'spend_months', 'resources'])
      expect(await sql`select account_id from ${sql(table)} where account_id in (${account.id}, ${other.id})`).toEqual([
        { account_id: other.id },
      ])
    const rules = await listRules(w.deps.db, { orgId: w.org.id })
    expect(rules.some((rule) => rule.conditions.some((condition) => condition.value === account.id))).toBe(false)
    expect(await pools()).toContain('Leaving')
    expect(await w.runJobs([discover])).toContain('discover')
    expect(await w.inventory(account)).toEqual({})
    const again = await connect('Leaving')
    expect(again.id).not.toBe(account.id)
    expect(await pools()).toContain('Leaving 1')
  })

  it('leaves environments that were its machines as ones made by hand, with their bookings', async () => {
    const account = await connect('Shared')
    const machine = (name: string) => w.resource(account, { name, cloudResourceId: name, type: 'Instance' })
    const [web, old] = [await machine('web'), await machine('old')]
    const shared = await markShared(w.as(), { resourceId: web.id })
    const gone = await markShared(w.as(), { resourceId: old.id })
    await w.database.sql`update resources set active = false where id = ${old.id}`
    const [startsAt, endsAt] = [w.clock.now(), new Date(w.clock.now().getTime() + 3_600_000)]
    await bookEnvironment(w.as(), { environmentId: shared.id, startsAt, endsAt })
    await removeAccount(w.as(), { accountId: account.id })
    const where = { orgId: w.org.id, now: w.clock.now() }
    expect(await findEnvironment(w.deps.db, { ...where, id: shared.id })).toMatchObject({
      ...{ name: 'web', resourceId: null, available: true },
      current: { holder: w.lea.name },
    })
    expect(await findEnvironment(w.deps.db, { ...where, id: gone.id })).toMatchObject({ available: false })
    const events = await w.database.sql`select before from events where name = 'environment.unlinked'
      and subject_id = ${shared.id}`
    expect(events).toEqual([{ before: { resourceId: web.id, account: 'Shared' } }])
    await deleteEnvironment(w.as(), { environmentId: shared.id })
    expect(await findEnvironment(w.deps.db, { ...where, id: shared.id })).toBeNull()
  })
})
