import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvLine } from '../../engine/csv.ts'

it.each(['=cmd|calc', '+1+1', '@SUM(A1)', '-1+cmd', '\tx', '\r=x'])(
  'disarms %j, which a spreadsheet would run',
  (text) => {
    const [[cell]] = parse(csvLine([text])) as [[string]]
    expect(cell).toBe(`'${text}`)
  },
)

it('leaves amounts alone, also negative ones', () => {
  expect(csvLine(['-12.5', '0', -3, null])).toBe('-12.5,0,-3,\r\n')
})

it('gives back every text a reader of RFC 4180 gets, quotes, commas and line breaks included', () => {
  const text = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter((one) => !/^[=+\-@\t\r\0]/.test(one) && !one.startsWith('\uFEFF'))
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (cells) => {
      const [row] = parse(csvLine(cells), { relax_column_count: true })
      expect(row).toEqual(cells)
    }),
  )
})
