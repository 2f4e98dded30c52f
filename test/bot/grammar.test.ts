import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, quote, wordsOf, optional } from '../../bot/grammar.ts'
import { readDuration, readRange, readSpan, writeDuration, writeMoment } from '../../bot/moments.ts'
import { amount, compare, group, name, range, scope } from '../../bot/slots.ts'
import { asTyped, cut } from '../../bot/rich.ts'
import { closest, edits, lasting, listed } from '../../bot/words.ts'

const now = new Date('2026-11-23T10:00:00Z')
const berlin = { now, zone: 'Europe/Berlin' }
const hour = 3_600_000

describe('ranges are UTC days', () => {
  it.each([
    ['today', '2026-11-23', '2026-11-23'],
    ['yesterday', '2026-11-22', '2026-11-22'],
    ['14d', '2026-11-09', '2026-11-22'],
    ['2w', '2026-11-09', '2026-11-22'],
    ['mtd', '2026-11-01', '2026-11-23'],
    ['last-month', '2026-10-01', '2026-10-31'],
    ['qtd', '2026-10-01', '2026-11-23'],
    ['ytd', '2026-01-01', '2026-11-23'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2026-10-05..2026-10-07', '2026-10-05', '2026-10-07'],
    ['MTD', '2026-11-01', '2026-11-23'],
  ])('%s is %s to %s', (token, from, to) => {
    expect(readRange(token, now)).toMatchObject({ from, to })
  })

  it('in two words, as people say it', () => {
    const read = (line: string) => range.read(wordsOf(line), berlin)
    expect(read('last month by pool')).toMatchObject({ value: { from: '2026-10-01', to: '2026-10-31' }, used: 2 })
    expect(read('this month')).toMatchObject({ value: { from: '2026-11-01' }, used: 2 })
    expect(read('month vs prev')).toMatchObject({ value: { from: '2026-11-01' }, used: 1 })
    expect(read('"last month"')).toBeNull()
  })

  it.each([
    '0d',
    '2026-13',
    '2026-02-30..2026-03-01',
    '2026-10-07..2026-10-05',
    'mdt',
    '14',
    'd',
    '',
    'constructor',
    '__proto__',
  ])('%s is none', (token) => {
    expect(readRange(token, now)).toBeNull()
  })
})

describe('lengths', () => {
  it.each([
    ['2h', 2 * hour],
    ['+3d', 72 * hour],
    ['90m', 1.5 * hour],
    ['1h30m', 1.5 * hour],
    ['1.5h', 1.5 * hour],
    ['1w', 168 * hour],
  ])('%s', (text, ms) => {
    expect(readDuration(text)).toBe(ms)
  })

  it.each(['', 'h', '0h', '-2h', '2x', '2', '99999d', '2h2'])('%s is none', (text) => {
    expect(readDuration(text)).toBeNull()
  })

  it('are written as they are read', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        (minutes) => readDuration(writeDuration(minutes * 60_000)) === minutes * 60_000,
      ),
    )
  })
})

describe('moments are in the person’s zone', () => {
  const span = (text: string, at = berlin) => readSpan(wordsOf(text), at)?.value
  it.each([
    ['18:00', '2026-11-23T17:00:00Z', null],
    ['9:00', '2026-11-24T08:00:00Z', null],
    ['tomorrow 14:00-17:00', '2026-11-24T13:00:00Z', '2026-11-24T16:00:00Z'],
    ['tomorrow 2-5pm', '2026-11-24T13:00:00Z', '2026-11-24T16:00:00Z'],
    ['tomorrow 11-1pm', '2026-11-24T10:00:00Z', '2026-11-24T12:00:00Z'],
    ['tomorrow 9-12pm', '2026-11-24T08:00:00Z', '2026-11-24T11:00:00Z'],
    ['tomorrow 11-1am', '2026-11-24T22:00:00Z', '2026-11-25T00:00:00Z'],
    ['fri 9am', '2026-11-27T08:00:00Z', null],
    ['mon 9am', '2026-11-30T08:00:00Z', null],
    ['mon 18:00', '2026-11-23T17:00:00Z', null],
    ['22:00-02:00', '2026-11-23T21:00:00Z', '2026-11-24T01:00:00Z'],
    ['2026-12-01T14:00', '2026-12-01T13:00:00Z', null],
    ['now', '2026-11-23T10:00:00Z', null],
    ['14:00 tomorrow', '2026-11-24T13:00:00Z', null],
    ['2-5pm on fri', '2026-11-27T13:00:00Z', '2026-11-27T16:00:00Z'],
    ['tomorrow at 10am', '2026-11-24T09:00:00Z', null],
    ['tomorrow from 14:00 to 17:00', '2026-11-24T13:00:00Z', '2026-11-24T16:00:00Z'],
    ['2 to 5pm tomorrow', '2026-11-24T13:00:00Z', '2026-11-24T16:00:00Z'],
    ['14:00 - 17:00 2026-12-01', '2026-12-01T13:00:00Z', '2026-12-01T16:00:00Z'],
  ])('%s', (text, from, to) => {
    expect(span(text)).toEqual({ startsAt: new Date(from), endsAt: to && new Date(to) })
  })

  it.each([
    ['14:00 release', 1],
    ['14:00 to production', 1],
    ['tomorrow on call', 1],
    ['14:00 on call', 1],
    ['tomorrow 14:00 to 17:00 today only', 4],
  ])('%s leaves the other words alone', (text, used) => {
    expect(readSpan(wordsOf(text), berlin)?.used).toBe(used)
  })

  it('moves a time in the spring gap forward and takes the first of the two in autumn', () => {
    const spring = { now: new Date('2026-03-28T12:00:00Z'), zone: 'Europe/Berlin' }
    expect(span('2026-03-29T02:30', spring)?.startsAt).toEqual(new Date('2026-03-29T01:30:00Z'))
    const autumn = { now: new Date('2026-10-24T12:00:00Z'), zone: 'Europe/Berlin' }
    expect(span('2026-10-25T02:30', autumn)?.startsAt).toEqual(new Date('2026-10-25T00:30:00Z'))
  })

  it('are written as they are read, in any zone, outside the hour that comes twice', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500_000 }), zones, (minutes, zone) => {
        const at = new Date(Date.UTC(2026, 0, 1) + minutes * 60_000)
        const text = writeMoment(at, zone)
        const back = readSpan(wordsOf(text), { now, zone })!.value.startsAt
        return back.getTime() === at.getTime() || writeMoment(back, zone) === text
      }),
    )
  })
})

describe('slots', () => {
  const read = <T>(slot: { read: (words: never, at: never) => { value: T; used: number } | null }, text: string) =>
    slot.read(wordsOf(text) as never, berlin as never)
  it('read a scope of several words up to the next keyword', () => {
    expect(read(scope, 'for data platform by service')).toEqual({
      value: { kind: 'pool', name: 'data platform' },
      used: 3,
    })
    expect(read(scope, 'for “by the sea” 7d')).toMatchObject({ value: { kind: 'pool', name: 'by the sea' } })
    expect(read(scope, 'for <@U0PRIYA|priya> 7d')).toMatchObject({ value: { kind: 'user', slackUserId: 'U0PRIYA' } })
    expect(read(scope, 'for tag:env=prod')).toMatchObject({ value: { kind: 'tag', key: 'env', value: 'prod' } })
  })
  it('read groups, comparisons and amounts', () => {
    expect(read(group, 'by services')?.value).toBe('service')
    expect(read(group, 'by tag:cost-center')?.value).toBe('tag:cost-center')
    expect(read(group, 'by cats')).toBeNull()
    expect(read(compare, 'vs budget')?.value).toEqual({ kind: 'budget' })
    expect(read(amount, '$1,500.50/day')?.value).toBe('1500.50')
    expect(read(amount, '-5')).toBeNull()
    expect(read(amount, '28,000')?.value).toBe('28000')
    expect(read(amount, '0.125')?.value).toBe('0.125')
    for (const text of ['28.000', '20,50/day', '20,5', '1.500,50'])
      expect(() => read(amount, text), text).toThrow('can be read in two ways. Nothing was changed.')
    expect(read(scope, 'for me 14d')).toEqual({ value: { kind: 'owner', name: 'me' }, used: 2 })
  })

  it('a name of any letters survives quoting', () => {
    const plain = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => text.trim() === text && !/["“”<>\s]{1}/.test(text) && !text.startsWith('--'))
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = parts.join(' ')
        const back = name.read(wordsOf(quote(text)), berlin)
        expect(back?.value).toBe(text)
      }),
    )
  })
})

describe('a miss', () => {
  const takes = { by: optional(group), for: optional(scope) }
  it('suggests whole lines with the word replaced', () => {
    const parsed = parse(takes, wordsOf('by service fro payments'), berlin)
    expect(parsed).toMatchObject({ ok: false })
    expect(parsed.ok ? [] : parsed.suggestions).toContain('by service for payments')
  })
  it('takes a keyword and its word as one mistake', () => {
    const parsed = parse(takes, wordsOf('by servise for payments'), berlin)
    expect(parsed).toMatchObject({ ok: false, why: 'I do not know “by servise” here.' })
    expect(parsed.ok ? [] : parsed.suggestions[0]).toBe('by service for payments')
  })
  it('a name behind @ that Slack does not know is nobody, not the name of something', () => {
    const parsed = parse({ pool: optional(name), for: optional(scope) }, wordsOf('@sam for payments'), berlin)
    const why = 'I do not know “@sam”. In Slack, choose the person from the list that opens after @.'
    expect(parsed).toEqual({ ok: false, why, suggestions: [] })
    expect(parse({ pool: optional(name) }, wordsOf('"@sam"'), berlin)).toMatchObject({ input: { pool: '@sam' } })
  })
  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => typeof parse(takes, wordsOf(text), berlin).ok === 'boolean'),
    )
  })
})

describe('what Slack transmits', () => {
  it('is read as it was typed: entities and links undone, mentions kept', () => {
    expect(asTyped('budget R&amp;D &lt;b&gt; &amp;lt;')).toBe('budget R&D <b> &lt;')
    expect(asTyped('resource <http://db.example.com|db.example.com> <https://x.example/a?b=1&amp;c=2>')).toBe(
      'resource db.example.com https://x.example/a?b=1&c=2',
    )
    expect(asTyped('calendar connect <mailto:a@b.example|a@b.example>')).toBe('calendar connect a@b.example')
    expect(asTyped('assign x to <@U0PRIYA|priya> <#C0PAY|pay>')).toBe('assign x to <@U0PRIYA|priya> <#C0PAY|pay>')
  })

  it('is cut to its limit, whatever the letters', () => {
    expect(cut('😀'.repeat(200), 80).length).toBeLessThanOrEqual(80)
    expect(cut('😀'.repeat(50), 80)).toBe(`${'😀'.repeat(39)}…`)
    expect(cut('abc', 3)).toBe('abc')
  })
})

describe('words', () => {
  it('finds the closest', () => {
    expect(closest('paymnts', ['payments', 'platform', 'data'])[0]).toBe('payments')
    expect(edits('kitten', 'sitting')).toBe(3)
  })
  it('says lengths and lists', () => {
    expect([
      lasting(0),
      lasting(8_200),
      lasting(30 * 60_000),
      lasting(2 * hour),
      lasting(2.5 * hour),
      lasting(72 * hour),
      lasting(26 * hour),
      lasting(1400),
      lasting(59_700),
      lasting(0),
    ]).toEqual([
      ...['1 second', '8 seconds', '30 minutes', '2 hours', '2 h 30 min', '3 days', '1 day 2 h'],
      ...['1 second', '1 minute', '1 second'],
    ])
    expect(listed(['A', 'B', 'C', 'D', 'E'])).toBe('A, B and 3 more')
  })
})
