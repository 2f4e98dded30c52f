/** Small helpers to build the page. No text ever becomes HTML: children are nodes or text nodes. */

const svgTags = new Set(['svg', 'path', 'rect', 'circle', 'line', 'g', 'text', 'title', 'polyline', 'polygon'])

/**
 * Makes an element. Props starting with `on` are listeners, `class` and attributes as in HTML, `style` an object,
 * everything null, undefined or false is left out.
 */
export function h(tag, props = {}, ...children) {
  const node =
    svgTags.has(tag) && tag !== 'title'
      ? document.createElementNS('http://www.w3.org/2000/svg', tag)
      : document.createElement(tag)
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (name === 'style') for (const [key, style] of Object.entries(value)) node.style.setProperty(key, style)
    else if (name === 'value' && 'value' in node) node.value = value
    else node.setAttribute(name, value === true ? '' : String(value))
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false))
  return node
}

/** Replaces everything inside `parent`. */
export function fill(parent, ...children) {
  parent.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  )
  return parent
}

const icons = {
  hash: 'M6.5 2.5 5 13.5M11 2.5 9.5 13.5M2.5 6h11M2 10h11',
  send: 'M2.5 13.5 14 8 2.5 2.5 4 8zM4 8h5',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  thread: 'M3 3.5h10v7H8l-3 2.5v-2.5H3z',
  smile: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.7 9.3c.5.9 1.3 1.4 2.3 1.4s1.8-.5 2.3-1.4M6 6.3h.01M10 6.3h.01',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  back: 'M9.5 3 4.5 8l5 5',
  check: 'M3 8.5 6.5 12 13 4.5',
  down: 'M4 6l4 4 4-4',
  slash: 'M10.5 2.5l-5 11',
  file: 'M4 1.5h5l3 3v10H4zM9 1.5v3h3',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  alert: 'M8 1.8 14.8 14H1.2zM8 6v4M8 12h.01',
}

/** A line icon; decorative unless it gets a label. */
export function icon(name, label) {
  return h(
    'svg',
    {
      class: `icon icon-${name}`,
      viewBox: '0 0 16 16',
      ...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' }),
    },
    h('path', { d: icons[name] }),
  )
}

/** A floating layer below or above an anchor; closes on Escape, on a click elsewhere, and when it loses its anchor. */
export function popover(anchor, content, { align = 'start', onclose } = {}) {
  document.querySelector('.popover')?.dispatchEvent(new Event('dismiss'))
  const host = anchor.closest('dialog') ?? document.getElementById('layers')
  const layer = h('div', { class: 'popover' }, content)
  host.append(layer)
  const spot = anchor.getBoundingClientRect()
  const { width, height } = layer.getBoundingClientRect()
  const below = spot.bottom + 6 + height < innerHeight || spot.top < height
  const left = align === 'end' ? spot.right - width : spot.left
  layer.style.setProperty('left', `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`)
  layer.style.setProperty(
    'top',
    `${below ? Math.min(spot.bottom + 4, innerHeight - height - 8) : spot.top - height - 4}px`,
  )
  const away = (event) => !layer.contains(event.target) && !anchor.contains(event.target) && close()
  const key = (event) => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    close()
    anchor.focus()
  }
  const scrolled = (event) => !layer.contains(event.target) && close()
  function close() {
    layer.remove()
    document.removeEventListener('scroll', scrolled, true)
    document.removeEventListener('pointerdown', away, true)
    document.removeEventListener('keydown', key, true)
    onclose?.()
  }
  layer.addEventListener('dismiss', close)
  document.addEventListener('pointerdown', away, true)
  document.addEventListener('scroll', scrolled, true)
  document.addEventListener('keydown', key, true)
  return { layer, close }
}

/** A menu of choices in a popover, walked with the arrow keys. */
export function menu(anchor, items, options = {}) {
  const list = h('div', { class: 'menu', role: 'menu' })
  const { layer, close } = popover(anchor, list, options)
  fill(
    list,
    items.map(({ label, hint, run, danger }) =>
      h(
        'button',
        {
          class: danger ? 'menu-item danger' : 'menu-item',
          role: 'menuitem',
          type: 'button',
          onclick: () => (close(), run()),
        },
        h('span', {}, label),
        hint && h('small', {}, hint),
      ),
    ),
  )
  // The menu grew after it was placed; keep it on the screen.
  const over = layer.getBoundingClientRect().bottom - innerHeight + 8
  if (over > 0) layer.style.setProperty('top', `${Math.max(8, layer.getBoundingClientRect().top - over)}px`)
  walk(list)
  list.querySelector('button')?.focus()
  return close
}

/** Arrow keys move between the buttons of a list. */
export function walk(list) {
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    const buttons = [...list.querySelectorAll('button')]
    buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length)?.focus()
  })
}

/** A short word to the person, read out politely. */
export function toast(text, kind = '') {
  const note = h('div', { class: `toast ${kind}` }, kind === 'bad' && icon('alert'), h('span', {}, text))
  document.getElementById('toasts').append(note)
  setTimeout(() => note.remove(), 5000)
}
