import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SlackSandbox, startSlackSandbox } from '../../../integrations/sandbox/slack.ts'
import { startBot } from './slack-bot.ts'

let now = Date.now()
let slack: SlackSandbox
let bot: Awaited<ReturnType<typeof startBot>>
let client: WebClient

beforeEach(async () => {
  now = Date.now()
  slack = await startSlackSandbox({ now: () => now, ackTimeout: 1500, unfurlDomains: ['finops.example.com'] })
  bot = await startBot(slack)
  client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } })
})
afterEach(async () => {
  await bot.stop()
  await slack.close()
})

describe('a slash command', () => {
  test('reaches the bot with people and channels as ids, and the answer is seen by the asker only', async () => {
    const sent = await slack.command({ user: 'U0LEA', channel: 'C0PAYMENTS', text: 'cost for @tom in #payments' })
    expect(sent).toMatchObject({ via: 'http', status: 200, acked: true })
    expect(sent.ms).toBeLessThan(1000)
    const [answer] = await slack.until(
      () => slack.ephemerals('U0LEA', 'C0PAYMENTS').length > 0 && slack.ephemerals('U0LEA'),
    )
    expect(answer?.text).toBe('You asked for cost for <@U0TOM|tom> in <#C0PAYMENTS|payments>')
    expect(slack.messages('C0PAYMENTS')).toEqual([])
    expect(slack.conversation('U0TOM', 'C0PAYMENTS')).toEqual([])
  })

  test('answered in the acknowledgement with in_channel is seen by all', async () => {
    await slack.command({ user: 'U0LEA', channel: 'C0PAYMENTS', command: '/quick' })
    expect(slack.messages('C0PAYMENTS')).toMatchObject([{ text: 'for all', user: 'U0FINOPS' }])
  })

  test('that nobody answers in time is reported to the asker', async () => {
    const sent = await slack.command({ user: 'U0LEA', channel: 'C0PAYMENTS', command: '/unknown' })
    expect(sent).toMatchObject({ acked: false, error: 'operation_timeout' })
    expect(slack.ephemerals('U0LEA')[0]?.text).toContain('operation_timeout')
  })
})

describe('messages', () => {
  test('a mention is answered in its thread, and a click edits the answer', async () => {
    const { message } = await slack.mention({ user: 'U0TOM', channel: 'C0PAYMENTS', text: 'hi' })
    const answer = await slack.until(() => slack.messages('C0PAYMENTS').find((each) => each.user === 'U0FINOPS'))
    expect(answer.thread_ts).toBe(message.ts)
    await slack.click({ user: 'U0PRIYA', message: answer, actionId: 'post.ack' })
    const edited = await slack.until(() => slack.messages('C0PAYMENTS').find((each) => each.edited))
    expect(edited).toMatchObject({ ts: answer.ts, text: 'acknowledged by <@U0PRIYA>' })
    expect(edited.blocks).toBeUndefined()
  })

  test('a click on an ephemeral answer replaces it through its response_url', async () => {
    await slack.command({ user: 'U0MAX', channel: 'C0GENERAL', text: 'ttl' })
    const answer = await slack.until(() => slack.ephemerals('U0MAX')[0])
    await slack.click({ user: 'U0MAX', message: answer, label: 'Extend 1 Day' })
    await slack.until(() => slack.ephemerals('U0MAX')[0]?.text === 'extended P1D')
    expect(slack.ephemerals('U0MAX')).toHaveLength(1)
  })

  test('a direct message reaches the bot as message.im', async () => {
    await slack.dm({ user: 'U0LEA', text: 'help' })
    await slack.until(() => slack.messages('D0LEA').length === 2)
    expect(bot.seen).toContain('message help')
  })

  test('a shared link of our domain is unfurled, others are not told', async () => {
    await slack.linkShared({ user: 'U0LEA', channel: 'C0FINOPS', url: 'https://finops.example.com/r/1?a=1&b=2' })
    const message = await slack.until(() => slack.messages('C0FINOPS').find((each) => each.attachments))
    expect(message.attachments).toMatchObject([{ from_url: 'https://finops.example.com/r/1?a=1&b=2' }])
    const { deliveries } = await slack.say({ user: 'U0LEA', channel: 'C0FINOPS', text: 'https://elsewhere.example' })
    expect(deliveries).toEqual([])
  })
})

describe('a modal', () => {
  async function openBooking() {
    await slack.command({ user: 'U0LEA', channel: 'C0PAYMENTS', text: 'book' })
    return slack.until(() => slack.view('U0LEA'))
  }

  test('offers typed options, updates on a choice, keeps what was entered, and is submitted', async () => {
    const view = await openBooking()
    const { options } = await slack.suggest({ user: 'U0LEA', view, actionId: 'env', query: 'stage' })
    expect(options.map((option) => option['value'])).toEqual(['stage-1', 'stage-2'])
    await slack.click({ user: 'U0LEA', view, actionId: 'env', value: 'stage-2' })
    await slack.click({ user: 'U0LEA', view, actionId: 'length', value: '2h' })
    const priced = await slack.until(
      () => JSON.stringify(slack.view('U0LEA')?.blocks).includes('costs $4') && slack.view('U0LEA'),
    )
    expect(priced.state.values).toMatchObject({ length: { length: { selected_option: { value: '2h' } } } })
    await slack.submit({ user: 'U0LEA', values: { reason: 'UAT' } })
    expect(slack.view('U0LEA')).toBeUndefined()
    await slack.until(() => slack.messages('D0LEA').some((message) => message.text === 'booked stage-2'))
  })

  test('shows what the bot refuses under its field and stays open', async () => {
    await openBooking()
    const values = { env: 'demo', length: '1h', reason: 'no' }
    expect(await slack.submit({ user: 'U0LEA', values })).toMatchObject({ errors: { reason: 'Give a real reason.' } })
    expect(slack.view('U0LEA')).toBeDefined()
  })

  test('with a required field empty is not sent', async () => {
    await openBooking()
    const outcome = await slack.submit({ user: 'U0LEA', values: { env: 'demo' } })
    expect(outcome).toEqual({
      errors: { length: expect.stringContaining('required'), reason: expect.stringContaining('required') },
    })
  })

  test('closed by the person tells a bot that asked to be told', async () => {
    await openBooking()
    await slack.closeView({ user: 'U0LEA' })
    expect(slack.view('U0LEA')).toBeUndefined()
    expect(bot.seen).toContain('closed')
  })

  test('opens from a message shortcut', async () => {
    const { message } = await slack.say({ user: 'U0TOM', channel: 'C0GENERAL', text: 'who owns i-0abc?' })
    await slack.shortcut({ user: 'U0LEA', callbackId: 'look_up', message })
    await slack.until(() => slack.view('U0LEA'))
    expect(bot.seen).toContain('shortcut message_action')
  })

  test('cannot be opened with a trigger that is four seconds old, used, or invented', async () => {
    const view = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'Late' },
      blocks: [{ type: 'divider' }],
    }
    const old = slack.trigger('U0LEA')
    now += 4000
    await expect(client.views.open({ trigger_id: old, view })).rejects.toThrow('expired_trigger_id')
    const fresh = slack.trigger('U0LEA')
    await client.views.open({ trigger_id: fresh, view })
    await expect(client.views.open({ trigger_id: fresh, view })).rejects.toThrow('exchanged_trigger_id')
    await expect(client.views.open({ trigger_id: 'x', view })).rejects.toThrow('invalid_trigger_id')
  })

  test('refuses an update with an old hash and a fourth view on the stack', async () => {
    const view = {
      type: 'modal' as const,
      title: { type: 'plain_text' as const, text: 'One' },
      blocks: [{ type: 'divider' }],
    }
    const opened = await client.views.open({ trigger_id: slack.trigger('U0LEA'), view })
    const { id = '', hash = '' } = opened.view ?? {}
    await client.views.update({ view_id: id, hash, view })
    await expect(client.views.update({ view_id: id, hash, view })).rejects.toThrow('hash_conflict')
    await client.views.push({ trigger_id: slack.trigger('U0LEA'), view })
    await client.views.push({ trigger_id: slack.trigger('U0LEA'), view })
    await expect(client.views.push({ trigger_id: slack.trigger('U0LEA'), view })).rejects.toThrow('push_limit_reached')
    expect(slack.views('U0LEA')).toHaveLength(3)
  })
})

test('opening the app publishes the home tab of that person', async () => {
  await slack.openHome({ user: 'U0PRIYA' })
  await slack.until(() => slack.home('U0PRIYA'))
  expect(slack.home('U0LEA')).toBeUndefined()
})

describe('a response_url', () => {
  test('answers five times', async () => {
    await slack.command({ user: 'U0LEA', channel: 'C0PAYMENTS', text: 'many' })
    await slack.until(() => bot.seen.length === 2)
    expect(slack.ephemerals('U0LEA').map((message) => message.text)).toEqual([1, 2, 3, 4, 5].map((n) => `answer ${n}`))
    expect(bot.seen[1]).toContain('404')
  })

  test('is closed after half an hour', async () => {
    const url = slack.responseUrl({ user: 'U0LEA', channel: 'C0PAYMENTS' })
    now += 31 * 60_000
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ text: 'late' }) })
    expect([answer.status, await answer.json()]).toEqual([404, { ok: false, error: 'expired_url' }])
  })
})

describe('requests to the bot', () => {
  test('with a wrong signature or an old timestamp are refused by Bolt', async () => {
    const forged = await slack.command({ user: 'U0LEA', channel: 'C0GENERAL' }, { signature: 'v0=00' })
    expect(forged).toMatchObject({ status: 401, acked: false, error: 'http_401' })
    const old = Math.floor(Date.now() / 1000) - 600
    expect(await slack.command({ user: 'U0LEA', channel: 'C0GENERAL' }, { timestamp: old })).toMatchObject({
      status: 401,
    })
  })

  test('that failed are sent once more with the same event id and a retry header', async () => {
    const heard: (string | undefined)[][] = []
    const deaf = createServer((request, response) => {
      let raw = ''
      request.on('data', (chunk: Buffer) => (raw += chunk.toString()))
      request.on('end', () => {
        const { event_id } = JSON.parse(raw) as { event_id: string }
        heard.push([event_id, request.headers['x-slack-retry-num']?.toString()])
        response.writeHead(heard.length === 1 ? 500 : 200).end()
      })
    })
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve))
    slack.connect(`http://127.0.0.1:${(deaf.address() as AddressInfo).port}`)
    await slack.dm({ user: 'U0LEA', text: 'hello' })
    expect(heard).toEqual([
      [expect.stringMatching(/^Ev/), undefined],
      [heard[0]?.[0], '1'],
    ])
    await new Promise((resolve) => deaf.close(resolve))
  })

  test('to a bot that is not there end in a notice, not in an exception', async () => {
    slack.connect('http://127.0.0.1:9')
    const sent = await slack.command({ user: 'U0LEA', channel: 'C0GENERAL', text: 'x' })
    expect(sent).toMatchObject({ acked: false, error: 'connection_refused' })
  })
})

describe('the Web API', () => {
  test('knows people by fixed ids and their time zones', async () => {
    const { user } = await client.users.info({ user: 'U0PRIYA' })
    expect(user).toMatchObject({ id: 'U0PRIYA', name: 'priya', real_name: 'Priya Nair', tz: 'Asia/Kolkata' })
    const { members } = await client.users.list({})
    expect(members?.map((member) => member.id)).toEqual(['U0LEA', 'U0TOM', 'U0PRIYA', 'U0MAX', 'U0FINOPS'])
    const { channels } = await client.users.conversations({})
    expect(channels?.map((channel) => channel.id)).toEqual(['C0GENERAL', 'C0FINOPS', 'C0PAYMENTS', 'C0ENVIRONMENTS'])
    const opened = await client.conversations.open({ users: 'U0MAX' })
    expect(opened.channel?.id).toBe('D0MAX')
  })

  test('refuses blocks Slack would refuse, and says where', async () => {
    const long = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }
    const refused = client.chat.postMessage({ channel: 'C0GENERAL', text: 'x', blocks: [long] })
    await expect(refused).rejects.toMatchObject({
      data: {
        error: 'invalid_blocks',
        response_metadata: { messages: [expect.stringContaining('/blocks/0/text/text')] },
      },
    })
    expect(slack.messages('C0GENERAL')).toEqual([])
  })

  test('fails on order: rate limit, server error, refusal, silence', async () => {
    const post = () => client.chat.postMessage({ channel: 'C0GENERAL', text: 'x' })
    const strict = new WebClient(slack.botToken, {
      slackApiUrl: slack.apiUrl,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
    })
    slack.fail({ kind: 'rate_limited', retryAfter: 7, method: 'chat.postMessage' })
    await expect(strict.chat.postMessage({ channel: 'C0GENERAL', text: 'x' })).rejects.toMatchObject({ retryAfter: 7 })
    slack.fail({ kind: 'server_error', method: /^chat/ })
    await expect(post()).rejects.toThrow()
    slack.fail({ kind: 'error', error: 'invalid_blocks' })
    await expect(post()).rejects.toThrow('invalid_blocks')
    slack.fail({ kind: 'down', times: 2 })
    await expect(post()).rejects.toThrow()
    slack.heal()
    await post()
    expect(slack.messages('C0GENERAL')).toHaveLength(1)
    expect(slack.calls('chat.postMessage').map((call) => call.ok)).toEqual([false, false, false, false, true])
  })

  test('takes a file and shows it in its channel', async () => {
    await client.filesUploadV2({
      channel_id: 'C0FINOPS',
      filename: 'savings.csv',
      file: Buffer.from('a,b'),
      initial_comment: 'Your file',
    })
    const [message] = slack.messages('C0FINOPS')
    expect(message).toMatchObject({ text: 'Your file', files: [{ name: 'savings.csv' }] })
    expect(Buffer.from(slack.file(message?.files?.[0]?.id ?? '')?.bytes ?? []).toString()).toBe('a,b')
  })
})

test('a picture block may name an uploaded file and no other', async () => {
  const upload = await client.filesUploadV2({ filename: 'chart.png', file: Buffer.from('png') })
  const files = upload.files as { files: { id: string }[] }[]
  const picture = (id: string) => ({ type: 'image' as const, alt_text: 'Spend', slack_file: { id } })
  await client.chat.postMessage({ channel: 'C0FINOPS', text: 'x', blocks: [picture(files[0]?.files[0]?.id ?? '')] })
  await expect(
    client.chat.postMessage({ channel: 'C0FINOPS', text: 'x', blocks: [picture('F0NOBODY')] }),
  ).rejects.toThrow('invalid_blocks')
})

test('what a person ticked in a message travels with the next click', async () => {
  const options = ['one', 'two'].map((value) => ({ text: { type: 'plain_text' as const, text: value }, value }))
  const blocks = [
    {
      type: 'actions' as const,
      block_id: 'items',
      elements: [{ type: 'checkboxes' as const, action_id: 'tick', options }],
    },
    {
      type: 'actions' as const,
      elements: [{ type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } }],
    },
  ]
  const { ts = '' } = await client.chat.postMessage({ channel: 'C0FINOPS', text: 'x', blocks })
  const states: unknown[] = []
  bot.app.action(/^(tick|go)$/, async ({ ack, body }) => {
    await ack()
    const entered = 'state' in body && typeof body.state === 'object' ? body.state.values['items']?.['tick'] : undefined
    states.push(entered?.selected_options?.map((option) => option.value))
  })
  const message = { channel: 'C0FINOPS', ts }
  await slack.click({ user: 'U0LEA', message, actionId: 'tick', value: ['two'] })
  await slack.click({ user: 'U0LEA', message, actionId: 'go' })
  await slack.click({ user: 'U0TOM', message, actionId: 'go' })
  expect(states).toEqual([['two'], ['two'], []])
})

test('the bot works over Socket Mode as over HTTP', async () => {
  const other = await startSlackSandbox({})
  const socketBot = await startBot(other, { socket: true })
  const sent = await other.command({ user: 'U0LEA', channel: 'C0PAYMENTS', text: 'book' })
  expect(sent).toMatchObject({ via: 'socket', acked: true })
  const view = await other.until(() => other.view('U0LEA'))
  const { options } = await other.suggest({ user: 'U0LEA', view, actionId: 'env', query: 'demo' })
  expect(options).toHaveLength(1)
  const values = { env: 'demo', length: '1h', reason: 'no' }
  expect(await other.submit({ user: 'U0LEA', values })).toMatchObject({ errors: { reason: 'Give a real reason.' } })
  await other.dm({ user: 'U0LEA', text: 'hello' })
  await other.until(() => other.messages('D0LEA').length === 2)
  await socketBot.stop()
  await other.close()
})

test('the conversation survives a restart, and old messages can still be edited', async () => {
  const stateFile = join(await mkdtemp(join(tmpdir(), 'slack-')), 'state.json')
  const first = await startSlackSandbox({ stateFile })
  const before = new WebClient(first.botToken, { slackApiUrl: first.apiUrl })
  const { ts = '' } = await before.chat.postMessage({ channel: 'C0GENERAL', text: 'living card' })
  await first.close()
  const second = await startSlackSandbox({ stateFile })
  expect(second.messages('C0GENERAL')).toMatchObject([{ ts, text: 'living card' }])
  const after = new WebClient(second.botToken, { slackApiUrl: second.apiUrl })
  await after.chat.update({ channel: 'C0GENERAL', ts, text: 'edited card' })
  expect(second.message('C0GENERAL', ts)?.text).toBe('edited card')
  await second.close()
})
