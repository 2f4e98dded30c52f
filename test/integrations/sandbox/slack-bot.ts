import { App, LogLevel } from '@slack/bolt'
import { type SlackSandbox } from '../../../integrations/sandbox/slack.ts'

/** A small real Bolt app over the stand-in: one listener of every kind our bot has. */
export async function startBot(slack: SlackSandbox, options: { socket?: boolean } = {}) {
  const app = new App({
    token: slack.botToken,
    logLevel: LogLevel.ERROR,
    deferInitialization: true,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    ...(options.socket ? { socketMode: true, appToken: 'xapp-sandbox' } : { signingSecret: slack.signingSecret }),
  })
  await app.init()
  const seen: string[] = []

  app.command('/finops', async ({ ack, command, client, respond }) => {
    await ack()
    seen.push(`command ${command.text}`)
    if (command.text === 'book') {
      await client.views.open({ trigger_id: command.trigger_id, view: bookView() })
    } else if (command.text === 'many') {
      for (let n = 1; n <= 6; n++) await respond(`answer ${n}`).catch((error: unknown) => seen.push(String(error)))
    } else {
      await respond({ text: `You asked for ${command.text}`, blocks: card('ttl.extend') })
    }
  })
  app.command('/quick', async ({ ack }) => ack({ response_type: 'in_channel', text: 'for all' }))
  app.event('app_mention', async ({ event, say }) => {
    seen.push(`mention ${event.text}`)
    await say({ text: 'You called', blocks: card('post.ack'), thread_ts: event.thread_ts ?? event.ts })
  })
  app.message(async ({ message, say }) => {
    seen.push(`message ${'text' in message ? message.text : ''}`)
    await say({ text: 'Hello in private', blocks: card('post.ack') })
  })
  app.action('ttl.extend', async ({ ack, respond, action }) => {
    await ack()
    await respond({ replace_original: true, text: `extended ${'value' in action ? action.value : ''}` })
  })
  app.action('post.ack', async ({ ack, body, client }) => {
    await ack()
    if (body.type !== 'block_actions' || !body.channel || !body.message) return
    await client.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      text: `acknowledged by <@${body.user.id}>`,
    })
  })
  app.action('length', async ({ ack, body, client }) => {
    await ack()
    if (body.type !== 'block_actions' || !body.view) return
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: bookView('costs $4') })
  })
  app.options('env', async ({ ack, payload }) => {
    const all = ['stage-1', 'stage-2', 'demo'].filter((name) => name.includes(payload.value))
    await ack({ options: all.map((name) => ({ text: { type: 'plain_text', text: name }, value: name })) })
  })
  app.view('book', async ({ ack, view, body, client }) => {
    const reason = view.state.values['reason']?.['reason']?.value
    if (reason === 'no') return ack({ response_action: 'errors', errors: { reason: 'Give a real reason.' } })
    await ack()
    await client.chat.postMessage({
      channel: body.user.id,
      text: `booked ${view.state.values['env']?.['env']?.selected_option?.value ?? ''}`,
    })
  })
  app.view({ callback_id: 'book', type: 'view_closed' }, async ({ ack }) => {
    await ack()
    seen.push('closed')
  })
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card('home') } })
  })
  app.event('link_shared', async ({ event, client }) => {
    const unfurls = Object.fromEntries(event.links.map(({ url }) => [url, { blocks: card('unfurl') }]))
    await client.chat.unfurl({ channel: event.channel, ts: event.message_ts, unfurls })
  })
  app.shortcut('look_up', async ({ ack, shortcut, client }) => {
    await ack()
    seen.push(`shortcut ${shortcut.type}`)
    await client.views.open({ trigger_id: shortcut.trigger_id, view: bookView() })
  })
  app.error(async (error) => void seen.push(`error ${error.message}`))

  if (options.socket) {
    await app.start()
    return { app, seen, stop: () => app.stop() }
  }
  const server = await app.start(0)
  const address = 'address' in server ? server.address() : null
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  slack.connect(url)
  return { app, seen, stop: () => app.stop() }
}

const plain = (text: string) => ({ type: 'plain_text' as const, text })

function card(actionId: string) {
  return [
    { type: 'section' as const, text: { type: 'mrkdwn' as const, text: '*loadtest-db* ends tomorrow' } },
    {
      type: 'actions' as const,
      block_id: 'row',
      elements: [{ type: 'button' as const, action_id: actionId, text: plain('Extend 1 Day'), value: 'P1D' }],
    },
  ]
}

function bookView(price = 'free') {
  return {
    type: 'modal' as const,
    callback_id: 'book',
    notify_on_close: true,
    title: plain('Book environment'),
    submit: plain('Book'),
    blocks: [
      {
        type: 'input' as const,
        block_id: 'env',
        label: plain('Environment'),
        element: { type: 'external_select' as const, action_id: 'env', min_query_length: 1 },
      },
      {
        type: 'input' as const,
        block_id: 'length',
        dispatch_action: true,
        label: plain('Length'),
        element: {
          type: 'static_select' as const,
          action_id: 'length',
          options: ['1h', '2h'].map((value) => ({ text: plain(value), value })),
        },
      },
      {
        type: 'input' as const,
        block_id: 'reason',
        label: plain('Reason'),
        element: { type: 'plain_text_input' as const, action_id: 'reason' },
      },
      { type: 'context' as const, elements: [plain(price)] },
    ],
  }
}
