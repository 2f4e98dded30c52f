/**
 * `npm run screenshots [-- <folder>]`: remakes the pictures of the README from a running sandbox.
 * Needs Chromium (CHROMIUM_PATH or /usr/bin/chromium) and `npm start` on PORT (3000).
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { chromium, type Page } from 'playwright-core'

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, 'screenshots'))
const base = `http://localhost:${process.env.PORT ?? 3000}`
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
]
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: quiet })
await mkdir(folder, { recursive: true })
const context = await browser.newContext({ viewport: { width: 1360, height: 1150 } })
const page = await context.newPage()

await chat(page, 'U0LEA', 'finops')
await type(page, '/finops cost by service 14d vs prev')
await save(page, 'cost-answer')
await type(page, '/finops coverage 30d')
await save(page, 'coverage-answer')
await type(page, '/finops recs')
await save(page, 'savings-answer')
await chat(page, 'U0PRIYA', 'environments')
await type(page, '/env')
await save(page, 'environments')
// Somebody holds it at the half hour the dialog proposes: the conflict shows before anything is submitted.
await page
  .locator('button', { hasText: /Other Time$/ })
  .first()
  .click()
await page.waitForTimeout(2000)
await save(page, 'booking-dialog')
await page.getByRole('button', { name: 'Cancel', exact: true }).click()
await chat(page, 'U0LEA', 'FinOps')
await page.waitForTimeout(2500)
await save(page, 'app-home')

await chat(page, 'U0LEA', 'finops')
await type(page, '/finops link')
const href = await page.locator('a[href*="/sign-in/"]').last().getAttribute('href')
const web = await context.newPage()
await web.goto(href!)
await web.getByRole('button', { name: /sign in|continue/i }).click()
for (const name of [
  '',
  'spend',
  'savings',
  'coverage',
  'power',
  'resources',
  'pools',
  'environments',
  'accounts',
  'events',
]) {
  await web.goto(`${base}/${name}`)
  await save(web, `web-${name || 'home'}`)
}
await web.setViewportSize({ width: 390, height: 844 })
await web.goto(`${base}/spend`)
await save(web, 'web-spend-phone')
await browser.close()
console.log(`Pictures are in ${folder}`)

async function chat(page: Page, person: string, conversation: string): Promise<void> {
  await page.goto(`${base}/chat?as=${person}`)
  await page.waitForTimeout(1000)
  // A dialog left open is still there after a reload, as in Slack.
  const left = page.locator('dialog[open] button', { hasText: /^Cancel$/ })
  for (let n = await left.count(); n > 0; n -= 1) await left.last().click()
  await page.getByText(conversation, { exact: true }).first().click()
  await page.waitForTimeout(800)
}

async function type(page: Page, line: string): Promise<void> {
  await page.locator('textarea').first().fill(line)
  await page.keyboard.press('Enter')
  await page.waitForTimeout(2500)
}

async function save(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(name)
}
