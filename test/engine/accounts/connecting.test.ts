import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { listAccounts } from '../../../db/queries/cloud-accounts.ts'
import { sealer } from '../../../db/secrets.ts'
import { connectAccount, type ConnectAccount } from '../../../engine/accounts/connect.ts'
import { openCredentials } from '../../../engine/accounts/credentials.ts'
import { refuseCurrency } from '../../../engine/accounts/currency.ts'
import { externalIdOf } from '../../../engine/accounts/external-id.ts'
import { waysOf } from '../../../engine/accounts/forms.ts'
import { healthOf } from '../../../engine/accounts/health.ts'
import { pauseAccount, resumeAccount } from '../../../engine/accounts/pause.ts'
import { openDraft, previewAccount } from '../../../engine/accounts/preview.ts'
import { recheckAccount } from '../../../engine/accounts/recheck.ts'
import { countRemoval, removeAccount } from '../../../engine/accounts/remove.ts'
import { updateAccount } from '../../../engine/accounts/update.ts'
import { acceptVanished } from '../../../engine/accounts/vanished.ts'
import { collectMetrics } from '../../../engine/ingest/collect-metrics.ts'
import { discoverAccount } from '../../../engine/ingest/discover.ts'
import { importBill } from '../../../engine/ingest/import-bill.ts'
import { refreshPrices } from '../../../engine/ingest/refresh-prices.ts'
import { reachOf } from '../../../engine/power/reach.ts'
import discoverDue from '../../../engine/jobs/discover-due.ts'
import discover from '../../../engine/jobs/discover.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import { cloudWorld, key, roleArn } from '../cloud-world.ts'

const w = await cloudWorld()
const { aws } = w
const asked = (name: string, more: object = {}): ConnectAccount => ({ cloud: 'aws', name, credentials: key, ...more })
const all = () => listAccounts(w.deps.db, { orgId: w.org.id })
const waiting = async (accountId: string) => {
  const rows = await w.database.sql<{ name: string }[]>`
    select name from pgboss.job where data->>'accountId' = ${accountId} and state < 'active' order by name`
  return rows.map(({ name }) => name)
}

beforeEach(async () => {
  aws.heal()
  aws.state.accountId = '111122223333'
  aws.state.keys = { [key.accessKeyId]: key.secretAccessKey }
  aws.state.regions = { 'us-east-1': emptyRegion() }
  aws.state.buckets = {}
  aws.state.reports = []
  aws.state.roles = {
    [roleArn]: { principal: 'arn:aws:iam::999900001111:user/finops', externalId: externalIdOf(w.as()) },
  }
  for (const account of await all()) {
    w.clock.advance(60_000)
    await removeAccount(w.as(), { accountId: account.id })
  }
})

const missingVolumes = 'A permission is missing: ec2:DescribeVolumes (volumes are not seen). Nothing was changed.'

describe('a key sealed with another secret of the installation', () => {
  it('is said on the account, can be saved again, and hides no page', async () => {
    const settings = { bucket: 'bills' }
    aws.state.buckets = { bills: new Map() }
    const account = await connectAccount(w.as(), asked('Moved', { settings }))
    const { secrets } = w.deps
    w.deps.secrets = sealer('the master key of after')
    try {
      const sentence = /^The stored key cannot be opened with this installation's secret \(SECRET_KEY\)/
      const now = async () => (await all()).find(({ id }) => id === account.id)!
      await importBill(w.job(), { accountId: account.id })
      expect(await now()).toMatchObject({ health: 'bad_credentials', healthDetail: expect.stringMatching(sentence) })
      for (const read of [discoverAccount, refreshPrices, collectMetrics])
        await read(w.job(), { accountId: account.id })
      const notes = await w.database.sql`select resource_type from discoveries
        where account_id = ${account.id} and last_error like 'bad_credentials: The stored key%' order by 1`
      expect([...notes]).toEqual([{ resource_type: 'bill' }, { resource_type: 'regions' }])
      expect(waysOf(w.as(), await now())).toMatchObject({ shown: [] })
      await expect(recheckAccount(w.as(), { accountId: account.id })).rejects.toMatchObject({
        ...{ kind: 'invalid', message: expect.stringMatching(sentence) },
      })
      expect(await reachOf(w.job(), account.id)).toMatchObject({
        message: expect.stringContaining('Moved cannot be opened') as string,
      })
      await updateAccount(w.as(), { accountId: account.id, credentials: key, settings, despite: true })
      expect(openCredentials(w.as(), await now())).toEqual(key)
      expect(await now()).toMatchObject({ health: 'no_data_yet', healthDetail: null })
    } finally {
      w.deps.secrets = secrets
    }
  })
})

describe('a key with gaps', () => {
  it('is refused with the exact permission and what will not work, and taken when that is known', async () => {
    aws.trouble({ kind: 'refused', action: 'DescribeVolumes' })
    await expect(connectAccount(w.as(), asked('Gaps'))).rejects.toMatchObject({
      kind: 'invalid',
      message: missingVolumes,
      detail: { field: 'despite' },
    })
    expect(await all()).toEqual([])
    const made = await connectAccount(w.as(), asked('Gaps', { despite: true }))
    expect(made.name).toBe('Gaps')
  })

  it('does not take the place of a good one until somebody says so', async () => {
    const account = await connectAccount(w.as(), asked('Rotating'))
    aws.state.keys['AKIANEWKEY0000000001'] = 'the-new-secret-key-0001'
    const credentials = { accessKeyId: 'AKIANEWKEY0000000001', secretAccessKey: 'the-new-secret-key-0001' }
    aws.trouble({ kind: 'refused', action: 'DescribeVolumes' })
    await expect(updateAccount(w.as(), { accountId: account.id, credentials })).rejects.toMatchObject({
      message: missingVolumes,
    })
    const wrong = { ...credentials, secretAccessKey: 'not-the-new-secret-0001' }
    await expect(updateAccount(w.as(), { accountId: account.id, credentials: wrong })).rejects.toMatchObject({
      kind: 'invalid',
    })
    const [kept] = await all()
    expect(openCredentials(w.deps, kept!)).toEqual(key)
    const rotated = await updateAccount(w.as(), { accountId: account.id, credentials, despite: true })
    expect(openCredentials(w.deps, rotated)).toEqual(credentials)
  })
})

describe('where the bill lies', () => {
  it('is replaced whole, and what people confirmed beside it stays', async () => {
    aws.state.buckets = { bills: new Map(), others: new Map() }
    const account = await connectAccount(w.as(), asked('Confirmed', { settings: { bucket: 'bills', prefix: 'cur' } }))
    await acceptVanished(w.as(), { accountId: account.id })
    const until = (await all())[0]!.settings['vanishedAcceptedUntil']
    expect(until).toBeDefined()
    const changed = await updateAccount(w.as(), { accountId: account.id, settings: { bucket: 'others' } })
    expect(changed.settings).toEqual({ bucket: 'others', vanishedAcceptedUntil: until })
  })
})

describe('a bill in another currency', () => {
  const euros = (lines: Record<string, string>[]) => ({
    bills: new Map([
      [
        'cur/daily/20261001-20261101/daily-Manifest.json',
        {
          body: Buffer.from(
            JSON.stringify({ assemblyId: 'one', reportKeys: ['cur/daily/20261001-20261101/daily-1.csv.gz'] }),
          ),
          lastModified: new Date('2026-11-01'),
        },
      ],
      [
        'cur/daily/20261001-20261101/daily-1.csv.gz',
        { body: gzipSync(awsCsv(lines)), lastModified: new Date('2026-10-31') },
      ],
    ]),
  })
  const settings = { bucket: 'bills', prefix: 'cur', report: 'daily' }
  const refused = {
    kind: 'invalid',
    message:
      'This account is billed in EUR, the organization counts in USD, and nothing is converted. Nothing was changed.',
    detail: { field: 'bucket', next: expect.stringContaining('leave its bill out to read its inventory only') },
  }

  it('is left to the first import where the cloud says nothing for too long', async () => {
    const adapter = w.deps.outside.clouds.aws!
    const bill = { ...adapter.bill!, find: () => new Promise<never>(() => {}) }
    const outside = { ...w.deps.outside, clouds: { aws: { ...adapter, bill } } }
    const look = { cloud: 'aws', credentials: key, settings, patienceMs: 50 } as const
    await expect(refuseCurrency({ ...w.as(), outside }, look)).resolves.toBeUndefined()
  })

  it('is refused before anything is connected or changed, as far as a look tells', async () => {
    aws.state.buckets = euros([{ 'lineItem/CurrencyCode': 'EUR' }])
    await expect(previewAccount(w.as(), asked('Euros', { settings }))).rejects.toMatchObject(refused)
    await expect(connectAccount(w.as(), asked('Euros', { settings, despite: true }))).rejects.toMatchObject(refused)
    expect(await all()).toEqual([])
    const inventory = await connectAccount(w.as(), asked('Euros'))
    await expect(updateAccount(w.as(), { accountId: inventory.id, settings })).rejects.toMatchObject(refused)
    aws.state.buckets = euros([{ 'lineItem/CurrencyCode': 'USD' }])
    expect((await updateAccount(w.as(), { accountId: inventory.id, settings })).settings).toEqual(settings)
  })

  it('is not asked where somebody else pays, or where there is nothing to look at', async () => {
    aws.state.buckets = euros([{ 'lineItem/CurrencyCode': 'EUR' }])
    const linked = await connectAccount(w.as(), asked('Linked', { settings, billOrigin: 'payer' }))
    w.clock.advance(60_000)
    await removeAccount(w.as(), { accountId: linked.id })
    aws.state.buckets = { bills: new Map() }
    expect((await connectAccount(w.as(), asked('Empty', { settings }))).name).toBe('Empty')
  })
})

describe('a role', () => {
  it('is connected with our external id, whatever was sent, and no secret is kept', async () => {
    const role = { roleArn, externalId: 'somebody-elses' }
    const made = await connectAccount(w.as(), asked('By role', { credentials: role }))
    expect(made).toMatchObject({ cloudAccountId: '111122223333' })
    expect(openCredentials(w.deps, made)).toEqual({ roleArn, externalId: externalIdOf(w.as()) })
  })

  it('is refused when its trust policy has another external id, and told what to do', async () => {
    aws.state.roles![roleArn]!.externalId = 'another'
    await expect(connectAccount(w.as(), asked('By role', { credentials: { roleArn } }))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('its trust policy must name this installation and the external id'),
      detail: { field: 'credentials', next: expect.stringContaining('trust policy') },
    })
    const bad = connectAccount(w.as(), asked('By role', { credentials: { roleArn: 'finops' } }))
    await expect(bad).rejects.toMatchObject({ detail: { field: 'roleArn' } })
  })

  it('has an external id that is the same every time and another one in every organization', () => {
    const mine = externalIdOf(w.as())
    expect(mine).toMatch(/^[0-9a-f]{32}$/)
    expect(externalIdOf(w.as())).toBe(mine)
    expect(externalIdOf({ ...w.as(), orgId: 'another' })).not.toBe(mine)
  })

  it('that is revoked makes only its own account sick, and a new look heals it', async () => {
    const made = await connectAccount(w.as(), asked('By role', { credentials: { roleArn } }))
    const other = await w.connected({ name: 'Other', cloudAccountId: '444455556666' })
    await w.runJobs([discover])
    aws.state.roles = {}
    aws.state.sessions = {}
    w.clock.advance(3_600_000)
    await expect(recheckAccount(w.as(), { accountId: made.id })).rejects.toMatchObject({ kind: 'invalid' })
    const healths = async () => Object.fromEntries((await all()).map(({ name, health }) => [name, health]))
    expect(await healths()).toEqual({ 'By role': 'bad_credentials', Other: 'no_data_yet' })
    await discoverDue.run({}, { deps: w.deps } as never)
    await w.runJobs([discover])
    expect(await healths()).toEqual({ 'By role': 'bad_credentials', Other: 'no_data_yet' })
    aws.state.roles = {
      [roleArn]: { principal: 'arn:aws:iam::999900001111:user/finops', externalId: externalIdOf(w.as()) },
    }
    await recheckAccount(w.as(), { accountId: made.id })
    expect((await healths())['By role']).toBe('no_data_yet')
    await removeAccount(w.as(), { accountId: other.id })
  })
})

const manifest = (name: string) => ({
  [`cur/${name}/20261001-20261101/${name}-Manifest.json`]: {
    body: Buffer.from('{}'),
    lastModified: new Date('2026-11-01'),
  },
})

describe('looking before connecting', () => {
  it('is ready when nothing is to be decided, and takes the only report of the bucket', async () => {
    aws.state.buckets = { bills: new Map(Object.entries(manifest('daily'))) }
    const preview = await previewAccount(w.as(), asked('Clear', { settings: { bucket: 'bills' } }))
    expect(preview).toMatchObject({ ready: true, missing: [], reports: [], setup: null })
    expect(openDraft(w.as(), preview.draft).settings).toEqual({ bucket: 'bills', prefix: 'cur', report: 'daily' })
    expect(preview.draft).not.toContain(key.secretAccessKey)
    expect(await all()).toEqual([])
  })

  it('asks which of several reports is the bill, with their months', async () => {
    aws.state.buckets = { bills: new Map(Object.entries({ ...manifest('daily'), ...manifest('hourly') })) }
    const preview = await previewAccount(w.as(), asked('Many', { settings: { bucket: 'bills' } }))
    expect(preview.ready).toBe(false)
    expect(preview.reports.map(({ name, months }) => [name, months])).toEqual([
      ['daily', ['2026-10-01']],
      ['hourly', ['2026-10-01']],
    ])
  })

  it('finds defined reports without a bucket, and explains how to make one when there are none', async () => {
    const none = await previewAccount(w.as(), asked('None'))
    expect(none).toMatchObject({ ready: false, reports: [] })
    expect(none.setup!.bucketPolicy).toContain('111122223333')
    aws.state.reports = [
      {
        ...{ ReportName: 'daily', TimeUnit: 'DAILY', Format: 'textORcsv', Compression: 'GZIP' },
        ...{ AdditionalSchemaElements: ['RESOURCES'], S3Bucket: 'bills', S3Prefix: 'cur', S3Region: 'us-east-1' },
      },
    ]
    const found = await previewAccount(w.as(), asked('None'))
    expect(found.reports).toMatchObject([{ name: 'daily', settings: { bucket: 'bills' } }])
  })

  it('asks nothing about bills of an account somebody else pays for', async () => {
    const preview = await previewAccount(w.as(), asked('Linked', { billOrigin: 'payer' }))
    expect(preview).toMatchObject({ ready: true, setup: null })
    const made = await connectAccount(w.as(), openDraft(w.as(), preview.draft))
    expect(await waiting(made.id)).toEqual(['discover'])
    expect(healthOf(made)).toMatchObject({
      sentence: 'Linked is connected; its costs come in the bill of the account that pays for it.',
      next: null,
    })
  })

  it('refuses what connecting would refuse: a bucket that is not there, an account twice', async () => {
    const nowhere = previewAccount(w.as(), asked('Nowhere', { settings: { bucket: 'nowhere' } }))
    await expect(nowhere).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'bucket' } })
    await connectAccount(w.as(), asked('First'))
    await expect(previewAccount(w.as(), asked('Second'))).rejects.toMatchObject({ kind: 'conflict' })
  })

  it('keeps what was typed for an hour and for the same person', async () => {
    const { draft } = await previewAccount(w.as(), asked('Draft'))
    const eve = await w.person('Eve', 'manager')
    expect(() => openDraft(w.as(eve), draft)).toThrow('no longer kept')
    w.clock.advance(3_600_001)
    expect(() => openDraft(w.as(), draft)).toThrow('Nothing was connected')
  })
})

describe('pausing', () => {
  it('reads nothing until it is resumed, then at once', async () => {
    const account = await connectAccount(w.as(), asked('Resting'))
    await w.runJobs([discover])
    const paused = await pauseAccount(w.as(), { accountId: account.id })
    expect(healthOf(paused).sentence).toContain('is paused')
    await pauseAccount(w.as(), { accountId: account.id })
    await discoverDue.run({}, { deps: w.deps } as never)
    expect(await waiting(account.id)).not.toContain('discover')
    await resumeAccount(w.as(), { accountId: account.id })
    expect(await waiting(account.id)).toContain('discover')
    const events = await w.database.sql`
      select name from events where subject_id = ${account.id} and name in ('account.paused', 'account.resumed') order by at, name`
    expect(events.map(({ name }) => name)).toEqual(['account.paused', 'account.resumed'])
  })

  it('and every other change is for organization managers', async () => {
    const account = await connectAccount(w.as(), asked('Ours'))
    const ctx = w.as(await w.person('Emil', 'engineer'))
    for (const change of [pauseAccount, resumeAccount, recheckAccount])
      await expect(change(ctx, { accountId: account.id })).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(previewAccount(ctx, asked('Mine'))).rejects.toMatchObject({ kind: 'forbidden' })
  })
})

it('says in numbers what goes with an account before it is removed', async () => {
  const account = await connectAccount(w.as(), asked('Leaving'))
  for (const days of [{ '2026-10-01': '5' }, { '2026-11-01': '5', '2026-11-02': '5' }])
    await w.spend(await w.resource(account), days)
  expect(await countRemoval(w.as(), { accountId: account.id })).toEqual({
    ...{ name: 'Leaving', resources: 2, months: 2, rules: 1, staying: 0, payers: [], uncharged: 0 },
  })
})
