import { describe, expect, it } from 'vitest'
import type { PowerTrigger } from '../../../db/schema/power.ts'
import { ahead, decide, type Exceptions, type Plan } from '../../../engine/power/decide.ts'
import { readTriggers, sayTriggers } from '../../../engine/power/trigger-lines.ts'

const plan = (lines: string, zone = 'UTC', more: Partial<Plan> = {}): Plan => ({
  triggers: readTriggers(lines),
  zone,
  startsAt: new Date('2020-01-01T00:00:00Z'),
  endsAt: null,
  ...more,
})
const due = (it: Plan, since: string, now: string, exceptions?: Partial<Exceptions>) => {
  const none = { skipUntil: null, keepOnUntil: null }
  const found = decide(it, { since: new Date(since), now: new Date(now), exceptions: { ...none, ...exceptions } })
  return found && `${found.action} ${found.at.toISOString().slice(0, 16)}`
}
const next = (it: Plan, now: string, exceptions?: Exceptions) =>
  ahead(it, { now: new Date(now), ...(exceptions ? { exceptions } : {}) }).map(
    ({ action, at }) => `${action} ${at.toISOString().slice(0, 16)}`,
  )

// 2026-11-23 is a Monday; Berlin is UTC+1 then.
const office = plan('on 08:00 mon-fri\noff 20:00 mon-fri', 'Europe/Berlin')

describe('the transition that is due', () => {
  it.each([
    ['nothing before the first one of the day', '2026-11-23T06:50:00Z', '2026-11-23T06:55:00Z', null],
    ['the one whose moment is now', '2026-11-23T06:55:00Z', '2026-11-23T07:00:00Z', 'on 2026-11-23T07:00'],
    ['not the one that was decided at its moment', '2026-11-23T07:00:00Z', '2026-11-23T07:05:00Z', null],
    ['one missed for an hour', '2026-11-23T18:00:00Z', '2026-11-23T20:00:00Z', 'off 2026-11-23T19:00'],
    ['one missed across local midnight', '2026-11-23T18:00:00Z', '2026-11-24T01:00:00Z', 'off 2026-11-23T19:00'],
    ['the latest of several', '2026-11-23T06:00:00Z', '2026-11-25T12:00:00Z', 'on 2026-11-25T07:00'],
    ['the latest after a month of silence', '2026-10-20T00:00:00Z', '2026-11-23T05:00:00Z', 'off 2026-11-20T19:00'],
    ['nothing on a weekend', '2026-11-20T19:00:00Z', '2026-11-22T23:00:00Z', null],
  ])('%s', (_, since, now, expected) => expect(due(office, since, now)).toBe(expected))

  it('lies within the life of the schedule, and is caught up after its end', () => {
    const short = plan('on 08:00\noff 20:00', 'UTC', {
      startsAt: new Date('2026-11-23T09:00:00Z'),
      endsAt: new Date('2026-11-24T08:00:00Z'),
    })
    expect(due(short, '2026-11-23T07:00:00Z', '2026-11-23T09:30:00Z')).toBeNull()
    expect(due(short, '2026-11-23T19:00:00Z', '2026-11-25T09:00:00Z')).toBe('off 2026-11-23T20:00')
    expect(next(short, '2026-11-23T10:00:00Z')).toEqual(['off 2026-11-23T20:00'])
  })
})

describe('clocks that go forward (02:30 does not exist in Berlin on 2026-03-29)', () => {
  const night = plan('off 02:30', 'Europe/Berlin')
  it('move it to 03:30, once', () => {
    // 03:30 CEST is 01:30 UTC.
    expect(due(night, '2026-03-29T00:00:00Z', '2026-03-29T01:25:00Z')).toBeNull()
    expect(due(night, '2026-03-29T01:25:00Z', '2026-03-29T01:30:00Z')).toBe('off 2026-03-29T01:30')
    expect(due(night, '2026-03-29T01:30:00Z', '2026-03-30T00:29:00Z')).toBeNull()
    expect(next(night, '2026-03-28T00:00:00Z')).toEqual([
      'off 2026-03-28T01:30',
      'off 2026-03-29T01:30',
      'off 2026-03-30T00:30',
    ])
  })
  it('never let it overtake the one after it', () => {
    const both = plan('off 02:45\non 03:15', 'Europe/Berlin')
    expect(due(both, '2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z')).toBe('on 2026-03-29T01:45')
  })
})

describe('clocks that go back (02:30 happens twice in Berlin on 2026-10-25)', () => {
  const night = plan('off 02:30', 'Europe/Berlin')
  it('mean the first time, once', () => {
    // 02:30 CEST is 00:30 UTC, 02:30 CET would be 01:30 UTC.
    expect(due(night, '2026-10-25T00:00:00Z', '2026-10-25T00:30:00Z')).toBe('off 2026-10-25T00:30')
    expect(due(night, '2026-10-25T00:30:00Z', '2026-10-25T01:35:00Z')).toBeNull()
    expect(next(night, '2026-10-24T12:00:00Z')).toEqual([
      'off 2026-10-25T00:30',
      'off 2026-10-26T01:30',
      'off 2026-10-27T01:30',
    ])
  })
})

describe('what was asked for one machine', () => {
  it('skips what lies before the moment and nothing after it', () => {
    const skipUntil = new Date('2026-11-24T05:00:00Z')
    expect(due(office, '2026-11-23T18:55:00Z', '2026-11-23T19:00:00Z', { skipUntil })).toBeNull()
    expect(due(office, '2026-11-23T18:55:00Z', '2026-11-24T06:00:00Z', { skipUntil })).toBeNull()
    expect(due(office, '2026-11-24T06:55:00Z', '2026-11-24T07:00:00Z', { skipUntil })).toBe('on 2026-11-24T07:00')
  })
  it('holds a stop back until the moment', () => {
    const keepOnUntil = new Date('2026-11-23T21:00:00Z')
    expect(due(office, '2026-11-23T18:55:00Z', '2026-11-23T19:00:00Z', { keepOnUntil })).toBeNull()
    expect(due(office, '2026-11-23T20:55:00Z', '2026-11-23T21:00:00Z', { keepOnUntil })).toBe('off 2026-11-23T21:00')
    expect(due(office, '2026-11-23T21:00:00Z', '2026-11-24T01:00:00Z', { keepOnUntil })).toBeNull()
    expect(next(office, '2026-11-23T18:00:00Z', { skipUntil: null, keepOnUntil })).toEqual([
      'off 2026-11-23T21:00',
      'on 2026-11-24T07:00',
      'off 2026-11-24T19:00',
    ])
  })
  it('stops nothing when the hold ends within the hours it is on', () => {
    const keepOnUntil = new Date('2026-11-24T10:00:00Z')
    expect(due(office, '2026-11-24T09:55:00Z', '2026-11-24T10:00:00Z', { keepOnUntil })).toBeNull()
    expect(due(office, '2026-11-23T18:55:00Z', '2026-11-23T20:00:00Z', { keepOnUntil })).toBeNull()
  })
  it('ends a hold on a weekend with a stop', () => {
    const keepOnUntil = new Date('2026-11-22T16:00:00Z')
    expect(due(office, '2026-11-22T15:55:00Z', '2026-11-22T16:00:00Z', { keepOnUntil })).toBe('off 2026-11-22T16:00')
  })
})

describe('the next three', () => {
  it('reach as far as they must', () => {
    expect(next(plan('off 18:00 fri'), '2026-11-23T00:00:00Z')).toEqual([
      'off 2026-11-27T18:00',
      'off 2026-12-04T18:00',
      'off 2026-12-11T18:00',
    ])
  })
  it('begin with the schedule', () => {
    const later = plan('off 18:00 fri', 'UTC', { startsAt: new Date('2027-03-01T00:00:00Z') })
    expect(next(later, '2026-11-23T00:00:00Z')[0]).toBe('off 2027-03-05T18:00')
  })
})

describe('triggers as lines', () => {
  it.each<[string, PowerTrigger[]]>([
    ['on 8:00 mon-fri', [{ action: 'on', at: '08:00', days: [1, 2, 3, 4, 5] }]],
    ['OFF 20:00', [{ action: 'off', at: '20:00', days: [1, 2, 3, 4, 5, 6, 7] }]],
    [
      'off 13:00 sat, sun; on 14:05 fri-mon',
      [
        { action: 'off', at: '13:00', days: [6, 7] },
        { action: 'on', at: '14:05', days: [1, 5, 6, 7] },
      ],
    ],
    ['off 00:00 weekends', [{ action: 'off', at: '00:00', days: [6, 7] }]],
  ])('%s', (text, expected) => {
    expect(readTriggers(text)).toEqual(expected)
    expect(readTriggers(sayTriggers(expected))).toEqual(expected)
  })
  it.each(['', 'on', 'on 25:00', 'on 08:00 someday', 'start 08:00', 'on 08:60 mon'])('refuses “%s”', (text) =>
    expect(() => readTriggers(text)).toThrow(/Nothing was changed/),
  )
  it('says days shortly', () => {
    expect(sayTriggers(readTriggers('on 08:00 mon,tue,wed,fri'))).toBe('on 08:00 mon-wed,fri')
  })
})
