import { beforeAll, describe, expect, it } from 'vitest'
import { listRejectedLines } from '../../../db/queries/imports.ts'
import { asReport, demoLines } from '../../fixtures/bills/live-demo.ts'
import { plainLines, plainText, sumsBy, totalOf, type PlainLine } from '../../fixtures/bills/plain-reader.ts'
import { focusCsv } from '../../integrations/bills/reading.ts'
import type { World } from '../../world.ts'
import { awsReport, figures, fileOf, focusSample, importFiles, ingestWorld } from './ingest-world.ts'

let w: World
beforeAll(async () => {
  w = await ingestWorld()
})

/** What is stored of an account, summed per sub-account, service and month by the database. */
async function storedBy(accountId: string) {
  const rows = await w.database.sql`
    select concat_ws('|', sub_account, service, to_char(period, 'YYYY-MM')) as key,
      trim_scale(sum(billed))::text as billed, trim_scale(sum(effective))::text as effective
    from expenses where account_id = ${accountId} group by 1`
  return new Map(rows.map((row) => [row.key as string, { billed: row.billed, effective: row.effective }]))
}

const accountServiceMonth = ({ subAccount, service, period }: PlainLine) =>
  [subAccount, service, period.slice(0, 7)].join('|')

/** Facts, rollups, resources and scopes tell the same sums. */
async function expectInHarmony(account: Parameters<typeof figures>[1], total: { billed: string; effective: string }) {
  const { facts, days, months, resources } = await figures(w, account)
  for (const sums of [facts, days, months]) expect(sums).toMatchObject(total)
  expect(days.list).toBe(facts.list)
  expect(resources.cost).toBe(total.effective)
}

describe('real bills', () => {
  it('the FOCUS sample adds up per account, service and month as plain JavaScript adds it up', async () => {
    const account = await w.account('focus')
    const ended = await importFiles(w, account, [focusSample])
    const lines = await plainLines(focusSample)
    expect(ended).toMatchObject({ state: 'completed', lines: 1000, quarantined: 0, reason: null })
    expect(totalOf(lines)).toEqual({ billed: '20.52022672899', effective: '14.97651418586' })
    await expectInHarmony(account, totalOf(lines))
    expect(await storedBy(account.id)).toEqual(sumsBy(lines, accountServiceMonth))
  })

  it('uploaded for an account with a key ends its waiting for a first bill, and a bad one says nothing about its bucket', async () => {
    const account = await w.account('aws', { credentials: 'sealed' })
    expect((await importFiles(w, account, [await fileOf('no-bill.csv', 'a,b\n1,2\n')])).state).toBe('failed')
    const health = async () =>
      (await w.database.sql`select health from accounts where id = ${account.id}`)[0]!['health'] as string
    expect(await health()).toBe('no_data_yet')
    await importFiles(w, account, [awsReport])
    expect(await health()).toBe('ok')
  })

  it('the AWS report without resource ids adds up to its control total', async () => {
    const account = await w.account('aws')
    const ended = await importFiles(w, account, [awsReport])
    const lines = await plainLines(awsReport)
    expect(ended).toMatchObject({ state: 'completed', lines: 1281, billed: '1.6823086974', effective: '1.6823086974' })
    await expectInHarmony(account, { billed: '1.6823086974', effective: '1.6823086974' })
    expect(await storedBy(account.id)).toEqual(sumsBy(lines, accountServiceMonth))
  })

  it('the live demo with a savings plan and a reservation adds up, billed and amortized', async () => {
    const account = await w.account('aws')
    const report = asReport(await demoLines())
    const lines = plainText(report)
    const ended = await importFiles(w, account, [await fileOf('demo.csv', report)])
    expect(ended).toMatchObject({ state: 'completed', lines: 1488 })
    await expectInHarmony(account, totalOf(lines))
    expect(await storedBy(account.id)).toEqual(sumsBy(lines, accountServiceMonth))
  })

  it('the same lines in the spelling of CUR 2.0 give the same figures', async () => {
    const [legacy, second] = [await w.account('aws'), await w.account('aws')]
    const report = asReport(await demoLines())
    const [header = '', ...rest] = report.split('\n')
    const snake = (name: string) =>
      name
        .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
        .replaceAll(/[/:]/g, '_')
        .toLowerCase()
    const columns = header.split(',').map((name) => (/Tags|cost/.test(name) ? name : snake(name)))
    await importFiles(w, legacy, [await fileOf('demo.csv', report)])
    await importFiles(w, second, [await fileOf('demo2.csv', [columns.join(','), ...rest].join('\n'))])
    const [one, two] = [await figures(w, legacy), await figures(w, second)]
    for (const part of ['facts', 'days', 'months'] as const)
      expect({ ...two[part], hash: '' }).toEqual({ ...one[part], hash: '' })
    expect(two.resources).toEqual(one.resources)
  })

  it('the seed with empty amounts is refused with the line and the reason', async () => {
    const account = await w.account('aws')
    const { state, reason } = await importFiles(w, account, [
      `${import.meta.dirname}/../../fixtures/bills/aws-cur2/fivetran_aws_cost_report_seed.csv`,
    ])
    expect(state).toBe('failed')
    expect(reason).toMatch(/20 of 20 lines are not usable. The first is line 2: line_item_usage_start_date is ""/)
  })
})

describe('what the bill says about resources', () => {
  it('names instances, buckets and plans, keeps tags and terms, and makes nothing active', async () => {
    const account = await w.account('aws')
    await importFiles(w, account, [await fileOf('demo.csv', asReport(await demoLines()))])
    const rows = await w.database.sql`select * from resources where account_id = ${account.id}`
    const of = (id: string) => rows.find((row) => row.cloud_resource_id === id)
    expect(of('i-0e464cfbf9650bd21')).toMatchObject({
      name: 'finops-practice',
      type: 'Instance',
      service: 'AmazonEC2',
      region: 'us-west-2',
      facts: { flavor: 't2.large', os: 'Linux', cpuCount: 2 },
      pool_id: w.root.id,
      active: false,
    })
    expect(of('i-0e464cfbf9650bd21')!.tags).toMatchObject({ 'aws:createdBy': expect.stringMatching(/^IAMUser/) })
    expect(of('75f200eb-1176-44b5-be56-01e9b6386a9a')).toMatchObject({
      type: 'Savings Plan',
      tags: {},
      facts: { paymentOption: 'No Upfront', offeringType: 'ComputeSavingsPlans', purchaseTerm: '1yr' },
    })
    expect(rows.filter((row) => row.active)).toEqual([])
  })

  it('adds tags to a discovered resource and changes nothing else of it', async () => {
    const account = await w.account('aws')
    const known = await w.resource(account, {
      cloudResourceId: 'i-0e464cfbf9650bd21',
      name: 'chosen by discovery',
      tags: { purpose: 'from discovery' },
      type: 'Instance',
      facts: { flavor: 't3.large' },
    })
    await importFiles(w, account, [await fileOf('demo.csv', asReport(await demoLines()))])
    const [after] = await w.database.sql`select * from resources where id = ${known.id}`
    expect(after).toMatchObject({
      name: 'chosen by discovery',
      active: true,
      facts: { flavor: 't3.large', os: 'Linux' },
    })
    expect(after!.tags).toMatchObject({ purpose: 'from discovery', 'aws:createdBy': expect.any(String) })
    expect(Number(after!.total_cost)).toBeGreaterThan(20)
  })
})

describe('quarantine', () => {
  it('sets one impossible line of a thousand aside, says why, and keeps the rest exact', async () => {
    const account = await w.account('focus')
    const text = (await import('node:fs')).readFileSync(focusSample, 'utf8')
    const poisoned = text.replace('0.00001605990,"1234567890123"', '2000000000,"1234567890123"')
    const ended = await importFiles(w, account, [await fileOf('focus.csv', poisoned)])
    expect(ended).toMatchObject({ state: 'completed', lines: 999, quarantined: 1 })
    const [line] = await listRejectedLines(w.database.db, { orgId: w.org.id, importId: ended.id })
    expect(line).toMatchObject({ file: 'focus.csv', line: 3 })
    expect(line!.reason).toMatch(/a billion or more \(2000000000\) cannot be true/)
    const [report] = await w.database.sql`select kind from notifications where key = ${`import-report ${ended.id}`}`
    expect(report).toMatchObject({ kind: 'import-report' })
    expect((await figures(w, account)).scopes.map((scope) => Number(scope.lines))).toEqual([998, 1])
  })

  it('tells the true lines of those that cannot be true after one that is too short, and imports the rest', async () => {
    const account = await w.account('focus')
    const costs = Array.from({ length: 4000 }, (_, n) => ({ BilledCost: [3, 6].includes(n + 2) ? 'NaN' : '1' }))
    const rows = focusCsv(costs).split('\n')
    rows[4] = 'too,short'
    const ended = await importFiles(w, account, [await fileOf('focus.csv', `${rows.join('\n')}\n`)])
    expect(ended).toMatchObject({ reason: null, state: 'completed', lines: 3997, quarantined: 3 })
    const told = await listRejectedLines(w.database.db, { orgId: w.org.id, importId: ended.id })
    expect(told.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'BilledCost is "NaN", not a number'],
      [5, expect.stringMatching(/^it has 2 columns, the header \d+$/)],
      [6, 'BilledCost is "NaN", not a number'],
    ])
  })
})

describe('tags', () => {
  it('are stored without what no database takes as text, and the bill is read', async () => {
    const account = await w.account('focus')
    const Tags =
      '{"a\\u0000b": "c\\u0000d", "half\\ud83d": "\\ud83d", "nested": {"e": "\\u0000"}, "whole": "\\ud83d\\ude00"}'
    const ended = await importFiles(w, account, [await fileOf('focus.csv', focusCsv([{ Tags }]))])
    expect(ended).toMatchObject({ reason: null, state: 'completed', lines: 1 })
    const [found] = await w.database.sql`select tags from resources where account_id = ${account.id}`
    expect(found!['tags']).toEqual({
      ...{ 'a\uFFFDb': 'c\uFFFDd', 'half\uFFFD': '\uFFFD', nested: '{"e":"\\u0000"}', whole: '\u{1F600}' },
    })
  })
})
