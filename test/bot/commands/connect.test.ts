import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listAccounts } from '../../../db/queries/cloud-accounts.ts'
import { connectAccount } from '../../../engine/accounts/connect.ts'
import { openCredentials } from '../../../engine/accounts/credentials.ts'
import { externalIdOf } from '../../../engine/accounts/external-id.ts'
import { removeAccount } from '../../../engine/accounts/remove.ts'
import { awsOutside, delivery, installationArn, key, roleArn } from '../../aws-outside.ts'
import {
  finops,
  labels,
  lea,
  priya,
  slackWorld,
  tom,
  words,
  type Json,
  type Seen,
  type SlackWorld,
} from '../slack-world.ts'

let w: SlackWorld
let now = () => new Date()
const { aws, adapter } = await awsOutside(() => now())

beforeAll(async () => {
  w = await slackWorld({ now: '2026-11-23T10:00:00Z', outside: { clouds: { aws: adapter } } })
  now = w.clock.now
})
beforeEach(async () => {
  aws.heal()
  aws.state.keys = { [key.accessKeyId]: key.secretAccessKey }
  aws.state.roles = { [roleArn]: { principal: installationArn, externalId: externalIdOf(w.as()) } }
  aws.state.buckets = { bills: new Map([delivery('daily', '202610')]) }
  aws.state.reports = []
  for (const account of await accounts()) {
    w.clock.advance(60_000)
    await removeAccount(w.as(), { accountId: account.id })
  }
  w.slack.forgetCalls()
})

const accounts = () => listAccounts(w.deps.db, { orgId: w.org.id })
const view = (user = lea) => w.slack.view(user) as unknown as { id: string; blocks: Json[]; submit?: unknown } | null
const fields = () =>
  view()!
    .blocks.filter((block) => block['type'] === 'input')
    .map((block) => String(block['block_id']).split('~')[0])
const submit = async (values: Record<string, unknown> = {}, user = lea) => {
  const answer = await w.slack.submit({ user, values })
  await w.settled()
  return answer as { errors?: Record<string, string> }
}
/** Asks how to connect, and opens the dialog of a way in. */
const open = async (label: string, user = lea) => w.press(await w.type('connect aws', { user }), label, user)
/** Where a text turns up in what the bot sent to Slack. */
const sentWith = (text: string) =>
  w.slack.calls().flatMap(({ method, args }) => (JSON.stringify(args).includes(text) ? [method] : []))

describe('/finops connect aws', () => {
  it('shows the ways in, our external ID and the files, only to who asked', async () => {
    const seen = await w.type('connect aws')
    expect(seen.to).toBe(lea)
    expect(words(seen)).toContain(externalIdOf(w.as()))
    expect(labels(seen)).toEqual(['With Role', 'With Access Key', 'Get Policy Files', 'Use Web Form'])
    expect((await w.type('connect aws', { user: priya })).text).toContain('You cannot connect accounts')
  })

  it('asks by the same form as the web: labels, and no field for what we give', async () => {
    await open('With Role')
    expect(fields()).toEqual(['name', 'billOrigin', 'bucket', 'prefix', 'report', 'roleArn'])
    expect(words(view()!)).toContain(externalIdOf(w.as()))
    await open('With Access Key')
    expect(fields().slice(-2)).toEqual(['accessKeyId', 'secretAccessKey'])
  })

  it('connects a role at once when nothing is left to decide', async () => {
    await open('With Role')
    await submit({ name: 'Production', roleArn, bucket: 'bills' })
    expect(w.last().text).toContain('Production is connected. Inventory and bill are being read now.')
    const [made] = await accounts()
    expect(made).toMatchObject({ settings: { bucket: 'bills', prefix: 'cur', report: 'daily' } })
    expect(openCredentials(w.deps, made!)).toEqual({ roleArn, externalId: externalIdOf(w.as()) })
  })

  it('refuses a role whose trust policy has another external id, and keeps the dialog', async () => {
    aws.state.roles![roleArn]!.externalId = 'another'
    await open('With Role')
    await submit({ name: 'Production', roleArn, bucket: 'bills' })
    expect(words(view()!)).toContain('its trust policy must name this installation and the external id')
    expect(fields()).toContain('roleArn')
    expect(await accounts()).toEqual([])
  })

  it('names what is missing and which report could be the bill, and connects when told to', async () => {
    aws.trouble({ kind: 'refused', action: 'DescribeVolumes' })
    aws.state.buckets['bills']!.set(...delivery('hourly', '202610'))
    await open('With Access Key')
    await submit({ name: 'Production', ...key, bucket: 'bills' })
    const said = words(view()!)
    expect(said).toContain('it belongs to 111122223333. Nothing is connected yet.')
    expect(said).toContain('A permission is missing: ec2:DescribeVolumes (volumes are not seen).')
    expect(fields()).toEqual(['report'])
    expect(await accounts()).toEqual([])
    await submit({ report: '1' })
    expect(w.last().text).toContain('Production is connected.')
    expect(await accounts()).toMatchObject([{ settings: { bucket: 'bills', prefix: 'cur', report: 'hourly' } }])
    expect(sentWith(key.secretAccessKey)).toEqual([])
  })

  it('explains how to have a bill written when there is none', async () => {
    await open('With Role')
    await submit({ name: 'Production', roleArn })
    expect(words(view()!)).toContain('No report was found. To have one written:')
    await submit()
    expect(await accounts()).toMatchObject([{ name: 'Production', settings: {} }])
  })

  it('says so when what was typed is more than Slack carries to the second step, and keeps the dialog', async () => {
    await w.colleague(tom, 'Tom', 'manager')
    await open('With Role', tom)
    const long = '帳'.repeat(255)
    await submit({ name: long, roleArn, prefix: long, report: long }, tom)
    expect(words(view(tom)!)).toContain('This is more than a dialog in Slack can carry on. Nothing was changed.')
    expect(words(view(tom)!)).toContain('Use shorter names')
    expect(JSON.stringify(view(tom)!.blocks)).toContain('roleArn~')
    const tooLong = await submit({ prefix: `${long}帳` }, tom)
    expect(Object.keys(tooLong.errors ?? {})[0]).toMatch(/^prefix~/)
    expect(await accounts()).toEqual([])
  })

  it('connects an account somebody else pays for without asking about a bill', async () => {
    await open('With Role')
    await submit({ name: 'Team', roleArn, billOrigin: 'payer' })
    expect(w.last().text).toContain('Team is connected. Its inventory is being read now.')
    expect(await accounts()).toMatchObject([{ billOrigin: 'payer' }])
  })

  it('puts a wrong name of a role on its field', async () => {
    await open('With Role')
    await submit({ name: 'Production', roleArn: 'finops', bucket: 'bills' })
    expect(view()).not.toBeNull()
    expect(await accounts()).toEqual([])
  })

  it('hands out the policies and roles as files', async () => {
    await w.press(await w.type('connect aws'), 'Get Policy Files')
    const uploads = w.slack.calls().filter(({ method }) => method === 'files.completeUploadExternal')
    expect(JSON.stringify(uploads)).toContain('finops-role.cloudformation.json')
    expect(JSON.stringify(uploads)).toContain('finops-power-policy.json')
  })
})

describe('/finops accounts', () => {
  const connect = async () => {
    await connectAccount(w.as(), { cloud: 'aws', name: 'Production', credentials: key, settings: { bucket: 'bills' } })
    return w.type('accounts production')
  }

  it('lists how each is doing and shows one with its buttons', async () => {
    const shown = await connect()
    expect(labels(shown)).toEqual(['Check Again', 'Pause', 'Change Access', 'Disconnect', 'Open Account'])
    const list = await w.type('accounts')
    expect(words(list)).toContain('Production is connected, its first bill is not here yet')
    await w.press(list, 'Show')
    expect(words(w.last())).toContain('111122223333')
  })

  it('pauses, resumes and pauses again', async () => {
    for (const [label, said] of [
      ['Pause', 'Production is paused.'],
      ['Resume', 'Production is read again'],
      ['Pause', 'Production is paused.'],
    ] as const) {
      const shown =
        label === 'Pause' && (await accounts()).length === 0 ? await connect() : await w.type('accounts production')
      await w.press(shown, label)
      expect(w.last().text).toContain(said)
    }
    expect((await accounts())[0]!.pausedAt).not.toBeNull()
  })

  it('checks again: what is missing is named, a revoked key is told and the account says it', async () => {
    const shown = await connect()
    aws.trouble({ kind: 'refused', action: 'DescribeSnapshots' })
    await w.press(shown, 'Check Again')
    expect(w.last().text).toContain('A permission is missing: ec2:DescribeSnapshots (snapshots are not seen).')
    aws.state.keys = {}
    await w.press(shown, 'Check Again')
    expect(w.last().text).toContain('AWS does not accept the access key')
    expect(await accounts()).toMatchObject([{ health: 'bad_credentials' }])
    expect(words(await w.type('accounts'))).toContain('does not let us in any more')
  })

  it('changes the key only for one that works', async () => {
    const shown = await connect()
    const fresh = { accessKeyId: 'AKIANEWKEY0000000001', secretAccessKey: 'the-new-secret-key-0001' }
    await w.press(shown, 'Change Access')
    await submit(fresh)
    expect(openCredentials(w.deps, (await accounts())[0]!)).toEqual(key)
    aws.state.keys[fresh.accessKeyId] = fresh.secretAccessKey
    await w.press(shown, 'Change Access')
    await submit(fresh)
    expect(w.last().text).toContain('Production has a new key.')
    expect(openCredentials(w.deps, (await accounts())[0]!)).toEqual(fresh)
    expect(sentWith(fresh.secretAccessKey)).toEqual([])
  })

  it('asks by the way an account signs in, and takes a key in place of a role and back', async () => {
    await connectAccount(w.as(), { cloud: 'aws', name: 'Production', credentials: { roleArn } })
    const externalId = externalIdOf(w.as())
    const press = async () => w.press(await w.type('accounts production'), 'Change Access')
    const stored = async () => openCredentials(w.deps, (await accounts())[0]!)
    await press()
    expect(fields()).toEqual(['way', 'despite', 'roleArn'])
    expect(words(view()!)).toContain(externalId)
    expect(words(view()!)).toContain(roleArn)
    expect(words(view()!)).not.toContain('passes through Slack')
    const other = `${roleArn}-2`
    await submit({ roleArn: other })
    expect(words(view()!)).toContain('its trust policy must name this installation and the external id')
    expect(fields()).toEqual(['way', 'despite', 'roleArn'])
    aws.state.roles![other] = { principal: installationArn, externalId }
    await press()
    await submit({ roleArn: other })
    expect(w.last().text).toContain('Production has a new role. Everything is read again now.')
    expect(await stored()).toEqual({ roleArn: other, externalId })
    await press()
    const way = view()!.blocks.find((block) => String(block['block_id']).startsWith('way~'))!
    await w.slack.click({ user: lea, view: view()!.id, blockId: String(way['block_id']), actionId: 'way', value: '0' })
    await w.settled()
    expect(fields()).toEqual(['way', 'despite', 'accessKeyId', 'secretAccessKey'])
    expect(words(view()!)).toContain('passes through Slack')
    await submit(key)
    expect(w.last().text).toContain('Production has a new key.')
    expect(await stored()).toEqual(key)
    await press()
    expect(fields()).toEqual(['way', 'despite', 'accessKeyId', 'secretAccessKey'])
  })

  it('says in numbers what goes before it disconnects', async () => {
    const shown: Seen = await connect()
    const [account] = await accounts()
    await w.spend(await w.resource(account!), { '2026-10-01': '5', '2026-11-01': '5' })
    await w.press(shown, 'Disconnect')
    expect(words(view()!)).toContain('1 resource, 2 months of costs and 1 rule go with it')
    w.clock.advance(60_000)
    await submit()
    expect(w.last(lea, finops).text).toContain('Production is disconnected. The cloud was not touched.')
    expect(await accounts()).toEqual([])
  })
})
