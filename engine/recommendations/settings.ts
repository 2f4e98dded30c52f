/** Settings of a recommendation in words: for its manual, the dialog, the form and the documentation. */
import type { z } from 'zod'
import { invalid } from '../errors.ts'
import { sayPort, type Port } from './evidence.ts'
import type { Options } from './options.ts'
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
  return unit === '%' ? `${text}%` : unit ? `${text} ${unit}` : text
}

/** Ports as people type them, one a line: "22/tcp". Names behind a port ("22/tcp (SSH)") are taken too. */
export function readPorts(lines: string[]): { port: number; protocol: string }[] {
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
