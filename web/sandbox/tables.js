import { element } from './elements.js'
import { fill, h, icon } from './dom.js'
import { richText } from './rich-text.js'

/** Slack's plain `table`: the first row is the heading. */
export function table({ rows = [], column_settings: settings = [] }) {
  const cells = (row, tag) =>
    row.map((cell, index) =>
      h(tag, { class: settings[index]?.align ?? null, scope: tag === 'th' ? 'col' : null }, content(cell)),
    )
  const [head = [], ...body] = rows
  return h(
    'div',
    { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': 'Table' },
    h(
      'table',
      { class: 'table' },
      h('thead', {}, h('tr', {}, cells(head, 'th'))),
      h(
        'tbody',
        {},
        body.map((row) => h('tr', {}, cells(row, 'td'))),
      ),
    ),
  )
}

/** Slack's `data_table`: sorted by a click on a heading, filtered by words, shown by pages. */
export function dataTable(block, ctx) {
  const { rows = [], caption, page_size: size = 5, row_header_column_index: naming = 0 } = block
  const [head = [], ...body] = rows
  const view = { page: 0, sort: null, down: false, words: '' }
  // A column of amounts stays one when some rows say "no limit" or "–" instead.
  const numeric = head.map((_, column) => {
    const cells = body.map((row) => row[column])
    const amounts = cells.filter((cell) => Number.isFinite(number(cell)))
    return amounts.length > 0 && cells.every((cell) => amounts.includes(cell) || !/\d/.test(words(cell)))
  })
  const table = h('table', { class: 'table' })
  const pager = h('div', { class: 'pager' })
  const search = h('input', {
    class: 'input slim',
    type: 'search',
    placeholder: 'Filter',
    'aria-label': `Filter ${caption}`,
    oninput: (event) => ((view.words = event.target.value.toLowerCase()), (view.page = 0), draw()),
  })

  function chosen() {
    const found = body.filter(
      (row) => !view.words || row.some((cell) => words(cell).toLowerCase().includes(view.words)),
    )
    if (view.sort === null) return found
    const column = view.sort
    const order = (a, b) =>
      numeric[column] ? amount(a[column]) - amount(b[column]) : words(a[column]).localeCompare(words(b[column]), 'en')
    return found.toSorted((a, b) => (view.down ? order(b, a) : order(a, b)))
  }
  function sortBy(column) {
    view.down = view.sort === column ? !view.down : numeric[column]
    view.sort = column
    draw()
  }
  function draw() {
    const all = chosen()
    const pages = Math.max(1, Math.ceil(all.length / size))
    view.page = Math.min(view.page, pages - 1)
    const heading = head.map((cell, column) => {
      const order = view.sort === column ? (view.down ? 'descending' : 'ascending') : 'none'
      return h(
        'th',
        { scope: 'col', class: numeric[column] ? 'right' : null, 'aria-sort': order },
        h(
          'button',
          { type: 'button', onclick: () => sortBy(column) },
          words(cell),
          h('span', { class: `sort ${order}` }, icon('down')),
        ),
      )
    })
    const lines = all.slice(view.page * size, (view.page + 1) * size).map((row) =>
      h(
        'tr',
        {},
        row.map((cell, column) =>
          h(
            column === naming ? 'th' : 'td',
            { scope: column === naming ? 'row' : null, class: numeric[column] ? 'right' : null },
            content(cell, ctx),
          ),
        ),
      ),
    )
    fill(table, h('caption', {}, caption), h('thead', {}, h('tr', {}, heading)), h('tbody', {}, lines))
    const turn = (step) => ((view.page += step), draw())
    fill(
      pager,
      h(
        'span',
        { class: 'hint' },
        all.length === 0
          ? 'Nothing found'
          : `${view.page * size + 1}–${Math.min(all.length, (view.page + 1) * size)} of ${all.length}`,
      ),
      pages > 1 &&
        h(
          'button',
          { class: 'btn slim', type: 'button', disabled: view.page === 0, onclick: () => turn(-1) },
          'Previous',
        ),
      pages > 1 &&
        h(
          'button',
          { class: 'btn slim', type: 'button', disabled: view.page === pages - 1, onclick: () => turn(1) },
          'Next',
        ),
    )
  }
  draw()
  return h(
    'div',
    { class: 'data-table' },
    h('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': caption }, table),
    h('div', { class: 'table-foot' }, pager, body.length > size && search),
  )
}

function content(cell, ctx) {
  if (cell.type === 'rich_text') return richText(cell)
  if (cell.type === 'raw_text' || cell.type === 'raw_number') return words(cell)
  const items = [
    cell.element,
    cell.button,
    cell.action,
    ...(cell.elements ?? []),
    cell.type === 'button' ? cell : null,
  ].filter((item) => item?.type)
  return items.length ? items.map((item) => element(item, ctx)) : words(cell)
}

function words(cell) {
  if (!cell) return ''
  if (cell.type === 'rich_text')
    return richText(cell)
      .map((node) => node?.textContent ?? '')
      .join(' ')
  if (cell.type === 'raw_number') return cell.text ?? String(cell.value ?? '')
  return typeof cell.text === 'string' ? cell.text : (cell.text?.text ?? '')
}

/** What has no amount sorts below everything that has one. */
function amount(cell) {
  const value = number(cell)
  return Number.isFinite(value) ? value : -Number.MAX_VALUE
}

/** Amounts count as numbers: `$1,204` sorts as 1204. */
function number(cell) {
  if (cell?.type === 'raw_number') return cell.value
  const bare = words(cell).replace(/[$€£,%\s]|\/(mo|day)$/g, '')
  return bare === '' ? Number.NaN : Number(bare)
}
