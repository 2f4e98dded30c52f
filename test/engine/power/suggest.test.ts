import { describe, expect, it } from 'vitest'
import { suggestTriggers } from '../../../engine/power/suggest.ts'
import { sayTriggers } from '../../../engine/power/trigger-lines.ts'

/** `[first day, first hour, last day, last hour]`, Monday is 0; the last hour belongs to it. */
const quiet = (...cells: [number, number, number, number][]) =>
  cells.map(([d, h, e, k]) => ({ start: { day_of_week: d, hour: h }, end: { day_of_week: e, hour: k } }))
const said = (periods: ReturnType<typeof quiet>, zone = 'UTC', now = '2026-11-25T10:00:00Z') =>
  sayTriggers(suggestTriggers(periods, { zone, now: new Date(now) }))

const nights = ([0, 1, 2, 3] as const).map((day): [number, number, number, number] => [day, 19, day + 1, 5])

describe('a schedule from inactive hours', () => {
  it('is off from the first inactive hour to the end of the last one, equal times of several days together', () => {
    expect(said(quiet(...nights))).toBe('on 06:00 tue-fri\noff 19:00 mon-thu')
  })
  it('stands in the clocks of the zone, now', () => {
    expect(said(quiet(...nights), 'Europe/Berlin')).toBe('on 07:00 tue-fri\noff 20:00 mon-thu')
    expect(said(quiet(...nights), 'Europe/Berlin', '2026-07-01T10:00:00Z')).toBe('on 08:00 tue-fri\noff 21:00 mon-thu')
  })
  it('crosses midnight with the zone', () => {
    // 19:00 UTC on Monday is 04:00 on Tuesday in Tokyo.
    expect(said(quiet([0, 19, 1, 5]), 'Asia/Tokyo')).toBe('off 04:00 tue\non 15:00 tue')
  })
  it('makes one break of a weekend that ends on Monday morning', () => {
    expect(said(quiet([0, 0, 0, 5], [4, 20, 6, 23]))).toBe('on 06:00 mon\noff 20:00 fri')
  })
  it('leaves out breaks shorter than three hours, and a machine that never works', () => {
    expect(said(quiet([0, 12, 0, 13]))).toBe('')
    expect(said(quiet([0, 0, 6, 23]))).toBe('')
  })
})
