/** How duplicates are drawn: colours with their words, the matrix of buckets, the bar of a check under way. */
import { html } from 'hono/html'
import type { DuplicateCheck } from '../db/schema/duplicates.ts'
import { sayBytes } from '../engine/bytes.ts'
import type { BucketFacts, Cell, DuplicateFacts } from '../engine/duplicates/matrix.ts'
import { toneWords, type DuplicateTone } from '../engine/duplicates/thresholds.ts'
import { progress } from './chart-parts.ts'
import type { View } from './env.ts'
import { badge, dash, link, money, plural, quiet, twoLines, type Content, type Html, type Tone } from './parts.ts'

const tones: Record<DuplicateTone, Tone> = { unknown: 'plain', low: 'good', attention: 'warn', critical: 'bad' }

/** The colour of a saving, in words too. */
export const toneBadge = (tone: DuplicateTone): Html => badge(toneWords[tone], tones[tone])

const states: Record<DuplicateCheck['state'], { text: string; tone: Tone }> = {
  created: { text: 'waits', tone: 'info' },
  queued: { text: 'waits', tone: 'info' },
  running: { text: 'runs', tone: 'info' },
  success: { text: 'done', tone: 'good' },
  failed: { text: 'failed', tone: 'bad' },
}

/** The state of a check as a small word. */
export const checkBadge = ({ state }: DuplicateCheck): Html => badge(states[state].text, states[state].tone)

/** Is it still to come to an end? */
export const isOpen = ({ state }: DuplicateCheck): boolean => !['success', 'failed'].includes(state)

/** How many buckets of a running check are read. */
export const checkBar = ({ bucketsDone, buckets }: DuplicateCheck): Html =>
  progress(bucketsDone / buckets, 'Buckets that are read')

/** What every bucket (row) has in common with every bucket (column). It scrolls sideways where it is wider than the screen. */
export function matrixTable({ check, buckets, matrix }: DuplicateFacts, { organization }: View): Html {
  const listed = buckets.filter(({ state }) => state === 'listed')
  const rows = listed.map(
    (row, r) =>
      html`<tr>
        <th scope="row" title="${row.name}">${row.name}</th>
        ${listed.map((column, c) => matrixCell(matrix[r]![c]!, { check, row, column, currency: organization.currency }))}
      </tr>`,
  )
  return html`<div class="matrix-frame" tabindex="0" role="region" aria-label="Matrix of buckets">
    <table class="matrix">
      <caption class="unseen">
        Duplicates each bucket has in itself and in common with each other bucket
      </caption>
      <thead>
        <tr>
          <th scope="col">Delete from ↓, also in →</th>
          ${listed.map(({ name }) => html`<th scope="col" title="${name}">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

type Place = { check: DuplicateCheck; row: BucketFacts; column: BucketFacts; currency: string }

function matrixCell(cell: Cell | null, { check, row, column, currency }: Place): Html {
  const own = row.n === column.n ? 'own' : ''
  if (!cell) return html`<td class="${own}">${dash}</td>`
  const pair = own ? `bucket=${row.n}` : `bucket=${row.n}&with=${column.n}`
  const figure = cell.saving === null ? sayBytes(cell.bytes) : money(cell.saving, currency)
  const size = `${plural(cell.objects, 'object')}, ${sayBytes(cell.bytes)}`
  return html`<td class="${own} ${cell.tone}">
    ${twoLines(link(`/duplicates/${check.id}/objects.csv?${pair}`, figure), size)}
    <span class="unseen">${toneWords[cell.tone]}</span>
  </td>`
}

/** The sentences every figure must be read with. */
export const caveatLines = (caveats: string[]): Content => caveats.map((line) => html`<p>${quiet(line)}</p>`)
