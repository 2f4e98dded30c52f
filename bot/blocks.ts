/** Builders of Block Kit blocks that escape, cut and know Slack's limits (spec chat 3.2). Templates use only these. */
import type {
  ActionsBlock,
  ContextBlock,
  DataTableBlock,
  HeaderBlock,
  ImageBlock,
  KnownBlock,
  SectionBlock,
} from '@slack/types'
import type { Button, Overflow, Select } from '@slack/types'
import { cut, cutRich, escapeEntities, join, md, source, type Rich } from './rich.ts'

/** `@slack/types` 3.2.0 lacks the chart block; source: docs.slack.dev, data-visualization-block. */
export type ChartBlock = {
  type: 'data_visualization'
  block_id?: string
  title: string
  chart: {
    type: 'area' | 'bar' | 'line'
    series: { name: string; data: { label: string; value: number }[] }[]
    axis_config: { categories: string[]; x_label?: string; y_label?: string }
  }
}

export type Block = KnownBlock | ChartBlock

/** A finished message: `text` stands alone, `blocks` show more. */
export type Body = { text: string; blocks: Block[] }

/** What may stand in an actions block, made by `controls.ts`. */
export type Control = Button | Overflow | Select

/** Ceilings of ours, below Slack's own. */
export const ceilings = {
  blocks: 25,
  viewBlocks: 60,
  text: 300,
  section: 1200,
  fields: 9,
  field: 200,
  header: 80,
  context: 3,
  actions: 5,
  series: 4,
  points: 14,
  rows: 100,
} as const

const mrkdwn = (text: Rich | string, most: number) => ({
  type: 'mrkdwn' as const,
  text: cutRich(source(text), most) || ' ',
  verbatim: true,
})
/** A plain text element; nothing in it is formatted. */
export const plain = (text: string, most: number) => ({ type: 'plain_text' as const, text: cut(text, most) || ' ' })

/** A heading; no full stop, no emoji. */
export const header = (text: string): HeaderBlock => ({ type: 'header', text: plain(text, ceilings.header) })

/** A paragraph, with one control beside it when given. */
export function section(text: Rich | string, accessory?: Control): SectionBlock {
  const block: SectionBlock = { type: 'section', text: mrkdwn(text, ceilings.section) }
  return accessory ? { ...block, accessory } : block
}

/** Label and value pairs in two columns; empty values are left out. */
export function fields(pairs: Record<string, Rich | string | null | undefined>): SectionBlock {
  const shown = Object.entries(pairs).filter((pair): pair is [string, Rich | string] => Boolean(pair[1]))
  return {
    type: 'section',
    fields: shown.slice(0, ceilings.fields).map(([label, value]) => mrkdwn(md`*${label}*\n${value}`, ceilings.field)),
  }
}

/** Small print: up to three pieces in one line. */
export function context(...pieces: (Rich | string | null | undefined | false)[]): ContextBlock {
  return { type: 'context', elements: [mrkdwn(join(pieces), 600)] }
}

/** Small print of up to three pieces, each cut on its own, so that a long one never pushes another out. */
export const smallPrint = (...pieces: (Rich | string)[]): ContextBlock => ({
  type: 'context',
  elements: pieces.slice(0, ceilings.context).map((piece) => mrkdwn(piece, 400)),
})

/** A line across the message. */
export const divider = (): KnownBlock => ({ type: 'divider' })

/** Up to five controls in a row; more is a sign for an overflow menu. Empty slots are left out. */
export function actions(...controls: (Control | null | undefined | false)[]): ActionsBlock {
  const shown = controls.filter((control): control is Control => Boolean(control))
  return { type: 'actions', elements: unique(shown.slice(0, ceilings.actions)) }
}

/** Slack refuses equal action ids in one block; the second gets `:2`. */
function unique(controls: Control[]): Control[] {
  const seen = new Map<string, number>()
  return controls.map((control) => {
    const count = (seen.get(control.action_id!) ?? 0) + 1
    seen.set(control.action_id!, count)
    return count === 1 ? control : { ...control, action_id: `${control.action_id}:${count}` }
  })
}

/** A table that pages and sorts; the first row is the heading. Rows beyond 100 are left to the web page. */
export function table(caption: string, rows: string[][]): DataTableBlock {
  const cell = (text: string) => ({ type: 'raw_text' as const, text: cut(text, 120) || '–' })
  return {
    type: 'data_table',
    caption: cut(caption, 100),
    rows: fitting(rows.slice(0, ceilings.rows + 1)).map((row) => row.map(cell)),
    page_size: 10,
    row_header_column_index: 0,
  }
}

/** Long tables get short cells, and end before Slack's limit of a whole message does. */
function fitting(rows: string[][]): string[][] {
  const most = rows.length > 20 ? 48 : 100
  const cut6 = rows.map((row) => row.slice(0, 6).map((text) => cut(text, most)))
  let size = 0
  return cut6.filter((row) => (size += row.join('').length) < 9000)
}

/** At most 4 series of 14 points; every series has a value for every category. The takeaway belongs into the text. */
export type Chart = {
  kind: 'area' | 'bar' | 'line'
  title: string
  categories: string[]
  series: { name: string; values: number[] }[]
  unit: string
}

/** A native chart. Category labels that repeat get a running number, because Slack matches points by label. */
export function chart({ kind, title, categories, series, unit }: Chart): ChartBlock {
  const labels = distinct(categories.slice(-ceilings.points).map((label) => cut(label, 20)))
  const names = distinct(series.slice(0, ceilings.series).map(({ name }) => cut(name, 40) || '–'))
  return {
    type: 'data_visualization',
    title: cut(title, 50),
    chart: {
      type: kind,
      series: names.map((name, n) => ({
        name,
        data: labels.map((label, at) => ({ label, value: series[n]!.values.slice(-labels.length)[at] ?? 0 })),
      })),
      axis_config: { categories: labels, y_label: unit },
    },
  }
}

function distinct(names: string[]): string[] {
  return names.map((name, at) => (names.indexOf(name) === at ? name : `${name.slice(0, 17)} ${at + 1}`))
}

/** An uploaded picture, for what a native chart cannot hold. */
export const picture = (fileId: string, alt: string): ImageBlock => ({
  type: 'image',
  slack_file: { id: fileId },
  alt_text: cut(alt, 500),
})

/** The `text` of a message: escaped unless Rich, one line, at most 300 characters. Push previews would show the stars of bold. */
export const fallback = (text: Rich | string): string =>
  cutRich(
    typeof text === 'string' ? escapeEntities(text.replaceAll(/\s+/g, ' ')) : text.rich.replaceAll('*', ''),
    ceilings.text,
  )

/** A message that is one paragraph. */
export const paragraph = (text: Rich | string): Body => ({ text: fallback(text), blocks: [section(text)] })
