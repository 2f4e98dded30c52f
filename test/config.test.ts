import { describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'

describe('the currency of the organization', () => {
  it('is one there is, in whatever case it is written', () => {
    expect(readConfig({}).ORG_CURRENCY).toBe('USD')
    expect(readConfig({ ORG_CURRENCY: 'eur' }).ORG_CURRENCY).toBe('EUR')
  })

  it('that is none stops the start with a sentence', () => {
    for (const currency of ['ZZZ', '$$$', 'EURO', 'US'])
      expect(() => readConfig({ ORG_CURRENCY: currency })).toThrow(
        `nothing was started.\nORG_CURRENCY (its currency, ISO 4217): “${currency}” is no currency. Write its three letters, like EUR.`,
      )
  })
})
