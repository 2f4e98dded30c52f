import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listBookings } from '../../db/queries/environments.ts'
import type { Environment } from '../../db/schema/environments.ts'
import { createEnvironment, markShared, unmarkShared } from '../../engine/environments/environment.ts'
import { moveBookings } from '../../engine/environments/transitions.ts'
import { hourMs, minuteMs } from '../../engine/time.ts'
import { finops, labels, lea, max, priya, slackWorld, words, type Seen, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let stage: Environment
let made = 0

beforeAll(async () => {
  w = await slackWorld({ now: '2026-11-23T10:00:00Z' })
  await w.colleague(max, 'Max')
})

beforeEach(async () => {
  await w.work()
  await w.database.sql`delete from environments`
  w.clock.set('2026-11-23T10:00:00Z')
  stage = await createEnvironment(w.as(), { name: `stage-${(made += 1)}`, channel: finops, hourlyCost: '1.10' })
})

const env = (line: string, user = priya) => w.type(line, { user, command: '/env' })
const bookings = () => listBookings(w.deps.db, { orgId: w.org.id })
const announced = () => w.slack.messages(finops).filter((message) => message.text.startsWith(stage.name)) as Seen[]
const direct = (user: string) => w.last(user, w.slack.directChannel(user))
/** Commands typed and buttons pressed since the last look. */
async function acts(run: () => Promise<unknown>): Promise<number> {
  let count = 0
  const { type, press } = w
  w.type = (...args) => ((count += 1), type(...args))
  w.press = (...args) => ((count += 1), press(...args))
  await run().finally(() => Object.assign(w, { type, press }))
  return count
}

describe('the board', () => {
  it('says who holds what and what is free, with one button each', async () => {
    await createEnvironment(w.as(), { name: 'a-free' })
    await env(`${stage.name} 2h UAT`, max)
    const board = await env('')
    expect(board.to).toBe(priya)
    expect(board.text).toBe('1 of 2 environments free now: a-free.')
    expect(words(board)).toMatch(new RegExp(`${stage.name}.*U0MAX.*UAT`))
    expect(labels(board)).toEqual(['Book 2 Hours', 'Other Time', 'Book Environment', 'Free Now'])
    expect(labels(await env('', max))).toContain('Release')
    const free = await env('free')
    expect(words(free)).not.toContain(stage.name)
  })

  it('offers only the time that is left before the next booking', async () => {
    await env(`${stage.name} 11:00-12:00`, max)
    const board = await env('')
    expect(labels(board)[0]).toBe('Book Until Next')
    await w.press(board, 'Book Until Next', priya)
    const [mine] = await bookings()
    expect(mine).toMatchObject({ holder: 'Priya', endsAt: new Date('2026-11-23T11:00:00Z') })
  })
})

describe('booking now', () => {
  it('takes one line, and says until when and what it costs, with an undo', async () => {
    const count = await acts(() => env(`${stage.name} 2h UAT for PAY-812`))
    expect(count).toBe(1)
    expect(await bookings()).toMatchObject([{ holder: 'Priya', reason: 'UAT for PAY-812', state: 'active' }])
    const receipt = w.last(priya)
    expect(receipt.to).toBe(priya)
    expect(receipt.text).toMatch(/is yours until .*, about \$2\.20\./)
    await w.press(receipt, 'Undo', priya)
    expect(await bookings()).toEqual([])
  })

  it('takes two acts from the board', async () => {
    const count = await acts(async () => w.press(await env(''), 'Book 2 Hours', priya))
    expect(count).toBe(2)
    expect(await bookings()).toMatchObject([{ holder: 'Priya', endsAt: new Date('2026-11-23T12:00:00Z') }])
  })

  it('a second click on the same board is told who was first, and one on a card that changed books nothing', async () => {
    const [hers, his] = [await env(''), await env('', max)]
    await w.press(hers, 'Book 2 Hours', priya)
    await w.press(his, 'Book 2 Hours', max)
    expect(await bookings()).toHaveLength(1)
    const told = w.slack.ephemerals(max, finops).map((message) => message.text)
    expect(told.some((text) => text.includes('Already done by Priya'))).toBe(true)
  })

  it('of a taken environment names the holder and offers three free slots that book at a click', async () => {
    await env(`${stage.name} 2h`, max)
    const refusal = await env(`${stage.name} 1h demo`)
    expect(refusal.text).toContain(`${stage.name} is held by Max`)
    expect(labels(refusal)).toEqual(['Run 1', 'Run 2', 'Run 3', 'env free'])
    await w.press(refusal, 'Run 1', priya)
    expect(await bookings()).toMatchObject([
      { holder: 'Max' },
      {
        holder: 'Priya',
        startsAt: new Date('2026-11-23T12:00:00Z'),
        endsAt: new Date('2026-11-23T13:00:00Z'),
        reason: 'demo',
      },
    ])
  })

  it('of a taken environment for a colleague books the free slot for the colleague', async () => {
    await env(`${stage.name} 2h`)
    const refusal = await env(`book ${stage.name} 1h <@${max}>`, lea)
    await w.press(refusal, 'Run 1', lea)
    expect(await bookings()).toMatchObject([{ holder: 'Priya' }, { holder: 'Max' }])
  })

  it.each([
    'UAT tomorrow 14:00-17:00',
    'next friday 14:00',
    '24.12. 14:00-16:00',
    '3 hours',
    'tomorrow 2 pm',
    '2h demo on friday',
  ])('asks when “%s” is instead of taking it for the reason', async (rest) => {
    const refusal = await env(`book ${stage.name} ${rest}`)
    expect(refusal.text).toMatch(/I do not know when “.*” is\. Nothing was booked\./)
    expect(await bookings()).toEqual([])
  })

  it('takes a time for the reason where “because” says so, also from a button', async () => {
    await env(`book ${stage.name} 2h because demo at 15:00`)
    const refusal = await env(`book ${stage.name} 1h because call until 4pm`, lea)
    await w.press(refusal, 'Run 1', lea)
    expect((await bookings()).map(({ reason }) => reason)).toEqual(['demo at 15:00', 'call until 4pm'])
  })

  it('is booked for a colleague without the verb too', async () => {
    await env(`${stage.name} 1h <@${max}>`, lea)
    expect(await bookings()).toMatchObject([{ holder: 'Max' }])
  })

  it('keeps when, how long and why when only the name was mistyped', async () => {
    const miss = await env('book stagg tomorrow 14:00-17:00 release test')
    await w.press(miss, labels(miss)[0]!, priya)
    const startsAt = new Date('2026-11-24T14:00:00Z')
    const [booked] = await bookings()
    expect(booked).toMatchObject({ startsAt, endsAt: new Date('2026-11-24T17:00:00Z'), reason: 'release test' })
    const again = await env('stagg tomorrow 18:00-19:00 UAT')
    await w.press(again, labels(again)[0]!, priya)
    expect((await bookings())[1]).toMatchObject({ startsAt: new Date('2026-11-24T18:00:00Z'), reason: 'UAT' })
    const more = await env('extend stagg 30m')
    await w.press(more, labels(more)[0]!, priya)
    expect((await bookings())[0]!.endsAt).toEqual(new Date('2026-11-24T17:30:00Z'))
  })

  it('over several days says on which day it ends', async () => {
    const receipt = await env(`book ${stage.name} tomorrow 09:00 3d`, lea)
    const end = /to <!date\^\d+\^\{date_short_pretty\} at \{time\}\|Nov 27, 09:00 UTC>/
    expect(receipt.text).toMatch(end)
    await w.work()
    expect(announced()[0]!.text).toMatch(end)
  })

  it('reads times in the zone of the person', async () => {
    await w.database.sql`update people set zone = 'Europe/Berlin' where name = 'Priya'`
    await env(`book ${stage.name} tomorrow 14:00-17:00 release test`)
    expect(await bookings()).toMatchObject([{ startsAt: new Date('2026-11-24T13:00:00Z'), reason: 'release test' }])
    await w.database.sql`update people set zone = 'UTC' where name = 'Priya'`
  })

  it('for somebody else is for managers', async () => {
    await env(`book ${stage.name} 1h <@${max}>`)
    expect(w.last(priya).text).toContain('for yourself, not for others. Nothing was booked.')
    await env(`book ${stage.name} 1h <@${max}>`, lea)
    expect(await bookings()).toMatchObject([{ holder: 'Max' }])
  })

  it('asks back when the name is unknown or the length is missing', async () => {
    const miss = await env('stagg 2h')
    expect(miss.text).toContain('There is no environment called “stagg”')
    const asked = await env(`${stage.name} UAT`)
    expect(asked.text).toContain(`For how long do you want ${stage.name}?`)
  })
})

describe('the announcement', () => {
  it('is one message that lives through start, extension and release', async () => {
    await env(`${stage.name} 11:00-13:00 UAT`)
    await w.work()
    const [card] = announced()
    expect(card!.text).toMatch(new RegExp(`^${stage.name} booked by <@${priya}>.*Reason: UAT`))
    expect(labels(card!)).toContain('Cancel Booking')

    w.clock.set('2026-11-23T11:00:00Z')
    await moveBookings(w.deps)
    await w.work()
    expect(labels(announced()[0]!)).toContain('Release')

    await env('extend 30m')
    await w.work()
    expect(announced()[0]!.text).toContain('13:30 UTC')

    w.clock.advance(hourMs)
    await env('release')
    await w.work()
    expect(announced()).toHaveLength(1)
    expect(announced()[0]!.ts).toBe(card!.ts)
    expect(labels(announced()[0]!)).toEqual([])
    expect(words(announced()[0]!)).toMatch(/released early, saved \$1\.65/)

    await w.press(w.last(priya), 'Undo', priya)
    await w.work()
    expect(labels(announced()[0]!)).toContain('Release')
  })

  it('is released by its holder with one click, and by nobody else', async () => {
    await env(`${stage.name} 2h`)
    await w.work()
    await w.press(announced()[0]!, 'Release', max)
    const refusal = w.last(max)
    expect(refusal.text).toContain('Nothing was changed.')
    expect(labels(refusal)).toContain('Ask Priya')
    expect(await bookings()).toHaveLength(1)
    const count = await acts(() => w.press(announced()[0]!, 'Release', priya))
    expect(count).toBe(1)
    expect(await bookings()).toHaveLength(0)
  })

  it('is gone from life when its time is over: no buttons', async () => {
    await env(`${stage.name} 1h`)
    await w.work()
    w.clock.advance(2 * hourMs)
    await moveBookings(w.deps)
    await w.work()
    expect(announced()[0]!.text).toContain('was held by')
    expect(labels(announced()[0]!)).toEqual([])
  })
})

describe('the end', () => {
  it('is announced to the holder with what can still be added, up to the next booking', async () => {
    await env(`${stage.name} 2h`)
    await env(`${stage.name} 12:45-14:00`, max)
    w.clock.advance(90 * minuteMs)
    await moveBookings(w.deps)
    await w.work()
    const ending = direct(priya)
    expect(ending.text).toMatch(/is yours until .*so 45 minutes is the most you can add/)
    expect(labels(ending)).toEqual(['Release Now', '30 Minutes More', '45 Minutes More'])
    const count = await acts(() => w.press(ending, '45 Minutes More', priya))
    expect(count).toBe(1)
    expect((await bookings())[0]!.endsAt).toEqual(new Date('2026-11-23T12:45:00Z'))
    await w.work()
    expect(labels(w.slack.message(ending.channel, ending.ts) as Seen)).toEqual(['Release Now'])
  })
})

describe('a booking of another day', () => {
  it('is not what stands in the way', async () => {
    await env(`${stage.name} 2h`)
    await env(`${stage.name} tomorrow 09:00-10:00`, max)
    w.clock.advance(90 * minuteMs)
    await moveBookings(w.deps)
    await w.work()
    const ending = direct(priya)
    expect(ending.text).toMatch(/You can add \d+ hours at most/)
    expect(ending.text).not.toContain('is next')
  })
})

describe('an environment', () => {
  it('shows its state, price and properties, and is added and announced by a manager', async () => {
    const card = await env(stage.name)
    expect(card.text).toBe(`${stage.name} is free.`)
    expect(words(card)).toContain('$1.10 an hour')
    expect((await env('add qa-eu')).text).toContain('You cannot manage environments')
    expect((await env('add qa-eu', lea)).text).toBe('qa-eu is free.')
    await env('here qa-eu', lea)
    expect(w.last(lea).text).toContain('announced here from now on')
  })

  it('is known without the verb', async () => {
    const seen = await w.type(`${stage.name} 1h`, { user: priya })
    expect(seen.text).toContain('is yours until')
  })
})

describe('a machine that was shared', () => {
  it('is shared no longer after a question that says whose bookings go; only a manager of the organization may', async () => {
    const machine = await w.resource(await w.account(), { type: 'Instance', name: 'web-1', active: true })
    const { id } = await markShared(w.as(), { resourceId: machine.id })
    await env('web-1 2h load test', max)
    expect((await env('unshare web-1')).text).toMatch(/You cannot manage the environment web-1\. Nothing was changed/)
    const asked = await env('unshare web-1', lea)
    expect(asked.text).toMatch(
      /^Stop sharing web-1\? .* Its booking goes with it, in the calendar too; Max will lose it\. Press one/,
    )
    expect(await bookings()).toHaveLength(1)
    await w.press(asked, labels(asked)[0]!)
    expect(w.last(lea).text).toBe(
      'web-1 is shared no longer. 1 booking went with it; who held it is told. The machine itself was not touched.',
    )
    expect(await bookings()).toEqual([])
    const mirrored = await w.database.sql`select from pgboss.job where name = 'mirror-booking' and state < 'completed'`
    expect(mirrored.length).toBeGreaterThan(0)
    const [event] = await w.database
      .sql`select before from events where name = 'environment.unshared' and subject_id = ${id}`
    expect(event!['before']).toMatchObject({ name: 'web-1', resourceId: machine.id, bookings: 1 })
    await w.work()
    const told = w.last(max, w.slack.directChannel(max))
    expect(told.text).toMatch(/^web-1 cannot be booked any more, so your booking is gone: <!date\^.* to <!date/)
    expect(words(told)).toMatch(/^<@U0LEA> took \*web-1\* away from booking, so your booking is gone:/)
    expect(labels(told)).toEqual(['See What Is Free'])
    await w.press(told, 'See What Is Free', max)
    expect(w.last(max, w.slack.directChannel(max)).text).toMatch(/free/)
  })

  it('and deleted by hand or shared no longer, tells every holder once, of all that is to come, but not whoever did it', async () => {
    const machine = await w.resource(await w.account(), { type: 'Instance', name: 'web-2', active: true })
    const shared = await markShared(w.as(), { resourceId: machine.id })
    for (const line of ['web-2 1h', 'book web-2 tomorrow 14:00-15:00']) await env(line, max)
    await env('book web-2 tomorrow 16:00-17:00', lea)
    expect(await bookings()).toHaveLength(3)
    await unmarkShared(w.as(), { environmentId: shared.id })
    const told = await w.database.sql`select person_ids, facts from notifications
      where kind = 'bookings-lost' and key like ${`bookings-lost ${shared.id}%`}`
    expect(told).toHaveLength(1)
    expect((told[0]!['facts'] as { bookings: unknown[] }).bookings).toHaveLength(2)
  })

  it('is not what was made by hand: that is deleted instead', async () => {
    expect((await env(`unshare ${stage.name}`, lea)).text).toMatch(/was made by hand, so it cannot be un-shared/)
    expect((await env('unshare', lea)).text).toMatch(/Which environment\? Nothing was changed/)
  })
})
