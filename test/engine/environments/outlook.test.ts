import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Environment } from '../../../db/schema/environments.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import { bookEnvironment, releaseBooking } from '../../../engine/environments/bookings.ts'
import { createEnvironment } from '../../../engine/environments/environment.ts'
import { bookingOutlook, priceOf, wishOutlook } from '../../../engine/environments/outlook.ts'
import { hourMs } from '../../../engine/time.ts'
import { world, type World } from '../../world.ts'

let w: World
let priya: Person
let max: Person
let stage: Environment
let made = 0

beforeAll(async () => {
  w = await world()
  priya = await w.person('Priya')
  max = await w.person('Max')
})
beforeEach(async () => {
  w.clock.set('2026-11-23T10:00:00Z')
  stage = await createEnvironment(w.as(), { name: `stage-${(made += 1)}`, hourlyCost: '1.10' })
})

const slot = (from: string, to: string) => ({
  startsAt: new Date(`2026-11-23T${from}Z`),
  endsAt: new Date(`2026-11-23T${to}Z`),
})
const book = (person: Person, from: string, to: string) =>
  bookEnvironment(w.as(person), { environmentId: stage.id, ...slot(from, to) })

describe('the price', () => {
  it('is exact to the minute and counts real hours', () => {
    expect(priceOf({ hourlyCost: '1.10' }, slot('10:00', '12:30'))).toBe('2.75')
    expect(priceOf({ hourlyCost: '0.1' }, slot('10:00', '10:00'))).toBe('0')
  })
})

describe('the outlook of a booking', () => {
  it('says who is next and how far it can be extended', async () => {
    const booking = await book(priya, '10:00', '12:00')
    expect(await bookingOutlook(w.job(), booking.id)).toMatchObject({
      price: '2.2',
      saved: '0',
      next: null,
      roomMinutes: 6 * 60,
      calendar: 'none',
    })
    await book(max, '12:45', '14:00')
    const outlook = await bookingOutlook(w.job(), booking.id)
    expect(outlook).toMatchObject({ roomMinutes: 45, next: { holder: 'Max' } })
  })

  it('gives a manager fourteen days', async () => {
    const booking = await book(w.lea, '10:00', '12:00')
    expect((await bookingOutlook(w.job(), booking.id))!.roomMinutes).toBe((14 * 24 - 2) * 60)
  })

  it('knows what a release saved', async () => {
    const booking = await book(priya, '10:00', '14:00')
    w.clock.advance(hourMs)
    await releaseBooking(w.as(priya), { bookingId: booking.id })
    expect(await bookingOutlook(w.job(), booking.id)).toMatchObject({ price: '1.1', saved: '3.3', roomMinutes: 7 * 60 })
  })
})

describe('the outlook of a wish', () => {
  const wish = (from: string, to: string) => wishOutlook(w.as(max), { environmentId: stage.id, ...slot(from, to) })

  it('holds nothing, and says what it would cost', async () => {
    expect(await wish('11:00', '13:00')).toMatchObject({ price: '2.2', maxHours: 8, problem: null, taken: null })
    await book(priya, '11:00', '13:00')
  })

  it('says beforehand what would be refused, with three free slots when it is taken', async () => {
    await book(priya, '11:00', '13:00')
    const taken = await wish('12:00', '14:00')
    expect(taken!.problem).toBe(`${stage.name} is held by Priya then.`)
    expect(taken!.taken!.freeSlots).toHaveLength(3)
    expect(taken!.taken!.freeSlots[0]).toEqual(slot('13:00', '15:00'))
    expect((await wish('09:00', '12:00'))!.problem).toContain('cannot start in the past')
    expect((await wish('12:00', '21:00'))!.problem).toContain('8 hours at a time')
  })
})
