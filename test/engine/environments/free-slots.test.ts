import { describe, expect, it } from 'vitest'
import { firstOverlap, freeSlots } from '../../../engine/environments/free-slots.ts'
import { hourMs } from '../../../engine/time.ts'

const at = (time: string) => new Date(`2026-11-24T${time}:00Z`)
const slot = (from: string, to: string) => ({ startsAt: at(from), endsAt: at(to) })
const starts = (input: Parameters<typeof freeSlots>[0]) =>
  freeSlots(input).map((free) => free.startsAt.toISOString().slice(11, 16))

describe('freeSlots', () => {
  it('offers slot after slot when nothing is booked', () => {
    expect(starts({ bookings: [], from: at('09:00'), length: 2 * hourMs, count: 3 })).toEqual([
      '09:00',
      '11:00',
      '13:00',
    ])
  })

  it('skips gaps that are too short and uses one that fits exactly', () => {
    const bookings = [slot('14:00', '15:00'), slot('10:00', '12:00'), slot('13:00', '14:00')]
    expect(starts({ bookings, from: at('09:30'), length: hourMs, count: 3 })).toEqual(['12:00', '15:00', '16:00'])
    expect(starts({ bookings, from: at('09:00'), length: hourMs, count: 1 })).toEqual(['09:00'])
  })

  it('begins inside a booking by waiting for its end, overlapping bookings included', () => {
    const bookings = [slot('08:00', '18:00'), slot('09:00', '10:00')]
    expect(starts({ bookings, from: at('09:30'), length: hourMs, count: 2 })).toEqual(['18:00', '19:00'])
  })
})

it('free slots begin on the next whole minute, so that they can be typed', () => {
  const bookings = [{ startsAt: at('08:00'), endsAt: new Date('2026-11-24T10:07:23Z') }]
  const [first] = freeSlots({ bookings, from: new Date('2026-11-24T09:00:01Z'), length: hourMs, count: 1 })
  expect(first!.startsAt).toEqual(at('10:08'))
})

describe('firstOverlap', () => {
  it('finds the earliest booking in the way and lets neighbours touch', () => {
    const bookings = [slot('12:00', '13:00'), slot('10:00', '11:00')]
    expect(firstOverlap(bookings, slot('10:30', '12:30'))).toBe(bookings[1])
    expect(firstOverlap(bookings, slot('11:00', '12:00'))).toBeNull()
  })
})
