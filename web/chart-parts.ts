/** Drawings: charts as inline SVG, and bars. Sizes are SVG attributes, because the content policy allows no inline styles. */
import { html, raw } from 'hono/html'
import { renderChart, seriesColor, type ChartSpec } from '../engine/spend/chart.ts'
import { decimal, type Amount } from '../engine/money.ts'
import type { Content, Html, Tone } from './parts.ts'

/**
 * A chart with its takeaway. Phones get a drawing of their own width, because a scaled-down chart has unreadable letters.
 * `raw` is safe here: the renderer escapes every name it draws.
 */
export function chart(spec: ChartSpec, caption?: Content): Html {
  const { title: _, ...bare } = spec
  const drawn = (width: number, height: number) => raw(renderChart({ ...bare, width, height, background: 'none' }))
  const { width = 900, height = 320 } = spec
  return html`<figure class="chart">
    <div class="roomy">${drawn(width, height)}</div>
    <div class="narrow">${drawn(360, Math.min(height, 260))}</div>
    ${caption ? html`<figcaption>${caption}</figcaption>` : ''}
  </figure>`
}

/** The colour of a series beside its name in a table. */
export const swatch = (index: number, name: string): Html =>
  html`<svg class="swatch" width="11" height="11" aria-hidden="true">
    <rect width="11" height="11" rx="3" fill="${seriesColor(index, name)}" />
  </svg>`

/** How full: `value` of `limit`, with a line where `forecast` will be. The numbers must stand beside it in words. */
export function fullness({
  value,
  limit,
  forecast,
  tone,
}: {
  value: Amount
  limit: Amount
  forecast?: Amount
  tone: Tone
}): Html {
  const percent = (amount: Amount) => decimal(amount).div(limit).times(100).clamp(0, 100).toDecimalPlaces(1).toNumber()
  const at = forecast === undefined ? null : percent(forecast)
  return html`<svg
    class="fullness ${tone}"
    height="8"
    role="img"
    aria-label="${percent(value)}% used${at === null ? '' : `, forecast ${at}%`}"
  >
    <rect class="bed" width="100%" height="8" rx="4" />
    ${at === null ? '' : html`<rect class="ahead" width="${at}%" height="8" rx="4" />`}
    <rect class="filled" width="${percent(value)}%" height="8" rx="4" />
  </svg>`
}

/** A share of a whole in per cent, as a quiet bar. */
export const shareBar = (percent: number, color: string): Html =>
  html`<svg class="share" height="6" aria-hidden="true">
    <rect class="bed" width="100%" height="6" rx="3" />
    <rect width="${Math.min(100, Math.max(0, percent))}%" height="6" rx="3" fill="${color}" />
  </svg>`

/** How far something is, 0 to 1. */
export const progress = (done: number, label: string): Html =>
  html`<progress max="100" value="${Math.round(done * 100)}" aria-label="${label}">
    ${Math.round(done * 100)}%
  </progress>`

/** One day of an environment: 24 hours as a strip, busy parts filled. `from` and `to` are shares of the day. */
export const dayStrip = (busy: { from: number; to: number; mine: boolean }[], label: string): Html =>
  html`<svg class="day-strip" height="10" role="img" aria-label="${label}">
    <rect class="bed" width="100%" height="10" rx="3" />
    ${busy.map(
      ({ from, to, mine }) =>
        html`<rect
          class="${mine ? 'mine' : 'busy'}"
          x="${(from * 100).toFixed(2)}%"
          width="${((to - from) * 100).toFixed(2)}%"
          height="10"
          rx="3"
        />`,
    )}
  </svg>`
