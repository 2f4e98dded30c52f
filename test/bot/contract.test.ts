/** The interaction contract (spec chat 2.3), one test or more per rule, through HTTP with signed payloads. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { notify } from '../../engine/notifications/notify.ts'
import type { Environment } from '../../db/schema/environments.ts'
import { listLiveCopies } from '../../db/queries/slack-copies.ts'
import { bookEnvironment, releaseBooking } from '../../engine/environments/bookings.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { moveBookings } from '../../engine/environments/transitions.ts'
import { inTransaction } from '../../engine/context.ts'
import { hourMs, minuteMs } from '../../engine/time.ts'
import { finops, labels, lea, max, priya, slackWorld, words, type Seen, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let stage: Environment
let made = 0

beforeAll(async () => {
  w = await slackWorld()
  await w.colleague(max, 'Max')
})
beforeEach(async () => {
  w.slack.heal()
  await w.work()
  await w.database.sql`delete from environments`
  w.clock.set('2026-11-23T10:00:00Z')
  stage = await createEnvironment(w.as(), { name: `stage-${(made += 1)}`, channel: finops, hourlyCost: '1.10' })
})

/** Priya's booking for two hours, and its announcement in the channel. */
async function announced(): Promise<{ id: string; card: Seen }> {
  const { id } = await bookEnvironment(w.as(w.priya), {
    environmentId: stage.id,
    startsAt: w.clock.now(),
    endsAt: new Date(w.clock.now().getTime() + 2 * hourMs),
  })
  await w.work()
  const card = w.slack.messages(finops).findLast((message) => message.text.startsWith(stage.name)) as Seen
  return { id, card }
}
const now = ({ channel, ts }: Seen) => w.slack.message(channel, ts)! as Seen
const state = async (id: string) => {
  const [row] = await w.database.sql`select state from bookings where id = ${id}`
  return row?.['state'] as string
}

describe('IC-1: everything is acknowledged within a second, heavy work comes after', () => {
  it('even when Slack itself is slow', async () => {
    w.slack.fail({ kind: 'slow', ms: 700, times: 5 })
    const delivery = await w.slack.command({ user: lea, channel: finops, text: 'env' })
    expect(delivery.acked).toBe(true)
    expect(delivery.ms).toBeLessThan(1000)
    await w.settled()
  })
})

describe('IC-2: a dialog opens with a loading view before anything is read', () => {
  it('is loading first and filled after', async () => {
    w.slack.forgetCalls()
    await w.slack.command({ user: lea, channel: finops, text: '' })
    await w.settled()
    const methods = w.slack.calls().map(({ method }) => method)
    expect(methods).toEqual(['views.open', 'views.update'])
    expect(JSON.stringify(w.slack.calls('views.open')[0]!.args)).toContain('Loading…')
    expect(w.slack.view(lea)!.callback_id).toBe('palette')
  })

  it('while nothing can be read', async () => {
    w.slack.forgetCalls()
    const [opened] = await w.database.sql.begin(async (sql) => {
      await sql`lock table slack_links, people, organizations in access exclusive mode`
      await w.slack.command({ user: lea, channel: finops, text: '' })
      return [await w.slack.until(() => w.slack.calls('views.open').length, 2000).catch(() => 0)]
    })
    expect(opened).toBe(1)
    await w.settled()
    expect(w.slack.calls('views.update')).toHaveLength(1)
  })

  it('the palette finds commands, environments and pools, and runs what is picked', async () => {
    await w.slack.command({ user: lea, channel: finops, text: '' })
    await w.settled()
    const { options } = await w.slack.suggest({ user: lea, actionId: 'what', query: 'stage' })
    expect(JSON.stringify(options)).toContain(`env ${stage.name}`)
    await w.slack.submit({ user: lea, values: { what: `env ${stage.name}` } })
    await w.settled()
    expect(w.last().text).toContain(stage.name)
  })
})

describe('IC-3: a changing click shows that it is worked on before it is done', () => {
  it('the buttons make room at once, then the card shows the new state', async () => {
    const { id, card } = await announced()
    const seen: string[] = []
    const stop = w.slack.subscribe((change) => {
      if (change.kind === 'message' && change.message.ts === card.ts) seen.push(words(change.message))
    })
    await w.press(card, 'Release', priya)
    stop()
    expect(seen[0]).toMatch(/Working on it/)
    expect(seen[0]).not.toMatch(/Release/)
    expect(words(now(card))).toMatch(/released/)
    expect(await state(id)).toBe('released')
  })

  it('a refused click puts the buttons back', async () => {
    const { card } = await announced()
    await w.press(card, 'Release', max)
    expect(labels(now(card))).toContain('Release')
  })
})

describe('IC-4: one settled receipt per subject, revision and verb', () => {
  it('a second click says who was first and when, and changes nothing', async () => {
    const { id, card } = await announced()
    await w.slack.click({ user: priya, message: card, label: 'Release' })
    // A click is acknowledged before it is done; the second one shall come after the first was.
    await w.settled()
    await w.slack.deliver('interactive', await replayed(card, 'Release', lea))
    await w.settled()
    expect(w.slack.ephemerals(lea, finops).at(-1)!.text).toMatch(/Already done by Priya at <!date/)
    expect(await state(id)).toBe('released')
  })

  it('of two at the same moment one is done', async () => {
    const { id, card } = await announced()
    const click = await replayed(card, 'Release', priya)
    await Promise.all([
      w.slack.deliver('interactive', click),
      w.slack.deliver('interactive', { ...click, user: { id: lea } }),
    ])
    await w.settled()
    const [{ count }] = (await w.database.sql`select count(*)::int from slack_receipts where subject_id = ${id}`) as [
      { count: number },
    ]
    expect(count).toBe(1)
    const [events] = (await w.database
      .sql`select count(*)::int from events where name = 'booking.released' and subject_id = ${id}`) as [
      { count: number },
    ]
    expect(events.count).toBe(1)
  })

  it('a stale card is refreshed instead of obeyed', async () => {
    const { id, card } = await announced()
    const click = await replayed(card, 'Release', priya)
    await w.database.sql`update bookings set rev = rev + 1 where id = ${id}`
    await w.slack.deliver('interactive', click)
    await w.settled()
    expect(w.last(priya).text).toMatch(/changed meanwhile/)
    expect(await state(id)).toBe('active')
  })
})

/** The payload of a click on a button as it was drawn, for clicks on what has changed since. */
async function replayed(message: Seen, label: string, user: string): Promise<Record<string, unknown>> {
  const blocks = message.blocks ?? []
  const block = blocks.find((each) => JSON.stringify(each['elements'] ?? '').includes(`"text":"${label}"`))!
  const element = (block['elements'] as Record<string, unknown>[]).find((each) =>
    JSON.stringify(each['text']).includes(label),
  )!
  const where = { channel: message.channel, ts: message.ts }
  return {
    type: 'block_actions',
    user: { id: user },
    team: { id: 'T0ACME' },
    trigger_id: w.slack.trigger(user),
    container: { type: 'message', message_ts: message.ts, channel_id: message.channel },
    channel: { id: message.channel },
    message: { ts: message.ts, text: message.text, blocks },
    response_url: w.slack.responseUrl({ user, ...where }),
    actions: [{ ...element, block_id: block['block_id'], action_ts: `${Date.now()}.${Math.random()}` }],
  }
}

describe('IC-5: every posted copy follows the state, whichever door changed it', () => {
  it('a change at another door is redrawn', async () => {
    const { id, card } = await announced()
    await releaseBooking(w.as(w.priya), { bookingId: id })
    await w.work()
    expect(words(now(card))).toMatch(/released/)
    expect(labels(now(card))).toEqual([])
  })
})

describe('a copy that cannot be edited', () => {
  it('does not keep the others from showing how it is', async () => {
    const place = { user: lea, channel: w.slack.directChannel(lea) }
    await w.type(stage.name, place)
    await w.type(stage.name, { user: priya, channel: w.slack.directChannel(priya) })
    w.slack.fail({ kind: 'error', error: 'edit_window_closed', method: 'chat.update' })
    await w.type(`${stage.name} 1h`, { user: max })
    await w.work()
    const texts = [lea, priya].map((user) => w.last(user, w.slack.directChannel(user)).text)
    expect(texts.filter((text) => text.startsWith(`${stage.name} is held by`))).toHaveLength(1)
  })
})

describe('an answer whose question is forgotten', () => {
  it('still does what its button says, and does not say that nothing was changed', async () => {
    await w.slack.dm({ user: lea, text: 'env' })
    await w.settled()
    const direct = w.slack.directChannel(lea)
    const board = w.last(lea, direct)
    await w.database.sql`delete from slack_questions`
    await w.press(board, 'Book 2 Hours')
    const said = w.slack.conversation(lea, direct).filter(({ ts }) => ts >= board.ts)
    expect(said.map(({ text }) => text).join()).toMatch(/too old to be drawn again.*is yours until/s)
    expect(said.map(({ text }) => text).join()).not.toContain('Nothing was changed')
  })
})

describe('IC-6: rights are checked at the click', () => {
  it('a refusal is only for the clicker, changes nothing, names who can, and offers to ask', async () => {
    const { id, card } = await announced()
    await w.press(card, 'Release', max)
    const refusal = w.slack.ephemerals(max, finops).at(-1)! as Seen
    expect(refusal.text).toMatch(/Nothing was changed/)
    expect(words(refusal)).toMatch(/Your role: Engineer/)
    expect(await state(id)).toBe('active')
    const [ask] = labels(refusal)
    expect(ask).toMatch(/^Ask (Priya|Lea)$/)
    await w.press(refusal, ask!, max)
    await w.work()
    const asked = ask === 'Ask Priya' ? priya : lea
    const request = w.last(asked, w.slack.directChannel(asked))
    expect(request.text).toMatch(/^Max asks for your help/)
    expect(words(request)).toMatch(/They asked for release: stage-/)
  })

  it('asks the same person again about something else', async () => {
    const asked = () =>
      [lea, priya]
        .flatMap((user) => w.slack.messages(w.slack.directChannel(user)))
        .filter(({ text }) => text.startsWith('Max asks'))
    const before = asked().length
    for (const _ of [1, 2]) {
      const { card } = await announced()
      await w.press(card, 'Release', max)
      const refusal = w.slack.ephemerals(max, finops).at(-1)! as Seen
      await w.press(refusal, labels(refusal)[0]!, max)
      await w.work()
      await w.press(card, 'Release', priya)
    }
    expect(asked()).toHaveLength(before + 2)
  })
})

describe('IC-7: an open request never means yes', () => {
  it('an unknown person sees nothing until a manager lets them in; then the kept command is answered', async () => {
    const stranger = 'U0TOM'
    const first = await w.type('env', { user: stranger })
    expect(first.text).toMatch(/You are not in/)
    expect(words(first)).not.toContain(stage.name)
    await w.press(first, 'Ask to Join', stranger)
    await w.work()
    const request = w.last(lea, w.slack.directChannel(lea))
    expect(request.text).toMatch(/Tom Okafor asks to join/)
    await w.press(request, 'Let In as Engineer', lea)
    await w.work()
    expect(w.last(stranger, w.slack.directChannel(stranger)).text).toContain(stage.name)
    expect(labels(now(request))).toEqual([])
  })
})

describe('IC-8: what can be taken back offers Undo for 30 minutes', () => {
  it('undoes once', async () => {
    const { id, card } = await announced()
    await w.press(card, 'Release', priya)
    const receipt = w.last(priya)
    await w.press(receipt, 'Undo', priya)
    expect(await state(id)).toMatch(/active|booked/)
    expect(labels(now(card))).toContain('Release')
  })

  it('also of two changes typed in one second', async () => {
    const typed = []
    for (const line of [`env ${stage.name} 1h`, `extend ${stage.name} 30m`])
      typed.push(await w.type(line, { user: max }))
    expect(typed.map(labels)).toEqual([['Undo'], ['Undo']])
    await w.type(`release ${stage.name}`, { user: max })
  })

  it('not what somebody else decided since', async () => {
    const { id } = await announced()
    const receipt = await w.type(`extend ${stage.name} 30m`, { user: priya })
    await w.type(`extend ${stage.name} 1h`, { user: lea })
    const end = async () => (await w.database.sql`select ends_at from bookings where id = ${id}`)[0]!['ends_at'] as Date
    const after = await end()
    await w.press(receipt, 'Undo', priya)
    expect(w.last(priya).text).toMatch(/^This was changed again since, so it stays as it is\./)
    expect(await end()).toEqual(after)
  })

  it('not after half an hour', async () => {
    const { id, card } = await announced()
    await w.press(card, 'Release', priya)
    const receipt = w.last(priya)
    w.clock.advance(31 * minuteMs)
    await w.press(receipt, 'Undo', priya)
    expect(w.last(priya).text).toMatch(/Undo works for 30 minutes/)
    expect(await state(id)).toBe('released')
  })
})

describe('IC-9 and IC-10: ends and revisions', () => {
  it('nothing live is left at the end, and ids change with every revision', async () => {
    const { id, card } = await announced()
    const ids = (message: Seen) =>
      message.blocks!.filter((block) => block['type'] === 'actions').map((block) => block['block_id'])
    const before = ids(card)
    await w.slack.click({ user: priya, message: card, actionId: 'more:extend-booking', value: 'Extend by 30 minutes' })
    await w.settled()
    expect(ids(now(card))).not.toEqual(before)
    w.clock.advance(5 * hourMs)
    await moveBookings(w.deps)
    await w.work()
    expect(labels(now(card))).toEqual([])
    expect(await listLiveCopies(w.deps.db, { orgId: w.org.id, kind: 'booking', id })).toEqual([])
  })
})

describe('IC-11 to IC-13 are judged on every template in messages.test.ts', () => {
  it('and on a live message', async () => {
    const { card } = await announced()
    expect(card.text).toMatch(/booked by/)
    expect(words(card)).toContain('https://finops.example.com/environments/')
  })
})

describe('IC-14: the same thing twice is one effect and one message', () => {
  it('a redelivered event is heard once', async () => {
    const event = {
      type: 'app_mention',
      user: lea,
      channel: finops,
      text: '<@U0FINOPS> env',
      ts: '1.1',
      event_ts: '1.1',
    }
    const envelope = { type: 'event_callback', team_id: 'T0ACME', api_app_id: 'A0FINOPS', event_id: 'EvSame', event }
    w.slack.forgetCalls()
    await w.slack.deliver('event', envelope)
    await w.slack.deliver('event', envelope, { retry: { num: 1, reason: 'http_timeout' } })
    await w.slack.deliver('event', envelope, { retry: { num: 2, reason: 'http_timeout' } })
    await w.settled()
    expect(w.slack.calls('chat.postEphemeral')).toHaveLength(1)
  })

  it('a notification decided or delivered twice is told once', async () => {
    const notice = {
      kind: 'welcome',
      key: 'once',
      personIds: [w.lea.id],
      facts: { state: 'linked', organization: 'Acme', kept: null, question: null },
    }
    await inTransaction(w.job(), (ctx) => notify(ctx, notice))
    await inTransaction(w.job(), (ctx) => notify(ctx, notice))
    await w.work()
    const [row] = await w.database.sql`select id from notifications where key = 'once'`
    const { default: deliver } = await import('../../bot/jobs/deliver-notification.ts')
    await deliver.run({ orgId: w.org.id, notificationId: row!['id'] as string }, { deps: w.deps } as never)
    await w.work()
    const told = w.slack.messages(w.slack.directChannel(lea)).filter(({ text }) => text.startsWith('You are in'))
    expect(told).toHaveLength(1)
  })
})

describe('IC-15: refused blocks never cost the words', () => {
  const notice = (key: string) => ({
    kind: 'welcome',
    key,
    personIds: [w.lea.id],
    facts: { state: 'linked', organization: 'Acme', kept: null, question: null },
  })
  it('an alert goes as plain text', async () => {
    w.slack.fail({ kind: 'error', error: 'invalid_blocks', method: 'chat.postMessage' })
    await inTransaction(w.job(), (ctx) => notify(ctx, notice('plain')))
    await w.work()
    const told = w.last(lea, w.slack.directChannel(lea))
    expect(told.text).toMatch(/You are in/)
    expect(told.blocks ?? []).toEqual([])
  })

  it('so does an answer', async () => {
    w.slack.fail({ kind: 'error', error: 'invalid_blocks', method: 'chat.postEphemeral' })
    await w.slack.mention({ user: lea, channel: finops, text: `env ${stage.name}` })
    await w.settled()
    expect(w.last().text).toBe(`${stage.name} is free.`)
    expect(w.last().blocks ?? []).toEqual([])
  })

  it('and a redrawn card', async () => {
    const { id, card } = await announced()
    w.slack.fail({ kind: 'error', error: 'invalid_blocks', method: 'chat.update' })
    await releaseBooking(w.as(w.priya), { bookingId: id })
    await w.work()
    expect(now(card).text).toMatch(/released/)
  })
})

describe('an answer that its response_url does not take', () => {
  it.each([
    ['answers 500', 'server_error'],
    ['breaks off', 'down'],
  ] as const)('because it %s arrives as an ordinary message, and says what happened', async (_, kind) => {
    w.slack.fail({ kind, method: 'response_url' })
    expect((await w.type(`env ${stage.name} 2h UAT`)).text).toMatch(`${stage.name} is yours`)
    expect(w.slack.ephemerals(lea, finops).filter(({ text }) => /could not finish/.test(text))).toEqual([])
  })
})

describe('one person’s pace', () => {
  it('more than 60 requests a minute are refused, others are not slowed (S18)', async () => {
    w.slack.forgetCalls()
    for (let n = 0; n < 70; n += 1) await w.slack.command({ user: max, channel: finops, text: 'help' })
    await w.settled()
    expect(w.slack.ephemerals(max, finops).some(({ text }) => text.includes('faster than I may be'))).toBe(true)
    expect((await w.type('help', { user: priya })).text).toMatch(/plain words/)
  })
})
