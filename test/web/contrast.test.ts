/** Every colour of letters on every ground it stands on can be read: WCAG 2.2 asks for 4.5 to 1, for borders of inputs 3 to 1. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const css = readFileSync(new URL('../../web/style.css', import.meta.url), 'utf8')
const tokensOf = (text: string) =>
  Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]))
const light = tokensOf(css.slice(0, css.indexOf('@media')))
const dark = { ...light, ...tokensOf(css.slice(css.indexOf('prefers-color-scheme: dark'), css.indexOf('* {'))) }

function brightness(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(one: string, other: string): number {
  const [dim, bright] = [brightness(one), brightness(other)].toSorted((a, b) => a - b)
  return (bright! + 0.05) / (dim! + 0.05)
}

const grounds = ['ground', 'surface', 'raised']
const pairs = [
  ...['ink', 'muted', 'accent', 'good', 'bad', 'warn'].flatMap((ink) => grounds.map((on) => [ink, on, 4.5] as const)),
  ...['good', 'warn', 'bad', 'info', 'accent'].map((tone) => [tone, `${tone}-soft`, 4.5] as const),
  ...['good', 'warn', 'bad', 'info'].map((tone) => ['accent', `${tone}-soft`, 4.5] as const),
  ...[['muted', 'bed', 4.5] as const, ['ink', 'bed', 4.5] as const, ['accent-ink', 'accent', 4.5] as const],
  ...['surface', 'raised', 'ground'].map((on) => ['field', on, 3] as const),
]

it.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, tokens) => {
  const weak = pairs.flatMap(([ink, on, least]) => {
    const found = contrast(tokens[ink]!, tokens[on]!)
    return found < least ? [`${ink} on ${on}: ${found.toFixed(2)}`] : []
  })
  expect(weak).toEqual([])
})

it('no words are made paler by opacity', () => {
  const faded = [...css.matchAll(/([^{}]+)\{[^}]*opacity:/g)].map(([, selector]) => selector!.trim())
  expect(faded.filter((selector) => !/ahead|busy|::placeholder/.test(selector))).toEqual([])
})
