import { h } from './dom.js'

/** Draws Slack's `data_visualization` as inline SVG, with the same numbers as a table for screen readers. */

const inset = { left: 46, right: 24, top: 26, bottom: 42 }

export function chart(block) {
  const { title, chart: drawn = {} } = block
  const round = drawn.type === 'pie'
  const total = (drawn.segments ?? []).reduce((sum, each) => sum + each.value, 0) || 1
  const entries = round
    ? drawn.segments.map(({ label, value }) => [
        label,
        h('b', {}, `${full(value)} · ${Math.round((100 * value) / total)}%`),
      ])
    : (drawn.series ?? []).map(({ name }) => [name])
  const legend = entries.map((words, index) => h('li', { class: `tint-${index % 6}` }, words))
  return h(
    'figure',
    { class: round ? 'chart round' : 'chart' },
    h('figcaption', {}, title),
    round ? pie(drawn.segments) : axes(drawn),
    h('ul', { class: 'legend', 'aria-hidden': 'true' }, legend),
    h('div', { class: 'unseen' }, numbers(drawn, title)),
  )
}

function axes({ type, series = [], axis_config: axis = {} }) {
  // On a phone fewer units make the same letters larger.
  const [width, height] = innerWidth < 720 ? [340, 220] : [600, 240]
  const categories = axis.categories ?? []
  const valueAt = (each, label) => each.data?.find((point) => point.label === label)?.value ?? 0
  const rows = series.map((each) => categories.map((label) => valueAt(each, label)))
  const top = niceTop(Math.max(1e-9, ...rows.flat()))
  const low = Math.min(0, ...rows.flat())
  const plot = { w: width - inset.left - inset.right, h: height - inset.top - inset.bottom }
  const x = (index) =>
    inset.left +
    (type === 'bar'
      ? ((index + 0.5) * plot.w) / categories.length
      : categories.length > 1
        ? (index * plot.w) / (categories.length - 1)
        : plot.w / 2)
  const y = (value) => inset.top + plot.h - ((value - low) / (top - low)) * plot.h
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => low + (top - low) * part)
  const draw = { bar: bars, area: areas, line: strokes }[type] ?? strokes
  const every = Math.ceil(categories.length / (width < 400 ? 5 : 8))
  return h(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    ticks.map((tick) => [
      h('line', { class: 'grid', x1: inset.left, x2: width - inset.right, y1: y(tick), y2: y(tick) }),
      h('text', { class: 'tick end', x: inset.left - 8, y: y(tick) + 4 }, short(tick)),
    ]),
    categories.map((label, index) =>
      index % every ? null : h('text', { class: 'tick mid', x: x(index), y: height - inset.bottom + 18 }, label),
    ),
    axis.x_label && h('text', { class: 'tick mid faint', x: inset.left + plot.w / 2, y: height - 6 }, axis.x_label),
    axis.y_label && h('text', { class: 'tick faint', x: 0, y: 11 }, axis.y_label),
    draw({ rows, series, categories, x, y, plot, low }),
  )
}

function areas(all) {
  const { rows, x, y, low } = all
  const fills = rows.map((row, index) =>
    h('polygon', {
      class: `area tint-${index % 6}`,
      points: [
        `${x(0)},${y(low)}`,
        ...row.map((value, at) => `${x(at)},${y(value)}`),
        `${x(row.length - 1)},${y(low)}`,
      ].join(' '),
    }),
  )
  return [...fills, ...strokes(all)]
}

function strokes({ rows, series, categories, x, y }) {
  return rows.flatMap((row, index) => [
    h('polyline', {
      class: `stroke tint-${index % 6}`,
      points: row.map((value, at) => `${x(at)},${y(value)}`).join(' '),
    }),
    ...row.map((value, at) =>
      tip(
        h('circle', { class: `dot tint-${index % 6}`, cx: x(at), cy: y(value), r: 3 }),
        `${series[index].name}, ${categories[at]}: ${full(value)}`,
      ),
    ),
  ])
}

function bars({ rows, series, categories, x, y, plot }) {
  const group = (plot.w / categories.length) * 0.72
  const one = Math.min(36, group / rows.length)
  return rows.flatMap((row, index) =>
    row.map((value, at) => {
      const left = x(at) - (one * rows.length) / 2 + one * index
      const box = {
        x: left + 1,
        width: Math.max(1, one - 2),
        y: Math.min(y(value), y(0)),
        height: Math.max(1, Math.abs(y(0) - y(value))),
        rx: 2,
      }
      return tip(
        h('rect', { class: `bar tint-${index % 6}`, ...box }),
        `${series[index].name}, ${categories[at]}: ${full(value)}`,
      )
    }),
  )
}

function pie(segments) {
  const total = segments.reduce((sum, each) => sum + each.value, 0) || 1
  const [cx, cy, r, hole] = [110, 110, 96, 54]
  const point = (part, radius) =>
    `${cx + radius * Math.sin(part * 2 * Math.PI)} ${cy - radius * Math.cos(part * 2 * Math.PI)}`
  let from = 0
  const slices = segments.map((each, index) => {
    const to = Math.min(from + each.value / total, from + 0.99999)
    const large = to - from > 0.5 ? 1 : 0
    const d = `M${point(from, r)}A${r} ${r} 0 ${large} 1 ${point(to, r)}L${point(to, hole)}A${hole} ${hole} 0 ${large} 0 ${point(from, hole)}Z`
    from += each.value / total
    return tip(
      h('path', { class: `slice tint-${index % 6}`, d }),
      `${each.label}: ${full(each.value)}, ${Math.round((100 * each.value) / total)}%`,
    )
  })
  return h('svg', { class: 'pie', viewBox: '0 0 220 220', 'aria-hidden': 'true' }, slices)
}

function tip(node, words) {
  const title = document.createElementNS('http://www.w3.org/2000/svg', 'title')
  title.textContent = words
  node.append(title)
  return node
}

function numbers({ type, series = [], segments = [], axis_config: axis = {} }, caption) {
  const head = (cells) =>
    h(
      'tr',
      {},
      cells.map((cell) => h('th', { scope: 'col' }, cell)),
    )
  const row = ([name, ...cells]) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      cells.map((cell) => h('td', {}, String(cell))),
    )
  const rows =
    type === 'pie'
      ? segments.map((each) => [each.label, each.value])
      : (axis.categories ?? []).map((label) => [
          label,
          ...series.map((each) => each.data?.find((point) => point.label === label)?.value ?? ''),
        ])
  return h(
    'table',
    {},
    h('caption', {}, caption),
    head(type === 'pie' ? ['Part', 'Value'] : [axis.x_label ?? '', ...series.map((each) => each.name)]),
    rows.map(row),
  )
}

/** The next round number above, so that the grid has round labels. */
function niceTop(value) {
  const size = 10 ** Math.floor(Math.log10(value))
  return (
    [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map((step) => step * size).find((step) => step >= value * 1.02) ?? value
  )
}

const short = (value) => new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(value)
const full = (value) => new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 }).format(value)
