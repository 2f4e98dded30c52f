/** The building blocks of pages. Class names live here, in the other *-parts files and in layout.ts, nowhere else. */
import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { exactMoney, formatMoney, type Amount } from '../engine/money.ts'
import { localOf } from '../engine/time.ts'
import type { View } from './env.ts'

/** Escaped markup. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>
export type Content = Html | string | number | null | undefined | false | Content[]
export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info'

/** An amount with the exact one on hover; `null` is a dash. */
export function money(amount: Amount | null | undefined, currency: string): Html {
  if (amount === null || amount === undefined) return dash
  return html`<data class="money" value="${amount}" title="${exactMoney(amount, currency)}"
    >${formatMoney(amount, currency)}</data
  >`
}

/** Nothing to say in a cell. */
export const dash = html`<span class="dash" aria-label="none">–</span>`

/** A change in per cent: for costs up is bad and down is good, and a word says which for those who see no colour. */
export function change(percent: number | null): Html {
  if (percent === null) return html`<span class="change" title="nothing to compare with">new</span>`
  if (percent === 0) return html`<span class="change">±0%</span>`
  const up = percent > 0
  return html`<span class="change ${up ? 'up' : 'down'}"
    ><span aria-hidden="true">${up ? '▲' : '▼'}</span
    ><span class="unseen">${up ? 'up' : 'down'}</span> ${Math.abs(percent)}%</span
  >`
}

/** A small word with a tone. */
export const badge = (text: string, tone: Tone = 'plain'): Html => html`<span class="badge ${tone}">${text}</span>`

/** A link inside the site. */
export const link = (href: string, text: Content): Html => html`<a href="${href}">${text}</a>`

/** A link that looks like a button. */
export const linkButton = (href: string, text: string, kind: 'main' | 'plain' = 'plain'): Html =>
  html`<a class="button ${kind}" href="${href}">${text}</a>`

/** An instant in the reader's zone: "Mon 23 Nov, 14:05", of another year "23 Nov 2025, 14:05"; the machine-readable one in the element. */
export function moment(at: Date | null, view: View): Html {
  if (!at) return dash
  return html`<time datetime="${at.toISOString()}" title="${at.toISOString()}"
    >${isThisYear(at, view) ? sayMoment(at, view.person.zone) : sayLongAgo(at, view.person.zone)}</time
  >`
}

const isThisYear = (at: Date, { now, person: { zone } }: View): boolean =>
  localOf(at, zone).day.slice(0, 4) === localOf(now, zone).day.slice(0, 4)

function sayLongAgo(at: Date, zone: string): string {
  const { day, time } = localOf(at, zone)
  return `${sayDay(day)}, ${time}`
}

/** The words of `moment`. */
export function sayMoment(at: Date, zone: string): string {
  const { day, time } = localOf(at, zone)
  return `${sayDay(day, true)}, ${time}`
}

/** "23 Nov 2026", or "Mon 23 Nov" with the weekday instead of the year. */
export function sayDay(day: string, weekday = false): string {
  const format = weekday
    ? ({ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const)
    : ({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const)
  return new Intl.DateTimeFormat('en-GB', format).format(new Date(`${day}T00:00:00Z`))
}

/** "5 minutes ago", "in 3 days". */
export function ago(at: Date | null, now: Date): string {
  if (!at) return 'never'
  const minutes = Math.round((at.getTime() - now.getTime()) / 60_000)
  const say = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  const size = Math.abs(minutes)
  if (size < 1) return 'just now'
  if (size < 60) return say.format(minutes, 'minute')
  return size < 48 * 60 ? say.format(Math.round(minutes / 60), 'hour') : say.format(Math.round(minutes / 1440), 'day')
}

/** "3 resources", "1 resource". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`

export type Column<Row> = {
  title: string
  cell: (row: Row) => Content
  /** Right-aligned figures. */
  number?: boolean
  /** Names the row; read first by screen readers and largest on phones. */
  head?: boolean
}

/** A table that becomes a list of cards on a phone. `empty` is said when there is no row. */
export function table<Row>(
  columns: Column<Row>[],
  rows: Row[],
  { caption, empty }: { caption: string; empty: Content },
): Html {
  if (rows.length === 0) return emptyState(empty)
  const name = (column: Column<Row>) => (column.number ? 'number' : '')
  const cell = (row: Row, column: Column<Row>) =>
    column.head
      ? html`<th scope="row">${column.cell(row)}</th>`
      : html`<td class="${name(column)}" data-label="${column.title}">${column.cell(row)}</td>`
  return html`<div class="table-frame">
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${name(column)}">${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column) => cell(row, column))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** Says that there is nothing, and what would bring something. */
export const emptyState = (text: Content): Html => html`<div class="empty">${text}</div>`

/** A figure with its name. */
export type Stat = { name: string; value: Content; note?: Content; tone?: Tone; href?: string }

/** A row of figures. */
export const stats = (items: Stat[]): Html =>
  html`<dl class="stats">
    ${items.map(
      ({ name, value, note, tone = 'plain', href }) => html`<div class="stat ${tone}">
        <dt>${href ? link(href, name) : name}</dt>
        <dd class="value">${value}</dd>
        ${note ? html`<dd class="note">${note}</dd>` : ''}
      </div>`,
    )}
  </dl>`

/** Names and values, one below the other. */
export const facts = (items: [string, Content][]): Html =>
  html`<dl class="facts">
    ${items.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`

/** A titled part of a page; `aside` stands at the right of the title. */
export const section = (title: string, body: Content, aside?: Content): Html =>
  html`<section class="panel">
    <header>
      <h2>${title}</h2>
      ${aside ? html`<div class="aside">${aside}</div>` : ''}
    </header>
    ${body}
  </section>`

/** A place links can point at: `/accounts#connect`. */
export const place = (id: string, body: Content): Html => html`<div id="${id}">${body}</div>`

/** Parts side by side where there is room; `wide` gives the first two thirds. */
export const columns = (parts: Content[], shape: 'even' | 'wide' | 'thirds' = 'even'): Html =>
  html`<div class="columns ${shape}">${parts.map((part) => html`<div>${part}</div>`)}</div>`

/** A sentence that stands out: state of health, warnings. */
export const notice = (tone: Tone, text: Content, next?: Content): Html =>
  html`<div class="notice ${tone}" role="${tone === 'bad' ? 'alert' : 'status'}">
    <p>${text}</p>
    ${next ? html`<p class="next">${next}</p>` : ''}
  </div>`

/** Small, quiet text. */
export const quiet = (text: Content): Html => html`<small class="quiet">${text}</small>`

/** An identifier of a cloud or a file, breakable anywhere. */
export const code = (text: string): Html => html`<code>${text}</code>`

/** Preformatted text. */
export const block = (text: string): Html => html`<pre class="block" tabindex="0">${text}</pre>`

/** A thing and a quiet line below it. */
export const twoLines = (first: Content, second: Content): Html =>
  html`<span class="two-lines"><span>${first}</span><small class="quiet">${second}</small></span>`

/** Several small things in a row, with space between. */
export const row = (items: Content[]): Html => html`<div class="row">${items}</div>`

/** Something that opens when its title is clicked, without a script. */
export const fold = (title: Content, body: Content, open = false): Html =>
  html`<details class="fold" ${open ? ' open' : ''}>
    <summary>${title}</summary>
    <div>${body}</div>
  </details>`

/** Links to the next and the first page of a list read by keyset. */
export const pager = ({ first, next }: { first: string | null; next: string | null }): Html =>
  html`<nav class="pager" aria-label="Pages">
    ${first ? link(first, '← First page') : ''}${next ? link(next, 'Next page →') : ''}
  </nav>`

/** A path with the parameters that have a value. */
export function address(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return given.length ? `${path}?${new URLSearchParams(given).toString()}` : path
}

/** Views of the same thing, one of them current. */
export const tabs = (items: { href: string; name: string; current: boolean }[]): Html =>
  html`<nav class="tabs" aria-label="Views">
    ${items.map(
      ({ href, name, current }) => html`<a href="${href}" ${current ? html` aria-current="page"` : ''}>${name}</a>`,
    )}
  </nav>`

/** A name at its place in a tree: 0 is the root. */
export const atDepth = (depth: number, name: Content): Html =>
  html`<span class="depth"
    >${depth ? html`<svg width="${depth * 20}" height="12" aria-hidden="true"><path d="M${depth * 20 - 12} 0v6h9" fill="none" stroke="currentColor" stroke-width="1.5" /></svg>` : ''}${name}</span
  >`

/** Running text: paragraphs are set apart by empty lines, names by backticks. */
export const prose = (text: string): Html =>
  html`<div class="prose">
    ${text.split(/\n\s*\n/).map((paragraph) => html`<p>${paragraph.split('`').map((piece, index) => (index % 2 ? code(piece) : piece))}</p>`)}
  </div>`
