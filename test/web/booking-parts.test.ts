import { describe, expect, it } from 'vitest'
import { canBeTyped, slotOf, typedIn, typedOf } from '../../web/booking-parts.ts'

const zone = 'Europe/Berlin'
const hours = (values: Record<string, string>) => {
  const { startsAt, endsAt } = slotOf(values, zone)
  return (endsAt.getTime() - startsAt.getTime()) / 3_600_000
}
const slot = (from: string, to: string) => ({ startsAt: new Date(from), endsAt: new Date(to) })

describe('the times of the form', () => {
  it('are those of the clock on both days it is changed', () => {
    expect(hours({ day: '2026-03-29', start: '01:00', end: '04:00' })).toBe(2)
    expect(hours({ day: '2026-10-25', start: '01:00', end: '04:00' })).toBe(4)
    // In spring 02:30 does not exist and means 03:30.
    expect(hours({ day: '2026-03-29', start: '02:30', end: '04:30' })).toBe(1)
  })

  it('end on the next day when the end comes first, and on the last day where one is given', () => {
    expect(hours({ day: '2026-11-24', start: '22:00', end: '06:00' })).toBe(8)
    expect(hours({ day: '2026-11-24', start: '10:00', end: '10:00' })).toBe(24)
    expect(hours({ day: '2026-11-24', start: '10:00', end: '12:00', lastDay: '2026-11-26' })).toBe(50)
  })

  it('come back as they were typed, with a last day only where the times alone would not say it', () => {
    for (const typed of [
      { day: '2026-11-24', start: '09:00', end: '11:00' },
      { day: '2026-11-24', start: '22:00', end: '06:00' },
      { day: '2026-11-24', start: '09:00', end: '11:00', lastDay: '2026-11-25' },
      { day: '2026-11-24', start: '22:00', end: '06:00', lastDay: '2026-11-28' },
    ])
      expect(typedOf(slotOf(typed, zone), zone)).toEqual(typed)
  })

  it('cannot name the second of an hour that comes twice', () => {
    expect(canBeTyped(slot('2026-10-25T00:30:00Z', '2026-10-25T04:00:00Z'), zone)).toBe(true)
    expect(canBeTyped(slot('2026-10-25T01:30:00Z', '2026-10-25T04:00:00Z'), zone)).toBe(false)
  })

  it('that are not complete or no times are not taken from an address', () => {
    expect(typedIn({ day: '2026-11-24', start: '9', end: '11:00' })).toBeNull()
    expect(typedIn({ day: '2026-13-24', start: '09:00', end: '11:00' })).toBeNull()
    expect(typedIn({ week: '2026-11-23' })).toBeNull()
    expect(typedIn({ day: '2026-11-24', start: '09:00', end: '11:00', lastDay: '', else: 'x' })).toEqual({
      ...{ day: '2026-11-24', start: '09:00', end: '11:00' },
    })
    expect(() => slotOf({ day: '', start: '', end: '' }, zone)).toThrow('A day and two times are needed.')
  })
})
