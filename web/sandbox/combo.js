import { fill, h, icon, popover } from './dom.js'
import { plain } from './mrkdwn.js'

let serial = 0

/**
 * A select with type-ahead. `options(query)` answers (a promise of) rows `{ label, hint, value, group }`; `choose` is
 * called with the row, or with the list of rows when `multi`.
 */
export function combo({
  label,
  placeholder,
  chosen = [],
  multi = false,
  options,
  choose,
  hint = '',
  searchable = true,
}) {
  let rows = chosen
  const face = h('span', { class: 'combo-face' })
  const button = h(
    'button',
    { class: 'combo', type: 'button', 'aria-haspopup': 'listbox', 'aria-label': label, onclick: () => open() },
    face,
    icon('down'),
  )
  show()

  function show() {
    const words =
      rows.length === 0
        ? [h('span', { class: 'hint' }, placeholder)]
        : multi
          ? rows.map((row) => h('span', { class: 'chip' }, row.label))
          : rows[0].label
    fill(face, words)
    if (label)
      button.setAttribute('aria-label', `${label}${rows.length ? `: ${rows.map((row) => row.label).join(', ')}` : ''}`)
  }

  function open() {
    const id = `list-${++serial}`
    const list = h('div', { class: 'listbox', role: 'listbox', id, 'aria-label': label })
    const search = h('input', {
      class: searchable ? 'search' : 'search unseen',
      role: 'combobox',
      'aria-expanded': 'true',
      'aria-controls': id,
      'aria-label': label,
      placeholder: 'Search',
      autocomplete: 'off',
      readonly: !searchable,
    })
    const { layer, close } = popover(button, h('div', { class: 'combo-panel' }, search, list))
    layer.style.setProperty('min-width', `${Math.max(220, button.offsetWidth)}px`)
    let shown = []
    let active = 0
    let asked = 0

    function pick(row) {
      if (multi) {
        rows = rows.some((each) => each.value === row.value)
          ? rows.filter((each) => each.value !== row.value)
          : [...rows, row]
        paint()
      } else {
        rows = [row]
        close()
        button.focus()
      }
      show()
      choose(multi ? rows : row)
    }
    function paint(note) {
      let group
      fill(
        list,
        shown.length === 0 && h('p', { class: 'hint' }, note ?? 'Nothing found'),
        shown.map((row, index) => {
          const heading = row.group !== group && row.group ? h('div', { class: 'group' }, row.group) : null
          group = row.group
          const selected = rows.some((each) => each.value === row.value)
          const option = h(
            'div',
            {
              class: index === active ? 'option active' : 'option',
              id: `${id}-${index}`,
              role: 'option',
              'aria-selected': String(selected),
              onpointerdown: (event) => event.preventDefault(),
              onclick: () => pick(row),
            },
            h('span', { class: 'option-text' }, row.label, row.hint && h('small', {}, row.hint)),
            selected && icon('check'),
          )
          return [heading, option]
        }),
      )
      search.setAttribute('aria-activedescendant', shown.length ? `${id}-${active}` : '')
      list.querySelector('.active')?.scrollIntoView({ block: 'nearest' })
    }
    async function ask() {
      const turn = ++asked
      const answer = options(search.value)
      if (answer instanceof Promise) list.classList.add('waiting')
      const { rows: found, note } = await Promise.resolve(answer).then((each) =>
        Array.isArray(each) ? { rows: each } : each,
      )
      if (turn !== asked) return
      list.classList.remove('waiting')
      shown = found
      active = Math.max(
        0,
        shown.findIndex((row) => rows.some((each) => each.value === row.value)),
      )
      if (search.value) active = 0
      paint(note)
    }
    let timer
    search.addEventListener('input', () => {
      clearTimeout(timer)
      timer = setTimeout(ask, 120)
    })
    search.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step && shown.length) {
        event.preventDefault()
        active = (active + step + shown.length) % shown.length
        paint()
      } else if (event.key === 'Enter' || (event.key === ' ' && !searchable)) {
        event.preventDefault()
        if (shown[active]) pick(shown[active])
      } else if (event.key === 'Tab') close()
    })
    search.focus()
    void ask()
  }
  return {
    node: h('div', { class: 'combo-field' }, button, hint && h('small', { class: 'hint' }, hint)),
    rows: () => rows,
  }
}

/** Slack's options and option groups as rows. */
export function rowsOf({ options = [], option_groups: groups = [] }) {
  const row = (option, group) => ({
    label: plain(option.text),
    hint: plain(option.description),
    value: option.value,
    option,
    group,
  })
  return [
    ...options.map((option) => row(option)),
    ...groups.flatMap((group) => group.options.map((option) => row(option, plain(group.label)))),
  ]
}

/** Rows whose label or hint holds the typed words. */
export function matching(rows, query) {
  const words = query.trim().toLowerCase()
  return words ? rows.filter((row) => `${row.label} ${row.hint ?? ''}`.toLowerCase().includes(words)) : rows
}
