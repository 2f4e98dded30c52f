import { serve, type ServerType } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { openCredentials } from '../../engine/accounts/credentials.ts'
import { externalIdOf } from '../../engine/accounts/external-id.ts'
import { removeAccount } from '../../engine/accounts/remove.ts'
import { makeSignInLink } from '../../engine/organizations/sign-in.ts'
import { createWeb } from '../../web/app.ts'
import { awsOutside, delivery, installationArn, key, roleArn } from '../aws-outside.ts'
import { openBrowser } from '../browser.ts'
import { world, type World } from '../world.ts'
import { visitor } from './visitor.ts'

let w: World
let server: ServerType
let address: string
let browser: Browser | undefined
let now = () => new Date()
const { aws, adapter } = await awsOutside(() => now())

beforeAll(async () => {
  w = await world({ outside: { clouds: { aws: adapter } } })
  now = w.clock.now
  const deps = { ...w.deps }
  const app = createWeb(deps)
  server = await new Promise((done) => {
    const made = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => done(made))
  })
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  deps.publicUrl = address
})
afterAll(async () => {
  await browser?.close()
  server.close()
})
beforeEach(async () => {
  aws.heal()
  aws.state.keys = { [key.accessKeyId]: key.secretAccessKey }
  aws.state.roles = { [roleArn]: { principal: installationArn, externalId: externalIdOf(w.as()) } }
  aws.state.buckets = { bills: new Map([delivery('daily', '202610')]) }
  for (const account of await accounts()) {
    w.clock.advance(60_000)
    await removeAccount(w.as(), { accountId: account.id })
  }
})

const accounts = () => listAccounts(w.deps.db, { orgId: w.org.id })

/** The accounts page as a manager sees it, without JavaScript. */
async function visit(t: Pick<TestContext, 'skip'>): Promise<{ context: BrowserContext; page: Page }> {
  browser ??= await openBrowser(t)
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(await makeSignInLink({ ...w.as(), publicUrl: address }))
  await page.getByRole('button', { name: 'Continue as Lea' }).click()
  await page.goto(`${address}/accounts`)
  await page.getByText('Amazon Web Services', { exact: true }).click()
  return { context, page }
}

/** What the last act said; the health of an account is a status too. */
const flashOf = (page: Page) => page.locator('.flash')
const formOf = (page: Page, way: string) => page.locator(`details:has(> summary:text-is("${way}"))`).last()

describe('connecting AWS in a browser without JavaScript', { timeout: 120_000 }, () => {
  it('takes a role, with our external id in sight, and finds the only report of the bucket', async (t) => {
    const { context, page } = await visit(t)
    await page.getByText('Role', { exact: true }).click()
    const form = formOf(page, 'Role')
    expect(await form.textContent()).toContain(externalIdOf(w.as()))
    await form.getByLabel('Name', { exact: true }).fill('Production')
    await form.getByLabel('Role ARN').fill(roleArn)
    await form.getByText('Where the bill lies').click()
    await form.getByLabel('Bucket', { exact: true }).fill('bills')
    await form.getByRole('button', { name: 'Connect Amazon Web Services' }).click()
    expect(await flashOf(page).textContent()).toContain('Production is connected.')
    expect(await accounts()).toMatchObject([{ settings: { bucket: 'bills', prefix: 'cur', report: 'daily' } }])
    await context.close()
  })

  it('names what is missing, offers the reports, and connects with a key that is typed once', async (t) => {
    aws.trouble({ kind: 'refused', action: 'DescribeVolumes' })
    aws.state.buckets['bills']!.set(...delivery('hourly', '202610'))
    const { context, page } = await visit(t)
    await page.getByText('Access key', { exact: true }).click()
    const form = formOf(page, 'Access key')
    await form.getByLabel('Name', { exact: true }).fill('Production')
    await form.getByLabel('Access key ID').fill(key.accessKeyId)
    await form.getByLabel('Secret access key').fill(key.secretAccessKey)
    await form.getByText('Where the bill lies').click()
    await form.getByLabel('Bucket', { exact: true }).fill('bills')
    await form.getByRole('button', { name: 'Connect Amazon Web Services' }).click()
    const text = await page.locator('main').textContent()
    expect(text).toContain('ec2:DescribeVolumes')
    expect(text).toContain('volumes are not seen')
    expect(await page.content()).not.toContain(key.secretAccessKey)
    expect(await accounts()).toEqual([])
    await page.getByLabel('Its bill').selectOption({ label: 'hourly (report, 1 month) in bills/cur' })
    await page.getByRole('button', { name: 'Connect without 1 permission' }).click()
    expect(await flashOf(page).textContent()).toContain('Production is connected.')
    const [made] = await accounts()
    expect(made!.settings['report']).toBe('hourly')
    expect(openCredentials(w.deps, made!)).toEqual(key)
    await context.close()
  })

  it('pauses, resumes, checks and disconnects, with the numbers before', async (t) => {
    const account = await w.account('aws', { name: 'Old', cloudAccountId: '111122223333' })
    const sealed = w.deps.secrets.seal(JSON.stringify(key), `${w.org.id}/accounts/${account.id}`)
    await w.database.sql`update accounts set credentials = ${sealed} where id = ${account.id}`
    await w.spend(await w.resource(account), { '2026-11-01': '5' })
    const { context, page } = await visit(t)
    const status = () => flashOf(page).textContent()
    await page.goto(`${address}/accounts/${account.id}`)
    await page.getByRole('button', { name: 'Pause' }).click()
    expect(await status()).toContain('Old is paused.')
    await page.getByRole('button', { name: 'Resume' }).click()
    expect(await status()).toContain('Old is read again')
    await page.getByRole('button', { name: 'Check again' }).click()
    expect(await status()).toContain('Signing in works and nothing is missing.')
    await page.getByText('Disconnect', { exact: true }).click()
    expect(await page.locator('main').textContent()).toContain('1 resource and 1 month of costs go with it')
    w.clock.advance(60_000)
    await page.getByRole('button', { name: 'Disconnect Old' }).click()
    expect(await status()).toContain('Old is disconnected.')
    await context.close()
  })
})

describe('the pages around it', () => {
  it('offer every document as a file, to managers only', async () => {
    const lea = await visitor(w)
    const file = await lea.get('/files/connect/aws/finops-role.cloudformation.json')
    expect(file.headers.get('content-disposition')).toContain('finops-role.cloudformation.json')
    expect(file.text).toContain(externalIdOf(w.as()))
    expect(file.text).toContain(installationArn)
    expect((await lea.get('/files/connect/aws/secrets.json')).status).toBe(404)
    const eve = await visitor(w, { person: await w.person('Eve', 'engineer') })
    expect((await eve.get('/files/connect/aws/finops-read-policy.json')).status).toBe(403)
  })

  it('show the accounts inside a bill with a way to connect them', async () => {
    const payer = await w.account('aws', { name: 'Payer', cloudAccountId: '999988887777' })
    const resource = await w.resource(payer)
    await w.spend(resource, { '2026-11-01': '5' })
    await w.database.sql`update spend_months set sub_account = '444455556666' where account_id = ${payer.id}`
    const lea = await visitor(w)
    const page = await lea.get(`/accounts/${payer.id}`)
    expect(page.text).toContain('Accounts in this bill')
    expect(page.text).toContain('/accounts?cloud=aws&amp;link=444455556666')
    const form = await lea.get('/accounts?cloud=aws&link=444455556666')
    expect(form.text).toContain('value="AWS 444455556666"')
    expect(form.text).toContain('value="payer"  selected')
  })
})
