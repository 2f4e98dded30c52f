/** How advice and its findings look: cards, evidence as words. */
import { html } from 'hono/html'
import type { z } from 'zod'
import { sayPeriods, type InactivePeriod } from '../engine/recommendations/inactive-periods.ts'
import type { Kind } from '../engine/recommendations/summary.ts'
import { formatMoney } from '../engine/money.ts'
import { localOf } from '../engine/time.ts'
import type { View } from './env.ts'
import { labelsOf } from './form-parts.ts'
import { badge, fold, link, money, plural, quiet, sayDay, type Content, type Html, type Tone } from './parts.ts'

const words: Record<Kind['state'], { text: string; tone: Tone }> = {
  good: { text: 'all good', tone: 'good' },
  attention: { text: 'requires attention', tone: 'warn' },
  saving: { text: 'saves money', tone: 'info' },
  critical: { text: 'critical', tone: 'bad' },
}

/** One kind of advice with what it found. */
export function savingCard(kind: Kind, { view, advice }: { view: View; advice: string }): Html {
  const { text, tone } = words[kind.state]
  const figure =
    kind.count === 0
      ? 'Nothing found'
      : kind.saving === null
        ? plural(kind.count, 'finding')
        : money(kind.saving, view.organization.currency)
  const asides = [
    kind.saving === null || kind.count === 0 ? '' : plural(kind.count, 'finding'),
    kind.snoozed ? `${kind.snoozed} snoozed` : '',
    kind.dismissed ? `${kind.dismissed} dismissed` : '',
    kind.excluded ? `${kind.excluded} excluded` : '',
  ].filter(Boolean)
  return html`<article class="card ${kind.count === 0 ? 'idle' : ''}">
    <h3>${link(`/savings/${kind.id}`, kind.title)}</h3>
    <div class="figure">${figure}${kind.saving !== null && kind.count ? quiet(' per month') : ''}</div>
    <p>${advice}</p>
    <footer>${badge(text, tone)}${asides.join(' · ')}${kind.error ? badge('partly checked', 'warn') : ''}</footer>
  </article>`
}

/** What is known about a finding, in the words of the recommendation's schema. */
export function evidenceOf(schema: z.ZodObject, evidence: Record<string, unknown>, view: View): Content {
  const lines = labelsOf(schema).flatMap(({ name, label, unit }) => {
    const said = say(evidence[name], unit, view)
    return said === null ? [] : [`${label}: ${said}`]
  })
  if (lines.length <= most) return quiet(lines.join(' · '))
  const [first, rest] = [lines.slice(0, most - 1), lines.slice(most - 1)].map((some) => some.join(' · '))
  return fold(quiet(`${first!} · …`), quiet(rest))
}

/** So many figures are read at a glance; more of them are folded away. */
const most = 6

function say(value: unknown, unit: string | undefined, view: View): string | null {
  if (unit === 'periods') return Array.isArray(value) && value.length ? sayPeriods(value as InactivePeriod[]) : null
  if (Array.isArray(value)) return value.map(String).join(', ')
  if (typeof value !== 'string' && typeof value !== 'number') return value ? JSON.stringify(value) : null
  if (value === '') return null
  if (unit === 'time')
    return Number(value) ? sayDay(localOf(new Date(Number(value) * 1000), view.person.zone).day) : 'never'
  if (unit === 'money') return formatMoney(value, view.organization.currency)
  const text = typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : String(value)
  return unit === '%' ? `${text}%` : unit ? `${text} ${unit}` : text
}
