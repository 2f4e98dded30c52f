import { serve, type ServerType } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { listImports } from '../../db/queries/imports.ts'
import { findPool } from '../../db/queries/pools.ts'
import { makeSignInLink } from '../../engine/organizations/sign-in.ts'
import { createWeb } from '../../web/app.ts'
import { openBrowser } from '../browser.ts'
import { world, type World } from '../world.ts'
import { company, type Company } from './company.ts'

const hostile = `<script>alert(1)</script>"' onload="alert(2)" <img src=x onerror=alert(3)> javascript:alert(4)`
let w: World
let c: Company
let server: ServerType
let address: string
let browser: Browser | undefined

beforeAll(async () => {
  w = await world()
  c = await company(w)
  const [shop, db] = [c.pools['Shop']!, c.resources[0]!]
  await w.database.sql`update pools set name = ${hostile} where id = ${shop.id}`
  await w.database
    .sql`update resources set name = ${hostile}, tags = ${JSON.stringify({ [hostile]: hostile })}::text::jsonb where id = ${db.id}`
  await w.database
    .sql`update environments set name = ${hostile}, properties = ${JSON.stringify({ [hostile]: hostile })}::text::jsonb where id = ${c.environments[0]!.id}`
  await w.database.sql`update people set name = ${hostile} where id = ${c.anna.id}`
  await w.database.sql`update organizations set name = ${hostile} where id = ${w.org.id}`
  await w.database.sql`update accounts set name = ${hostile}, health_detail = ${hostile}`
  await w.database.sql`update bookings set reason = ${hostile}`
  await w.database.sql`update imports set title = ${hostile}, reason = ${hostile}`
  await w.database.sql`update rejected_lines set file = ${hostile}, reason = ${hostile}, sample = ${hostile}`
  await w.database
    .sql`update findings set key = ${hostile}, evidence = ${JSON.stringify({ flavor: hostile, [hostile]: hostile })}::text::jsonb`
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

type Look = { width?: number; dark?: boolean }
type Visit = { context: BrowserContext; page: Page; said: string[] }

/** A signed-in page without JavaScript; `said` is everything the browser complained about. */
async function visit(t: Pick<TestContext, 'skip'>, { width = 1280, dark = false }: Look = {}): Promise<Visit> {
  browser ??= await openBrowser(t)
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
  })
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(`${page.url()}: ${message.text()}`))
  page.on('dialog', (dialog) => said.push(`dialog: ${dialog.message()}`))
  page.on('requestfailed', (request) => said.push(`failed: ${request.url()}`))
  await page.goto(await makeSignInLink({ ...w.as(), publicUrl: address }))
  await page.getByRole('button', { name: 'Continue as Lea' }).click()
  return { context, page, said }
}

const paths = () => [
  ...[
    '/',
    '/spend',
    '/spend?by=pool',
    '/spend?by=resource',
    '/resources',
    '/pools',
    '/duplicates',
    `/duplicates/${c.duplicates.id}`,
    '/savings',
    '/savings/obsolete_ips',
    '/savings/rightsizing_instances',
  ],
  ...['/environments', '/accounts', '/events', `/resources/${c.resources[0]!.id}`, `/pools/${c.pools['Shop']!.id}`],
  `/environments/${c.environments[0]!.id}?day=2026-11-23&start=12:00&end=14:00&reason=${encodeURIComponent(hostile)}`,
  ...c.imports.slice(1).map(({ id }) => `/imports/${id}`),
  ...[`/environments/${c.environments[0]!.id}`, `/accounts/${c.accounts[0]!.id}`, `/imports/${c.imports[1]!.id}`],
]

describe('in a browser without JavaScript', { timeout: 120_000 }, () => {
  it('every page shows hostile names as text, and the content policy has nothing to block', async (t) => {
    const { context, page, said } = await visit(t)
    for (const path of paths()) {
      await page.goto(address + path)
      expect(await page.locator('script, img, iframe, [onload], [onerror], a[href^="javascript"]').count(), path).toBe(
        0,
      )
      expect(await page.locator('h1').count(), path).toBe(1)
    }
    await page.goto(`${address}/pools/${c.pools['Shop']!.id}`)
    expect(await page.locator('h1').textContent()).toBe(hostile)
    expect(said).toEqual([])
    await context.close()
  })

  it.for([
    ['a phone', { width: 390 }],
    ['a dark desktop', { dark: true }],
  ] as const)('every page fits %s', async ([, look], t) => {
    const { context, page, said } = await visit(t, look)
    for (const path of paths()) {
      await page.goto(address + path)
      const wide = await page
        .locator('html')
        .evaluate((html: { scrollWidth: number; clientWidth: number }) => html.scrollWidth - html.clientWidth)
      expect(wide, path).toBe(0)
    }
    expect(said).toEqual([])
    await context.close()
  })

  it('every input has a label, every table a caption, every link and button a name', async (t) => {
    const { context, page } = await visit(t)
    for (const path of paths()) {
      await page.goto(address + path)
      const inputs = page.locator('main :is(input:not([type=hidden]), select, textarea)')
      const labelled = page.locator('main label :is(input, select, textarea)')
      expect(await labelled.count(), path).toBe(await inputs.count())
      expect(await page.locator('table:not(:has(caption))').count(), path).toBe(0)
      for (const name of await page.locator('a, button').allTextContents()) expect(name.trim(), path).not.toBe('')
      expect(
        await page.locator('svg:not([aria-hidden]):not([aria-label]):not(:has(title)):not(:has(desc))').count(),
        path,
      ).toBe(0)
    }
    await context.close()
  })

  it('a limit is set by typing and pressing the button', async (t) => {
    const { context, page } = await visit(t)
    await page.goto(`${address}/pools/${c.pools['CI']!.id}`)
    await page.getByLabel('Monthly limit').first().fill('950')
    await page.getByRole('button', { name: 'Set limit' }).click()
    expect(await page.getByRole('status').textContent()).toContain('is now $950; it was $900.')
    expect((await findPool(w.deps.db, { orgId: w.org.id, id: c.pools['CI']!.id }))?.monthlyLimit).toBe('950')
    await context.close()
  })

  it('a bill is uploaded from a file and leads to its import', async (t) => {
    const { context, page } = await visit(t)
    await page.goto(`${address}/accounts/${c.accounts[1]!.id}`)
    await page
      .getByLabel('Files of one bill')
      .setInputFiles([{ name: 'november.csv', mimeType: 'text/csv', buffer: Buffer.from('BilledCost\n1\n') }])
    await page.getByRole('button', { name: 'Upload' }).click()
    const [latest] = await listImports(w.deps.db, { orgId: w.org.id, accountId: c.accounts[1]!.id, limit: 1 })
    expect(page.url()).toBe(`${address}/imports/${latest!.id}`)
    expect(await page.locator('h1').textContent()).toBe('november.csv')
    await context.close()
  })

  it('signing out forgets the browser, and a used link says so', async (t) => {
    const { context, page } = await visit(t)
    const link = await makeSignInLink({ ...w.as(), publicUrl: address })
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.goto(`${address}/pools`)
    expect(await page.locator('main').textContent()).toContain('/finops link')
    await page.goto(link)
    await page.getByRole('button').click()
    expect(page.url()).toBe(`${address}/pools`)
    await page.goto(link)
    expect(await page.locator('main').textContent()).toContain('used already')
    await context.close()
  })
})
