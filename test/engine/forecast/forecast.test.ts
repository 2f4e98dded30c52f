import { describe, expect, it } from 'vitest'
import { crossing } from '../../../engine/forecast/crossing.ts'
import { dailyRate, daysLeft, forecast } from '../../../engine/forecast/forecast.ts'

describe('the forecast', () => {
  const cases = [
    {
      name: 'a first day in the previous month',
      now: '2026-03-18T09:30Z',
      c: '390',
      m: '180',
      f: '2026-02-10',
      is: '331.67',
    },
    { name: 'spend since before the window', now: '2026-03-18T09:30Z', c: '900', m: '300', f: null, is: '580.00' },
    { name: 'a first day of today', now: '2026-03-18T09:30Z', c: '12', m: '12', f: '2026-03-18', is: '180.00' },
    { name: 'ten minutes into the month', now: '2026-03-01T00:10Z', c: '30', m: '0', f: '2026-02-10', is: '48.95' },
    { name: 'the last minute of a leap February', now: '2028-02-29T23:59Z', c: '60', m: '29', f: null, is: '30.02' },
    { name: 'the first minute of a year', now: '2027-01-01T00:00Z', c: '31', m: '0', f: null, is: '31.00' },
    { name: 'nothing at all', now: '2026-03-18T09:30Z', c: '0', m: '0', f: null, is: '0.00' },
  ]
  for (const { name, now, c, m, f, is } of cases)
    it(`is ${is} with ${name}`, () => {
      expect(forecast({ cost: { sincePrevious: c, month: m }, firstDay: f, now: new Date(now) })).toBe(is)
    })

  it('counts a first day that lies before the window as the beginning of the window', () => {
    const so = { cost: { sincePrevious: '900', month: '300' }, now: new Date('2026-03-18T09:30Z') }
    expect(forecast({ ...so, firstDay: '2025-12-24' })).toBe(forecast({ ...so, firstDay: null }))
    expect(dailyRate({ ...so, firstDay: '2026-02-01' }).toFixed()).toBe('20')
  })

  it('has today among the days left', () => {
    expect(daysLeft(new Date('2026-03-18T23:59:59Z'))).toBe(14)
    expect(daysLeft(new Date('2026-02-28T00:00:00Z'))).toBe(1)
    expect(daysLeft(new Date('2026-12-01T00:00:00Z'))).toBe(31)
  })
})

describe('the day a limit is passed', () => {
  const now = new Date('2026-11-23T10:00Z')
  it('is the day the running sum is over the limit for the first time', () => {
    expect(crossing({ limit: '1000', month: '880', daily: '30', now })).toBe('2026-11-27')
    expect(crossing({ limit: '1000', month: '881', daily: '30', now })).toBe('2026-11-26')
    expect(crossing({ limit: '1000', month: '990', daily: '30', now })).toBe('2026-11-23')
  })

  it('is none without a limit, after it was passed, without spend, or when the month ends first', () => {
    expect(crossing({ limit: '0', month: '880', daily: '30', now })).toBeNull()
    expect(crossing({ limit: '1000', month: '1001', daily: '30', now })).toBeNull()
    expect(crossing({ limit: '1000', month: '880', daily: '0', now })).toBeNull()
    expect(crossing({ limit: '1000', month: '700', daily: '30', now })).toBeNull()
  })

  it('is the last day of the month when it is just passed then', () => {
    expect(crossing({ limit: '1000', month: '761', daily: '30', now })).toBe('2026-11-30')
    expect(crossing({ limit: '1000', month: '760', daily: '30', now })).toBeNull()
  })
})
