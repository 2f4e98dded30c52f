/**
 * One chart renderer for every door: numbers in, an SVG string out. The web view inlines it, the bot turns it into PNG.
 * The SVG has no script, no style element and no style attribute, so it passes a page's content security policy, and the
 * same spec always gives the same bytes.
 */
import { createHash } from 'node:crypto'
import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components'
import { init, setPlatformAPI, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { formatMoney } from '../money.ts'

use([BarChart, LineChart, PieChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer])
setPlatformAPI({ measureText: (text, font) => ({ width: textWidth(text, Number(font?.match(/(\d+)px/)?.[1] ?? 12)) }) })

/** What to draw. Areas and bars are stacked; a donut takes its slices from `categories` and the first series. */
export type ChartSpec = {
  kind: 'area' | 'bar' | 'line' | 'donut'
  /** Drawn above the chart and read aloud; without it `description` should say what is shown. */
  title?: string
  /** One sentence with the takeaway, for screen readers. */
  description?: string
  /** Days ("2026-11-03"), months ("2026-11") or words; days and months are written short. */
  categories: string[]
  /** One value per category; null leaves a gap. */
  series: { name: string; values: (number | null)[] }[]
  /** An ISO 4217 currency gives a money axis; anything else is written behind the number ("%", "GB"). */
  unit: string
  /** A dashed line across, for a limit. */
  limit?: { label: string; value: number }
  /** Pixels; 900 × 400 when not given. */
  width?: number
  height?: number
  /** White when not given; `none` for a page that has its own. */
  background?: 'white' | 'none'
}

const font = 'DejaVu Sans, sans-serif'
const ink = { strong: '#1f2430', text: '#6b7280', line: '#e5e7eb', grey: '#9aa1ac', limit: '#d6455d' }
/** Each has at least 3:1 on white and on near-black, and neighbours differ for colour-blind eyes. */
const palette = [
  '#4f6df5',
  '#12998a',
  '#d98a06',
  '#c9459c',
  '#0a8fc7',
  '#8a5bd6',
  '#d4573c',
  '#5f8f2e',
  '#7b6f5a',
  '#3e63a8',
]

/** Draws the chart as a standalone SVG document. */
export function renderChart(spec: ChartSpec): string {
  const { width = 900, height = 400 } = spec
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption(spec.kind === 'donut' ? donut(spec, width) : cartesian(spec, width))
    return clean(chart.renderToSVGString(), spec)
  } finally {
    chart.dispose()
  }
}

/** The colour of the n-th series, the same in charts, tables and legends; "Other" is grey. */
export const seriesColor = (index: number, name = ''): string =>
  /^Other( \(\d+\))?$/.test(name) ? ink.grey : palette[index % palette.length]!

function frame(spec: ChartSpec) {
  const title = spec.title
    ? { text: spec.title, left: 12, top: 10, textStyle: { fontFamily: font, fontSize: 16, color: ink.strong } }
    : { show: false }
  return {
    animation: false,
    backgroundColor: spec.background === 'none' ? 'transparent' : '#ffffff',
    textStyle: { fontFamily: font, fontSize: 12, color: ink.text },
    title,
  }
}

const legendStyle = { icon: 'roundRect', itemWidth: 11, itemHeight: 11, selectedMode: false as const }
const legendText = { fontFamily: font, fontSize: 12, color: ink.text }

function cartesian(spec: ChartSpec, width: number) {
  const names = spec.series.map((series) => shorten(series.name, 26))
  const legend = names.length > 1
  const rows = legend ? legendRows(names, width - 24) : 0
  const top = (spec.title ? 46 : 18) + rows * 22
  const wide = spec.categories.length > 1 ? Math.max(1, Math.floor((width - 90) / 64)) : 1
  return {
    ...frame(spec),
    legend: {
      ...legendStyle,
      show: legend,
      left: 12,
      right: 12,
      top: spec.title ? 40 : 8,
      itemGap: 14,
      textStyle: legendText,
      data: names,
    },
    grid: {
      left: 12,
      right: 20,
      top,
      bottom: 10,
      outerBoundsMode: 'same' as const,
      outerBoundsContain: 'axisLabel' as const,
    },
    xAxis: {
      type: 'category' as const,
      data: spec.categories.map(shortCategory),
      boundaryGap: spec.kind === 'bar',
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.line } },
      axisLabel: {
        color: ink.text,
        fontFamily: font,
        hideOverlap: true,
        interval: Math.ceil(spec.categories.length / wide) - 1,
      },
    },
    yAxis: {
      type: 'value' as const,
      splitNumber: 4,
      // Stacked shares of a whole.
      ...(spec.kind === 'bar' && spec.unit === '%' ? { max: 100, interval: 25 } : {}),
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.text, fontFamily: font, formatter: (value: number) => axisAmount(value, spec.unit) },
    },
    series: [
      ...spec.series.map((series, index) => line(spec, { series, index, name: names[index]! })),
      ...(spec.limit ? [limitLine(spec.limit, spec)] : []),
    ],
  }
}

function line(
  spec: ChartSpec,
  { series, index, name }: { series: ChartSpec['series'][number]; index: number; name: string },
) {
  const color = seriesColor(index, series.name)
  const stacked = spec.kind === 'line' ? {} : { stack: 'all' }
  const still = { name, data: series.values, silent: true, emphasis: { disabled: true }, ...stacked }
  if (spec.kind === 'bar')
    return { ...still, type: 'bar' as const, barMaxWidth: 38, barCategoryGap: '28%', itemStyle: { color } }
  const fill = spec.kind === 'area' ? { areaStyle: { color, opacity: spec.series.length > 1 ? 0.5 : 0.16 } } : {}
  const alone = series.values.length === 1
  return {
    ...still,
    type: 'line' as const,
    showSymbol: alone,
    symbol: 'circle',
    symbolSize: 7,
    lineStyle: { width: spec.kind === 'area' && spec.series.length > 1 ? 1.2 : 2.2, color },
    itemStyle: { color },
    ...fill,
  }
}

/** An unseen series carries the line, so that the axis reaches up to a limit nothing touches. */
function limitLine(limit: { label: string; value: number }, { unit, categories }: ChartSpec) {
  const text = { color: ink.limit, fontFamily: font, fontSize: 12 }
  const label = {
    formatter: `${limit.label} ${axisAmount(limit.value, unit)}`,
    position: 'insideEndTop' as const,
    ...text,
  }
  const style = { color: ink.limit, type: 'dashed' as const, width: 1.5 }
  return {
    name: limit.label,
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    lineStyle: { opacity: 0 },
    data: categories.map(() => limit.value),
    markLine: { silent: true, symbol: 'none', lineStyle: style, label, data: [{ yAxis: limit.value }] },
  }
}

function donut(spec: ChartSpec, width: number) {
  const values = spec.series[0]?.values ?? []
  const names = spec.categories.map((name) => shorten(name, 28))
  const wide = width >= 480
  const side = { orient: 'vertical' as const, left: '52%', top: 'middle' }
  const below = { orient: 'horizontal' as const, left: 12, bottom: 8 }
  return {
    ...frame(spec),
    legend: {
      ...legendStyle,
      ...(wide ? side : below),
      itemGap: 10,
      textStyle: legendText,
      data: names,
      formatter: (name: string) => `${name}   ${fullAmount(values[names.indexOf(name)] ?? 0, spec.unit)}`,
    },
    series: [
      {
        type: 'pie' as const,
        radius: ['48%', '74%'],
        center: wide ? ['27%', spec.title ? '55%' : '50%'] : ['50%', '40%'],
        silent: true,
        emphasis: { disabled: true },
        label: { show: false },
        labelLine: { show: false },
        itemStyle: { borderColor: spec.background === 'none' ? 'transparent' : '#ffffff', borderWidth: 2 },
        data: names.map((name, index) => ({
          name,
          value: values[index] ?? 0,
          itemStyle: { color: seriesColor(index, name) },
        })),
      },
    ],
  }
}

/** Rows a horizontal legend will take. */
function legendRows(names: string[], width: number): number {
  let rows = 1
  let x = 0
  for (const name of names) {
    const item = 11 + 8 + 14 + textWidth(name, 12)
    if (x > 0 && x + item > width) [rows, x] = [rows + 1, 0]
    x += item
  }
  return rows
}

/** Pixels of a text in DejaVu Sans, from its mean advances; the renderer has no font of its own to ask. */
function textWidth(text: string, size: number): number {
  let ems = 0
  for (const letter of text) {
    if (/[iljtfr.,:;'|!()[\]]/.test(letter)) ems += 0.38
    else if (/[mwMW@%]/.test(letter)) ems += 0.95
    else if (/[A-Z]/.test(letter)) ems += 0.7
    else ems += letter.codePointAt(0)! > 0x2e80 ? 1 : letter === ' ' ? 0.32 : 0.62
  }
  return ems * size
}

const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text

function shortCategory(category: string): string {
  const [, year, month, day] = category.match(/^(\d{4})-(\d\d)(?:-(\d\d))?$/) ?? []
  if (!year || !month) return shorten(category, 22)
  const name = new Intl.DateTimeFormat('en-US', { month: 'short', timeZone: 'UTC' }).format(
    Date.UTC(Number(year), Number(month) - 1, 1),
  )
  return day ? `${name} ${Number(day)}` : `${name} ${year}`
}

const isCurrency = (unit: string): boolean => /^[A-Z]{3}$/.test(unit)

function axisAmount(value: number, unit: string): string {
  const short = { notation: 'compact', maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 } as const
  if (isCurrency(unit))
    return new Intl.NumberFormat('en-US', {
      ...short,
      style: 'currency',
      currency: unit,
      minimumFractionDigits: 0,
    }).format(value)
  return `${new Intl.NumberFormat('en-US', short).format(value)}${unit === '%' ? '%' : unit && ` ${unit}`}`
}

const fullAmount = (value: number, unit: string): string =>
  isCurrency(unit) ? formatMoney(value, unit) : axisAmount(value, unit)

/**
 * Makes the drawing portable: style attributes become presentation attributes, hover styles and marks for scripts go, and
 * ids are named after the spec, because the renderer counts them per process and two charts may share a page.
 */
function clean(svg: string, spec: ChartSpec): string {
  const key = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 10)
  const words = [
    spec.title && `<title>${escapeXml(spec.title)}</title>`,
    spec.description && `<desc>${escapeXml(spec.description)}</desc>`,
  ]
  return svg
    .replaceAll(/<style[\s\S]*?<\/style>/g, '')
    .replaceAll(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replaceAll(/ style="([^"]*)"/g, (_, css: string) => attributes(css))
    .replaceAll(/\bzr\d+-c/g, `c${key}-`)
    .replaceAll(/\n\s*/g, '')
    .replace('<svg ', `<svg role="img" ${words.some(Boolean) ? '' : 'aria-hidden="true" '}font-family="${font}" `)
    .replace('>', `>${words.filter(Boolean).join('')}`)
}

const attributes = (css: string): string =>
  css
    .split(';')
    .map((rule) => rule.split(':'))
    .filter((pair): pair is [string, string] => pair.length === 2)
    .map(([name, value]) => ` ${name.trim()}="${value.trim()}"`)
    .join('')

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
