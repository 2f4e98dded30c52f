/** Settings of a recommendation in words: for its manual, the dialog, the form and the documentation. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { invalid } from '../errors.ts'
import { counted, sayPort, type Port } from './evidence.ts'
import type { Options, OptionsChange } from './options.ts'
import type { Recommendation } from './recommendation.ts'

/** How a setting is named and measured; `words` are those of a choice. */
export type SettingMeta = { label: string; unit?: string; words?: Record<string, string>; hint?: string; regex?: true }

/** The label, unit and words of a setting. */
export const metaOf = (field: unknown): SettingMeta => (field as z.ZodType).meta() as SettingMeta

/** Every setting and what it is now; lists of what is left out only when there is something in them. */
export function saySettings(one: Recommendation, options: Options): { label: string; value: string }[] {
  const own = Object.entries(one.options.shape).map(([name, field]) => {
    const meta = metaOf(field)
    return { label: meta.label, value: saySetting(options[name], meta) }
  })
  const left = one.excludable ? Object.keys(options.excluded_pools).length : 0
  const skipped = options.skip_cloud_accounts.length
  return [
    ...own,
    ...(left ? [{ label: 'Pools left out', value: String(left) }] : []),
    ...(skipped ? [{ label: 'Accounts skipped', value: String(skipped) }] : []),
  ]
}

/** A value in words; what is empty is "none". */
function saySetting(value: unknown, { unit, words }: SettingMeta): string {
  if (unit === 'ports') return (value as Port[]).map(sayPort).join(', ') || 'none'
  if (value === '' || value === null || value === undefined) return 'none'
  const plain = typeof value === 'number' ? value.toLocaleString('en-US') : `${value as string | boolean}`
  const text = words?.[plain] ?? plain
  return unit === '%' ? `${text}%` : unit ? `${text} ${counted(unit, value)}` : text
}

/** The names of the options that a change made different. */
export const changedOptions = ({ before, after }: OptionsChange): string[] =>
  Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]))

/** What a change did, for every door: "Obsolete IPs: Unused for 30 days (was 7 days). It counts from the next check on." */
export function sayChange(one: Recommendation, change: OptionsChange): string {
  const names = changedOptions(change)
  if (names.length === 0) return `${one.title} has these settings already. Nothing was changed.`
  const said = names.map((name) => {
    const field = one.options.shape[name]
    const [now, was] = [change.after[name], change.before[name]]
    if (name === 'excluded_pools') return `Pools left out: ${Object.keys(now as object).length}`
    if (name === 'skip_cloud_accounts') return `Accounts skipped: ${(now as string[]).length}`
    const meta = metaOf(field)
    return `${meta.label} ${saySetting(now, meta)} (was ${saySetting(was, meta)})`
  })
  return `${one.title}: ${said.join(', ')}. It counts from the next check on.`
}

/** How a setting is entered. */
export function entryOf(field: unknown): 'number' | 'choice' | 'lines' | 'text' {
  const { unit, words } = metaOf(field)
  if (unit === 'ports') return 'lines'
  if (words) return 'choice'
  return z.toJSONSchema(field as z.ZodType, { io: 'input' }).type === 'integer' ? 'number' : 'text'
}

/** The settings as both doors ask for them: labels, units, and a hint that says what is allowed and what empty means. */
export const settingsForm = (one: Recommendation): z.ZodObject =>
  z.object(
    Object.fromEntries(
      Object.entries(one.options.shape).map(([name, field]) => {
        const meta = metaOf(field)
        return [name, (field as z.ZodType).meta({ ...meta, hint: hintOf(field as z.ZodType, meta) })]
      }),
    ),
  )

function hintOf(field: z.ZodType, meta: SettingMeta): string {
  const usual = saySetting(field.parse(undefined), meta)
  const { minimum, maximum = many } = z.toJSONSchema(field, { io: 'input' })
  const range = maximum >= many ? `${minimum} or more` : `${minimum} to ${maximum}`
  const allowed = { number: range, choice: '', lines: meta.hint ?? '', text: meta.regex ? 'A regular expression' : '' }
  return [allowed[entryOf(field)], `empty means ${usual}`].filter(Boolean).join('; ')
}

/** A maximum that only says what a column can hold. */
const many = 2_147_483_647

/** Settings as people type them: a port a line, with its name; the rest as it is. */
export const typedSettings = (one: Recommendation, options: Options): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(one.options.shape).map(([name, field]) => [
      name,
      entryOf(field) === 'lines' ? (options[name] as Port[]).map(sayPort).join('\n') : options[name],
    ]),
  )

/** What a form or dialog sent, as the verb takes it; what is empty goes back to its default. Invalid where a port is none. */
export const enteredSettings = (one: Recommendation, entered: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(one.options.shape).map(([name, field]) => {
      const value = typeof entered[name] === 'string' ? entered[name].trim() : entered[name]
      if (value === undefined || value === '') return [name, (field as z.ZodType).parse(undefined)]
      const kind = entryOf(field)
      if (kind === 'lines') return [name, readPorts(z.string().parse(value).split('\n'))]
      return [name, kind === 'number' ? Number(value) : value]
    }),
  )

/** Ports as people type them, one a line: "22/tcp". Names behind a port ("22/tcp (SSH)") are taken too. */
function readPorts(lines: string[]): { port: number; protocol: string }[] {
  return lines
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, port, protocol] = /^(\d{1,5})\s*\/\s*(tcp|udp)\b/i.exec(line) ?? []
      if (port && protocol && Number(port) <= 65_535) return { port: Number(port), protocol: protocol.toLowerCase() }
      throw invalid(`“${line.slice(0, 40)}” is no port: write one a line like 22/tcp. Nothing was changed.`, {
        field: 'insecure_ports',
      })
    })
}
