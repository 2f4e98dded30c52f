import { type AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { WebClient } from '@slack/web-api'
import { Hono } from 'hono'
import { type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeEach, describe, expect, test, type TestContext } from 'vitest'
import { hints } from '../../../bot/hints.ts'
import { type SlackSandbox, startSlackSandbox } from '../../../integrations/sandbox/slack.ts'
import { createChatPage } from '../../../web/sandbox/chat.ts'
import { openBrowser } from '../../browser.ts'
import { startBot } from '../../integrations/sandbox/slack-bot.ts'

let browser: Browser | undefined
let slack: SlackSandbox
let client: WebClient
let address = ''
let stop: () => Promise<void>

beforeEach(async () => {
  slack = await startSlackSandbox({
    // What the product itself offers, so that the page is never tested with better hints than it gets.
    commands: hints().commands,
    shortcuts: [{ callbackId: 'look_up', name: 'Look up', kind: 'message' }],
  })
  client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl })
  const bot = await startBot(slack)
  const server = serve({
    fetch: new Hono().route('/chat', createChatPage(slack)).fetch,
    port: 0,
    hostname: '127.0.0.1',
  })
  await new Promise((resolve) => server.once('listening', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`
  stop = async () => {
    await bot.stop()
    await slack.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
afterEach(() => stop())
afterAll(() => browser?.close())

const ask = (path: string, init?: RequestInit) => fetch(`${address}${path}`, init)
const act = (verb: string, user: string, body: object) =>
  ask(`/act/${verb}?as=${user}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('the page server', () => {
  test('shows each person only what they may see', async () => {
    await client.chat.postEphemeral({ channel: 'C0GENERAL', user: 'U0LEA', text: 'for Lea' })
    await client.chat.postMessage({ channel: 'D0LEA', text: 'in private' })
    const seen = async (user: string) => {
      const answer = await ask(`/data/conversation?as=${user}&channel=C0GENERAL`)
      return ((await answer.json()) as { messages: { text: string }[] }).messages.map((message) => message.text)
    }
    expect(await seen('U0LEA')).toEqual(['for Lea'])
    expect(await seen('U0TOM')).toEqual([])
    const tom = (await (await ask('/data/workspace?as=U0TOM')).json()) as { unread: Record<string, number> }
    expect(tom.unread).toEqual({ C0GENERAL: 0, C0FINOPS: 0, C0PAYMENTS: 0, C0ENVIRONMENTS: 0, D0TOM: 0 })
  })

  test('refuses a form posted from elsewhere and files that are not its own', async () => {
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'text=x' }
    expect((await ask('/act/say?as=U0LEA', form)).status).toBe(415)
    expect((await ask('/assets/chat.ts')).status).toBe(404)
    expect((await ask('/assets/..%2Fpackage.json')).status).toBe(404)
    expect((await ask('/')).headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('offers what a bot uploads as a download unless it is a picture', async () => {
    await client.filesUploadV2({ channel_id: 'C0FINOPS', filename: 'x.html', file: Buffer.from('<script>1</script>') })
    const id = slack.messages('C0FINOPS')[0]?.files?.[0]?.id ?? ''
    const answer = await ask(`/files/${id}/x.html`)
    expect(answer.headers.get('content-type')).toBe('application/octet-stream')
    expect(answer.headers.get('content-disposition')).toContain('attachment')
  })

  test('passes acts on as Slack would send them', async () => {
    await act('say', 'U0TOM', { channel: 'C0PAYMENTS', text: '@finops hello' })
    const answer = await slack.until(() => slack.messages('C0PAYMENTS')[1])
    expect(answer).toMatchObject({ user: 'U0FINOPS', text: 'You called' })
  })
})

describe('in a browser', () => {
  async function visit(ctx: Pick<TestContext, 'skip'>, place: string): Promise<Page> {
    browser ??= await openBrowser(ctx)
    const page = await browser.newPage()
    page.setDefaultTimeout(8000)
    await page.goto(`${address}?${place}`)
    return page
  }

  test('a click on a button in a message reaches the bot, and the edited message appears', async (ctx) => {
    await slack.mention({ user: 'U0TOM', channel: 'C0PAYMENTS', text: 'hi' })
    const page = await visit(ctx, 'as=U0LEA&channel=C0PAYMENTS')
    await page.getByRole('button', { name: '1 reply' }).click()
    const thread = page.getByRole('complementary', { name: 'Thread' })
    await thread.getByRole('button', { name: 'Extend 1 Day' }).click()
    await thread.getByText('acknowledged by @Lea').waitFor()
    await thread.getByText('(edited)').waitFor()
    await page.close()
  })

  test('a typed slash command is completed, opens a modal, shows errors under fields, and is submitted', async (ctx) => {
    const page = await visit(ctx, 'as=U0PRIYA&channel=C0ENVIRONMENTS')
    const composer = page.getByRole('combobox', { name: 'Message #environments' })
    await composer.fill('/finops fore')
    await page.getByRole('option', { name: '/finops forecast' }).first().waitFor()
    await composer.press('Tab')
    expect(await composer.inputValue()).toBe('/finops forecast ')
    await composer.fill('/env bo')
    await page.getByRole('option', { name: '/env book' }).first().click()
    expect(await composer.inputValue()).toBe('/env book ')
    await page.getByRole('option', { name: '/env book stage-2' }).first().waitFor()
    await composer.fill('/finops book ')
    await composer.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Book environment' })
    await dialog.getByRole('button', { name: 'Book' }).click()
    await dialog.getByText('Please complete this required field.').first().waitFor()
    await dialog.getByRole('button', { name: 'Environment' }).click()
    await dialog.getByRole('combobox', { name: 'Environment' }).fill('stage')
    await dialog.getByRole('option', { name: 'stage-2' }).click()
    await dialog.getByLabel('Reason').fill('UAT')
    await dialog.getByRole('button', { name: 'Length' }).click()
    await dialog.getByRole('option', { name: '2h' }).click()
    await dialog.getByText('costs $4').waitFor()
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('UAT')
    await dialog.getByRole('button', { name: 'Book' }).click()
    await dialog.waitFor({ state: 'detached' })
    await slack.until(() => slack.messages('D0PRIYA').some((message) => message.text === 'booked stage-2'))
    await page.getByRole('button', { name: /FinOps.*1 unread/ }).waitFor()
    await page.close()
  })

  test('an empty channel offers first steps, and a click types the command', async (ctx) => {
    const page = await visit(ctx, 'as=U0LEA&channel=C0FINOPS')
    // The page draws its steps once it has asked for the channel, which takes as long as the machine lets it.
    await expect
      .poll(() => page.locator('.step strong').allTextContents(), { timeout: 8000 })
      .toEqual(['/finops cost', '/finops recs', '/env', '/finops help'])
    await page.getByRole('button', { name: '/finops help' }).click()
    await page.getByText('Extend 1 Day').waitFor()
    await page.locator('.step').first().waitFor({ state: 'detached' })
    await page.close()
  })

  test('an answer only for one person says so and can be dismissed', async (ctx) => {
    const page = await visit(ctx, 'as=U0MAX&channel=C0GENERAL')
    await page.locator('#composer').fill('/finops ttl')
    await page.locator('#composer').press('Enter')
    await page.getByText('Only visible to you').waitFor()
    await page.getByRole('button', { name: 'Extend 1 Day' }).click()
    await page.getByText('extended P1D').waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.getByText('Only visible to you').waitFor({ state: 'detached' })
    expect(slack.ephemerals('U0MAX')).toEqual([])
    await page.close()
  })

  test('the app opens at its home tab, which the bot then publishes', async (ctx) => {
    const page = await visit(ctx, 'as=U0TOM&channel=C0GENERAL')
    await page.getByRole('button', { name: 'FinOps', exact: true }).click()
    await page.getByRole('region', { name: 'FinOps home' }).getByText('loadtest-db ends tomorrow').waitFor()
    await page.close()
  })

  test('a message shortcut is offered under More actions', async (ctx) => {
    await slack.say({ user: 'U0TOM', channel: 'C0GENERAL', text: 'who owns i-0abc?' })
    const page = await visit(ctx, 'as=U0LEA&channel=C0GENERAL')
    await page.getByText('who owns i-0abc?').hover()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Look up' }).click()
    await page.getByRole('dialog', { name: 'Book environment' }).waitFor()
    await page.close()
  })

  test('text from a message never becomes markup', async (ctx) => {
    const text = '<img src=x onerror=alert(1)> <javascript:alert(1)|click> *bold*'
    await client.chat.postMessage({
      channel: 'C0GENERAL',
      text,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
    })
    const page = await visit(ctx, 'as=U0LEA&channel=C0GENERAL')
    const message = page.locator('.message')
    await message.getByText('bold').waitFor()
    expect(await message.locator('img, a').count()).toBe(0)
    await page.close()
  })

  test('a date and time typed in a modal are sent as that moment in the zone of the person, summer time included', async (ctx) => {
    const field = { type: 'datetimepicker' as const, action_id: 'start' }
    const input = {
      type: 'input' as const,
      block_id: 'start',
      label: { type: 'plain_text' as const, text: 'Start' },
      element: field,
    }
    const named = (text: string) => ({ type: 'plain_text' as const, text })
    const view = {
      type: 'modal' as const,
      callback_id: 'book',
      title: named('When'),
      submit: named('Save'),
      blocks: [input],
    }
    const page = await visit(ctx, 'as=U0LEA&channel=C0GENERAL')
    await client.views.open({ trigger_id: slack.trigger('U0LEA'), view })
    await page.getByLabel('Start, date').fill('2027-03-28')
    await page.getByLabel('Start, time').fill('09:00')
    const sent: unknown[] = []
    const stop = slack.subscribe(
      (change) => change.kind === 'view' && slack.views('U0LEA').length === 0 && sent.push('closed'),
    )
    const before = slack.view('U0LEA')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await slack.until(() => sent.length > 0)
    stop()
    // Berlin moved to summer time at two o'clock that morning, so nine o'clock is 07:00 UTC.
    const moment = before?.state.values['start']?.['start']?.['selected_date_time']
    expect(new Date(Number(moment) * 1000).toISOString()).toBe('2027-03-28T07:00:00.000Z')
    await page.close()
  })

  test('fits a phone without sideways scrolling', async (ctx) => {
    await slack.mention({ user: 'U0TOM', channel: 'C0PAYMENTS', text: 'hi' })
    const page = await visit(ctx, 'as=U0LEA&channel=C0PAYMENTS')
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await page.getByRole('button', { name: 'Show the sidebar' }).click()
    await page.getByRole('button', { name: 'general' }).click()
    await page.getByRole('heading', { name: 'general', exact: true }).waitFor()
    await page.close()
  })
})
