import { fill, h, icon, menu, toast } from './dom.js'
import { avatar } from './messages.js'
import { act, state } from './store.js'

/** The box to write in. `thread` is the parent's timestamp; slash commands do not work there, as in Slack. */
export function composer({ channel, name, thread = null }) {
  const list = h('div', {
    class: 'completion',
    role: 'listbox',
    id: `complete-${thread ?? 'main'}`,
    'aria-label': 'Suggestions',
    hidden: true,
  })
  const field = h('textarea', {
    class: 'write',
    id: thread ? 'reply' : 'composer',
    rows: 1,
    placeholder: thread ? 'Reply…' : `Message ${name}`,
    'aria-label': thread ? 'Reply in thread' : `Message ${name}`,
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': list.id,
  })
  const send = h('button', { class: 'send', type: 'submit', 'aria-label': 'Send', disabled: true }, icon('send'))
  let rows = []
  let active = 0
  /** Did the person walk the list? Until then Enter sends what was typed and never an example in its place. */
  let walked = false

  const commands = h(
    'button',
    {
      class: 'tool',
      type: 'button',
      'aria-label': 'Commands and shortcuts',
      'aria-haspopup': 'menu',
      onclick: () => offer(commands),
    },
    icon('slash'),
  )
  const mention = h(
    'button',
    { class: 'tool at', type: 'button', 'aria-label': 'Mention someone', onclick: () => insert('@') },
    '@',
  )
  const form = h(
    'form',
    { class: 'composer', onsubmit: (event) => (event.preventDefault(), void submit()) },
    list,
    field,
    h('div', { class: 'composer-bar' }, !thread && commands, mention, h('span', { class: 'composer-hint' }), send),
  )
  const hint = form.querySelector('.composer-hint')

  function offer(anchor) {
    const shortcuts = state.shortcuts.filter((each) => each.kind === 'global')
    menu(anchor, [
      ...shortcuts.map((each) => ({
        label: each.name,
        hint: state.app.name,
        run: () => void act('shortcut', { callbackId: each.callbackId }),
      })),
      ...state.commands.map((each) => ({
        label: each.command,
        hint: each.about,
        run: () => insert(`${each.command} `),
      })),
    ])
  }
  function insert(text) {
    field.value = text.startsWith('/')
      ? text
      : `${field.value}${field.value && !field.value.endsWith(' ') ? ' ' : ''}${text}`
    field.focus()
    changed()
  }
  function changed() {
    field.style.setProperty('height', 'auto')
    field.style.setProperty('height', `${Math.min(field.scrollHeight, 220)}px`)
    send.disabled = field.value.trim() === ''
    active = 0
    walked = false
    rows = suggestions()
    fill(hint, usage())
    paint()
  }
  function suggestions() {
    const typed = field.value.slice(0, field.selectionStart)
    const at = /(^|\s)@([\w.]*)$/.exec(typed)
    if (at)
      return people(at[2]).map((row) => ({
        ...row,
        put: () => put(typed.length - at[2].length - 1, `@${row.handle} `),
      }))
    if (!thread && typed.startsWith('/'))
      return commandRows(typed).map((row) => ({ ...row, put: () => put(0, row.text, true) }))
    return []
  }
  function put(from, text, whole = false) {
    const rest = whole ? '' : field.value.slice(field.selectionStart)
    field.value = field.value.slice(0, from) + text + rest
    field.setSelectionRange(from + text.length, from + text.length)
    field.focus()
    changed()
  }
  function usage() {
    if (thread && field.value.startsWith('/'))
      return `Commands do not work in threads. Mention @${state.app.name} instead.`
    const found = state.commands
      .filter((each) => field.value === each.command || field.value.startsWith(`${each.command} `))
      .toSorted((a, b) => b.command.length - a.command.length)[0]
    return found ? [h('code', {}, found.command), ` ${found.usage || found.about}`] : ''
  }
  function paint() {
    list.hidden = rows.length === 0
    field.setAttribute('aria-expanded', String(rows.length > 0))
    field.setAttribute('aria-activedescendant', rows.length ? `${list.id}-${active}` : '')
    fill(
      list,
      rows.map((row, index) =>
        h(
          'div',
          {
            class: index === active ? 'option active' : 'option',
            role: 'option',
            id: `${list.id}-${index}`,
            'aria-selected': String(index === active),
            onpointerdown: (event) => (event.preventDefault(), row.put()),
          },
          row.face,
          h(
            'span',
            { class: 'option-text' },
            h('span', {}, row.label, row.usage && h('span', { class: 'usage' }, ` ${row.usage}`)),
            row.hint && h('small', {}, row.hint),
          ),
        ),
      ),
    )
    list.querySelector('.active')?.scrollIntoView({ block: 'nearest' })
  }
  const completes = ({ exact, example }) => !exact && (walked || !example)

  field.addEventListener('input', changed)
  field.addEventListener('blur', () => setTimeout(() => (list.hidden = true), 150))
  field.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const listed = !list.hidden && rows.length > 0
    if (listed && step) {
      event.preventDefault()
      active = (active + step + rows.length) % rows.length
      walked = true
      paint()
    } else if (listed && (event.key === 'Tab' || (event.key === 'Enter' && completes(rows[active])))) {
      event.preventDefault()
      rows[active].put()
    } else if (listed && event.key === 'Escape') {
      // Puts away the list only; the thread around it stays, with what was typed.
      event.stopPropagation()
      list.hidden = true
      rows = []
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      void submit()
    }
  })

  async function submit() {
    const text = field.value.trim()
    if (!text) return
    if (thread && text.startsWith('/'))
      return toast(`Commands do not work in threads. Mention @${state.app.name} instead.`, 'bad')
    field.value = ''
    changed()
    try {
      if (text.startsWith('/')) return void (await act('command', { channel, line: text }))
      const { deliveries } = await act('say', { channel, text, thread })
      const lost = deliveries?.find((delivery) => !delivery.acked)
      if (lost) toast(`${state.app.name} did not answer (${lost.error}).`, 'bad')
    } catch (error) {
      toast(error.message, 'bad')
      field.value = text
      changed()
    }
  }
  return form
}

function people(query) {
  const all = [
    { handle: state.app.handle, name: state.app.name, hint: 'App', id: state.app.userId },
    ...state.people.map((person) => ({ handle: person.name, name: person.realName, hint: person.role, id: person.id })),
  ]
  const words = query.toLowerCase()
  return all
    .filter((each) => each.handle.startsWith(words) || each.name.toLowerCase().startsWith(words))
    .map((each) => ({ handle: each.handle, label: each.name, hint: each.hint, face: avatar(each.id, 'small') }))
}

/** Commands that begin with what is typed; once one is typed out, its usage and its examples. */
function commandRows(typed) {
  const begun = state.commands.filter((each) => each.command.startsWith(typed))
  const done = state.commands
    .filter((each) => typed.startsWith(each.command))
    .toSorted((a, b) => b.command.length - a.command.length)[0]
  const examples = (done?.examples ?? []).filter(
    (each) => each.startsWith(typed) || typed.length <= done.command.length + 1,
  )
  return [
    ...begun.map((each) => ({
      label: each.command,
      usage: each.usage,
      hint: each.about,
      text: `${each.command} `,
      exact: each.command === typed.trim(),
    })),
    ...examples
      .filter((each) => !begun.some((other) => other.command === each))
      .map((each) => ({
        label: each,
        hint: each === typed.trim() ? '' : 'Example',
        text: each,
        exact: each === typed.trim(),
        example: true,
      })),
  ]
}
