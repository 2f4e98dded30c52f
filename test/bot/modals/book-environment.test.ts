import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listBookings } from '../../../db/queries/environments.ts'
import type { Environment } from '../../../db/schema/environments.ts'
import { bookEnvironment } from '../../../engine/environments/bookings.ts'
import { createEnvironment } from '../../../engine/environments/environment.ts'
import { hourMs } from '../../../engine/time.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import { labels, priya, slackWorld, words, max, type Json, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
let stage: Environment
let colleague: Person

beforeAll(async () => {
  w = await slackWorld({ now: '2026-11-23T10:10:00Z' })
  colleague = await w.colleague(max, 'Max')
})
beforeEach(async () => {
  await w.database.sql`delete from environments`
  stage = await createEnvironment(w.as(), { name: 'stage-2', hourlyCost: '1.10' })
  w.slack.forgetCalls()
})

const at = (time: string) => new Date(`2026-11-23T${time}Z`)
const seconds = (time: string) => at(time).getTime() / 1000
const bookings = () => listBookings(w.deps.db, { orgId: w.org.id })
const view = () => w.slack.view(priya)! as unknown as { id: string; title: { text: string }; blocks: Json[] }
const open = async () => {
  await w.slack.shortcut({ user: priya, callbackId: 'book-environment' })
  await w.settled()
}
/** Changes a live field of the open dialog. */
const enter = async (field: string, value: unknown) => {
  const block = view().blocks.find((each) => String(each['block_id']).startsWith(`${field}~`))!
  await w.slack.click({
    user: priya,
    view: view().id,
    blockId: String(block['block_id']),
    actionId: field,
    value,
  })
  await w.settled()
}

describe('the booking dialog', () => {
  it('opens with a loading view before anything is read, then shows the price', async () => {
    await open()
    const [opened, filled] = w.slack.calls().filter(({ method }) => method.startsWith('views.'))
    expect([opened!.method, filled!.method]).toEqual(['views.open', 'views.update'])
    expect(words(view())).toMatch(/stage-2.* is free .*about \$2\.20/)
  })

  it('books what it shows: the next half hour for two hours', async () => {
    await open()
    const answer = await w.slack.submit({ user: priya, values: { reason: 'UAT' } })
    await w.settled()
    expect(answer).not.toHaveProperty('errors')
    expect(await bookings()).toMatchObject([
      { holder: 'Priya', startsAt: at('10:30'), endsAt: at('12:30'), reason: 'UAT' },
    ])
  })

  it('follows a change of length with the price, before anything is submitted', async () => {
    await open()
    await enter('length', '240')
    expect(words(view())).toContain('about $4.40')
    expect(await bookings()).toEqual([])
  })

  it('that until 18:00 is no length any more once it starts later', async () => {
    await open()
    await enter('length', 'evening')
    await enter('start', seconds('19:00'))
    const answer = await w.slack.submit({ user: priya })
    await w.settled()
    expect(answer).not.toHaveProperty('errors')
    expect(await bookings()).toMatchObject([{ startsAt: at('19:00'), endsAt: at('21:00') }])
  })

  it('can hold the fifty-first environment too', async () => {
    for (let n = 0; n < 55; n += 1) await createEnvironment(w.as(), { name: `a-${String(n).padStart(2, '0')}` })
    const seen = await w.type('stage-2', { user: priya })
    await w.press(seen, 'Other Time', priya)
    expect(await w.slack.submit({ user: priya })).not.toHaveProperty('errors')
    await w.settled()
    expect((await bookings())[0]).toMatchObject({ environmentId: stage.id })
  })

  it('shows a conflict beforehand and takes a free slot at a click', async () => {
    await bookEnvironment(w.as(colleague), { environmentId: stage.id, startsAt: at('10:10'), endsAt: at('13:00') })
    await open()
    expect(words(view())).toContain('stage-2 is held by Max then.')
    expect(labels(view())).toEqual(['Mon Nov 23, 13:00', 'Mon Nov 23, 15:00', 'Mon Nov 23, 17:00'])
    await w.slack.click({ user: priya, view: view().id, label: 'Mon Nov 23, 13:00' })
    await w.settled()
    expect(words(view())).toMatch(/stage-2.* is free/)
    await w.slack.submit({ user: priya })
    await w.settled()
    expect((await bookings()).map((booking) => booking.startsAt)).toEqual([at('10:10'), at('13:00')])
  })

  it('that loses a race says so on the start, and books nothing', async () => {
    await open()
    await bookEnvironment(w.as(colleague), { environmentId: stage.id, startsAt: at('10:10'), endsAt: at('11:00') })
    const { errors } = (await w.slack.submit({ user: priya })) as { errors: Record<string, string> }
    expect(Object.keys(errors)[0]).toMatch(/^start~/)
    expect(Object.values(errors)[0]).toContain('stage-2 is held by Max')
    expect(await bookings()).toHaveLength(1)
  })

  it('asks for the end when another one is wanted, and refuses one beyond the limit', async () => {
    await open()
    await enter('length', 'other')
    await enter('end', seconds('23:30'))
    expect(words(view())).toContain('8 hours at a time')
    await enter('end', seconds('16:00'))
    await w.slack.submit({ user: priya })
    await w.settled()
    expect(await bookings()).toMatchObject([{ startsAt: at('10:30'), endsAt: at('16:00') }])
  })

  it('says so when there is nothing to book', async () => {
    await w.database.sql`delete from environments`
    await open()
    expect(words(view())).toContain('There is no environment to book')
    expect((view() as { submit?: unknown }).submit).toBeNull()
  })
})

it('ends at 18:00 on the clock of the person when they choose the evening', async () => {
  await w.database.sql`update people set zone = 'Europe/Berlin' where name = 'Priya'`
  await open()
  await enter('length', 'evening')
  await w.slack.submit({ user: priya })
  await w.settled()
  const [booking] = await bookings()
  expect(booking!.endsAt).toEqual(at('17:00'))
  expect(booking!.endsAt.getTime() - booking!.startsAt.getTime()).toBe(6.5 * hourMs)
  await w.database.sql`update people set zone = 'UTC' where name = 'Priya'`
})
