/** How advice and its findings look: cards, evidence as words. */
import { html } from 'hono/html'
import { recentDays, sayReasons, type EndedKind } from '../engine/recommendations/archive.ts'
import { sayEvidence } from '../engine/recommendations/evidence.ts'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import type { Kind } from '../engine/recommendations/summary.ts'
import { localOf } from '../engine/time.ts'
import type { View } from './env.ts'
import {
  address,
  badge,
  fold,
  link,
  money,
  plural,
  quiet,
  sayDay,
  type Content,
  type Html,
  type Tone,
} from './parts.ts'

const words: Record<Kind['state'], { text: string; tone: Tone }> = {
  good: { text: 'all good', tone: 'good' },
  attention: { text: 'requires attention', tone: 'warn' },
  saving: { text: 'saves money', tone: 'info' },
  critical: { text: 'critical', tone: 'bad' },
}

/** One kind of advice with what it found. */
export function savingCard(
  kind: Kind,
  { view, advice, ended }: { view: View; advice: string; ended: EndedKind | undefined },
): Html {
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
    ${kind.lacks[0] ? html`<p class="quiet">${kind.lacks[0].account}: ${kind.lacks[0].text}</p>` : ''}
    ${ended ? html`<p>${endedLine(ended)}</p>` : ''}
    <footer>${badge(text, tone)}${asides.join(' · ')}${kind.lacks.length ? badge('partly checked', 'warn') : ''}</footer>
  </article>`
}

/** "12 ended in the last 30 days: 9 done, 2 no longer needed, 1 gone", and the way to them. */
export const endedLine = ({ id, count, reasons }: EndedKind): Html =>
  html`<span class="quiet"
    >${link(address('/savings/archive', { recommendation: id }), `${count} ended in the last ${recentDays} days`)}:
    ${sayReasons(reasons)}</span
  >`

/** What is known about a finding, each with its label. */
export const evidenceFacts = (one: Recommendation, evidence: Record<string, unknown>, view: View): [string, string][] =>
  sayEvidence(one, evidence, view.organization.currency).map(({ label, value }) => [
    label,
    value instanceof Date ? sayDay(localOf(value, view.person.zone).day) : value,
  ])

/** What is known about a finding in one line, most of it folded when there is much. */
export function evidenceOf(one: Recommendation, evidence: Record<string, unknown>, view: View): Content {
  const lines = evidenceFacts(one, evidence, view).map(([label, value]) => `${label}: ${value}`)
  if (lines.length <= most) return quiet(lines.join(' · '))
  const [first, rest] = [lines.slice(0, most - 1), lines.slice(most - 1)].map((some) => some.join(' · '))
  return fold(quiet(`${first!} · …`), quiet(rest))
}

/** So many figures are read at a glance; more of them are folded away. */
const most = 6
