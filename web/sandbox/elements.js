import { combo, matching, rowsOf } from './combo.js'
import { momentOf, wallOf } from './dates.js'
import { confirmFirst } from './dialogs.js'
import { h, icon, menu, toast } from './dom.js'
import { plain, textOf } from './mrkdwn.js'
import { act, me, state } from './store.js'

/**
 * Interactive elements. `ctx` says where they are: `place` (`{ message }` or `{ view }`), `fields` (collects the
 * inputs of a form), `values` (states already entered), `inputs` (true inside an input block that does not dispatch).
 */
export function element(item, ctx) {
  const make = makers[item.type]
  return make ? make(item, ctx) : h('span', { class: 'hint' }, `[${item.type}]`)
}

const makers = {
  button,
  image: (item) => h('img', { class: 'thumb', src: item.image_url, alt: item.alt_text }),
  overflow,
  static_select: (item, ctx) => select(item, ctx, { local: rowsOf(item) }),
  multi_static_select: (item, ctx) => select(item, ctx, { local: rowsOf(item), multi: true }),
  external_select: (item, ctx) => select(item, ctx, {}),
  multi_external_select: (item, ctx) => select(item, ctx, { multi: true }),
  users_select: (item, ctx) => select(item, ctx, { local: people() }),
  multi_users_select: (item, ctx) => select(item, ctx, { local: people(), multi: true }),
  conversations_select: (item, ctx) => select(item, ctx, { local: conversations() }),
  multi_conversations_select: (item, ctx) => select(item, ctx, { local: conversations(), multi: true }),
  channels_select: (item, ctx) => select(item, ctx, { local: conversations() }),
  multi_channels_select: (item, ctx) => select(item, ctx, { local: conversations(), multi: true }),
  datepicker: (item, ctx) => typed(item, ctx, { type: 'date', from: 'selected_date' }),
  timepicker: (item, ctx) => typed(item, ctx, { type: 'time', from: 'selected_time' }),
  datetimepicker: moment,
  plain_text_input: text,
  number_input: (item, ctx) =>
    typed(item, ctx, { type: 'number', from: 'value', step: item.is_decimal_allowed ? 'any' : '1' }),
  email_text_input: (item, ctx) => typed(item, ctx, { type: 'email', from: 'value' }),
  url_text_input: (item, ctx) => typed(item, ctx, { type: 'url', from: 'value' }),
  rich_text_input: text,
  checkboxes: (item, ctx) => ticks(item, ctx, 'checkbox'),
  radio_buttons: (item, ctx) => ticks(item, ctx, 'radio'),
}

/** Sends the click; the element is busy until the bot has acknowledged. */
async function send(item, ctx, { value, node }) {
  if (!(await confirmFirst(item.confirm))) return false
  node?.classList.add('busy')
  node?.setAttribute('aria-busy', 'true')
  try {
    const answer = await act('click', { ...ctx.place, blockId: ctx.blockId, actionId: item.action_id, value })
    if (answer.acked === false)
      toast(`${state.app.name} did not answer (${answer.error ?? 'no acknowledgement'}).`, 'bad')
    return true
  } catch (error) {
    toast(error.message, 'bad')
    return false
  } finally {
    node?.classList.remove('busy')
    node?.removeAttribute('aria-busy')
  }
}

/** Keeps a form's value, and tells the bot when Slack would. */
function changed(item, ctx, value, node) {
  ctx.fields?.set(`${ctx.blockId}/${item.action_id}`, { blockId: ctx.blockId, actionId: item.action_id, value })
  if (!ctx.quiet) void send(item, ctx, { value, node })
}

/** What the person entered so far, else what the bot put in. */
const entered = (item, ctx) => ctx.values?.[ctx.blockId]?.[item.action_id] ?? initial(item)

const initialNames = {
  initial_option: 'selected_option',
  initial_options: 'selected_options',
  initial_user: 'selected_user',
  initial_users: 'selected_users',
  initial_conversation: 'selected_conversation',
  initial_conversations: 'selected_conversations',
  initial_channel: 'selected_channel',
  initial_channels: 'selected_channels',
  initial_date: 'selected_date',
  initial_time: 'selected_time',
  initial_date_time: 'selected_date_time',
  initial_value: 'value',
}
const initial = (item) =>
  Object.fromEntries(
    Object.entries(initialNames)
      .filter(([name]) => item[name] !== undefined)
      .map(([name, field]) => [field, item[name]]),
  )

function button(item, ctx) {
  const label = item.accessibility_label || null
  const style = `btn ${item.style ?? ''}`
  const words = textOf(item.text)
  if (item.url) {
    const safe = /^https?:/i.test(item.url) ? item.url : null
    return h(
      'a',
      {
        class: style,
        href: safe,
        target: '_blank',
        rel: 'noreferrer noopener',
        'aria-label': label,
        onclick: (event) => void send({ ...item, confirm: undefined }, ctx, { node: event.currentTarget }),
      },
      words,
    )
  }
  const node = h('button', { class: style, type: 'button', 'aria-label': label, 'data-action': item.action_id }, words)
  node.addEventListener('click', () => send(item, ctx, { node }))
  return node
}

function overflow(item, ctx) {
  const node = h(
    'button',
    {
      class: 'btn icon-only',
      type: 'button',
      'aria-haspopup': 'menu',
      'aria-label': item.accessibility_label ?? 'More options',
    },
    icon('more'),
  )
  const items = () =>
    item.options.map((option) => ({
      label: plain(option.text),
      hint: plain(option.description),
      run: () => (
        option.url && window.open(option.url, '_blank', 'noopener'),
        send(item, ctx, { value: option.value, node })
      ),
    }))
  node.addEventListener('click', () => menu(node, items(), { align: 'end' }))
  return node
}

function select(item, ctx, { local, multi = false }) {
  const given = entered(item, ctx)
  const many = [
    given.selected_options,
    given.selected_users,
    given.selected_conversations,
    given.selected_channels,
  ].find(Array.isArray)
  const one = given.selected_option ?? given.selected_user ?? given.selected_conversation ?? given.selected_channel
  const current = many ?? (one ? [one] : [])
  const rowFor = (each) =>
    typeof each === 'object'
      ? rowsOf({ options: [each] })[0]
      : (local?.find((row) => row.value === each) ?? { label: each, value: each })
  const raw = (row) => (local ? row.value : row.option)
  const least = item.min_query_length ?? 3
  const options = (query) => {
    if (local) return matching(local, query)
    if (query.length < least)
      return { rows: [], note: `Type ${least === 1 ? 'a character' : `${least} characters`} to search` }
    return act('suggest', { ...ctx.place, blockId: ctx.blockId, actionId: item.action_id, query }).then((answer) => ({
      rows: rowsOf(answer.groups?.length ? { option_groups: answer.groups } : answer),
      note: answer.delivery?.acked === false ? `${state.app.name} did not answer.` : undefined,
    }))
  }
  const field = combo({
    label: ctx.label ?? (plain(item.placeholder) || 'Choose'),
    placeholder: plain(item.placeholder) || 'Choose an option',
    chosen: current.map(rowFor),
    multi,
    searchable: !local || local.length > 6,
    options,
    choose: (picked) => changed(item, ctx, multi ? picked.map(raw) : raw(picked), field.node),
  })
  if (current.length) remember(item, ctx, multi ? current : current[0])
  return field.node
}

/** Notes an initial value so that it is submitted even when nobody touches the field. */
function remember(item, ctx, value) {
  ctx.fields?.set(`${ctx.blockId}/${item.action_id}`, { blockId: ctx.blockId, actionId: item.action_id, value })
}

const people = () => state.people.map((person) => ({ label: person.realName, hint: person.role, value: person.id }))
const conversations = () =>
  state.channels.map((channel) => ({ label: `#${channel.name}`, hint: channel.topic, value: channel.id }))

function typed(item, ctx, { type, from, step }) {
  const value = entered(item, ctx)[from] ?? ''
  const node = h('input', {
    class: 'input',
    type,
    step,
    value,
    placeholder: plain(item.placeholder),
    'aria-label': ctx.labelled ? null : (ctx.label ?? plain(item.placeholder)),
    id: ctx.id,
    'aria-describedby': ctx.describedBy,
    min: item.min_value,
    max: item.max_value,
  })
  if (value) remember(item, ctx, value)
  node.addEventListener('change', () => changed(item, ctx, node.value, node))
  node.addEventListener('input', () => remember(item, ctx, node.value))
  return node
}

function moment(item, ctx) {
  const zone = me()?.tz ?? 'UTC'
  const seconds = entered(item, ctx).selected_date_time
  const wall = seconds ? wallOf(seconds, zone) : { date: '', time: '' }
  const date = h('input', {
    class: 'input',
    type: 'date',
    value: wall.date,
    id: ctx.id,
    'aria-label': `${ctx.label ?? 'Date'}, date`,
    'aria-describedby': ctx.describedBy,
  })
  const time = h('input', {
    class: 'input',
    type: 'time',
    value: wall.time,
    'aria-label': `${ctx.label ?? 'Time'}, time`,
  })
  if (seconds) remember(item, ctx, seconds)
  const node = h('div', { class: 'moment' }, date, time, h('small', { class: 'hint' }, zone.replace('_', ' ')))
  node.addEventListener(
    'change',
    () => date.value && time.value && changed(item, ctx, momentOf(date.value, time.value, zone), node),
  )
  return node
}

function text(item, ctx) {
  const value = entered(item, ctx).value ?? ''
  const shared = {
    class: 'input',
    placeholder: plain(item.placeholder),
    id: ctx.id,
    'aria-describedby': ctx.describedBy,
    'aria-label': ctx.labelled ? null : ctx.label,
    maxlength: item.max_length,
    value,
  }
  const node =
    item.multiline || item.type === 'rich_text_input'
      ? h('textarea', { ...shared, rows: 4 })
      : h('input', { ...shared, type: 'text' })
  if (value) remember(item, ctx, value)
  const triggers = item.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed']
  const raw = () => (item.type === 'rich_text_input' ? richText(node.value) : node.value)
  let timer
  node.addEventListener('input', () => {
    remember(item, ctx, raw())
    if (ctx.quiet || !triggers.includes('on_character_entered')) return
    clearTimeout(timer)
    timer = setTimeout(() => changed(item, ctx, raw(), node), 300)
  })
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || node.tagName === 'TEXTAREA' || ctx.quiet || !triggers.includes('on_enter_pressed'))
      return
    event.preventDefault()
    changed(item, ctx, raw(), node)
  })
  return node
}

const richText = (words) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }],
})

let serial = 0
function ticks(item, ctx, type) {
  const name = `tick-${++serial}`
  const given = entered(item, ctx)
  const on = (given.selected_options ?? [given.selected_option]).filter(Boolean).map((option) => option.value)
  const boxes = item.options.map((option) =>
    h('input', { type, name, value: option.value, checked: on.includes(option.value) }),
  )
  const node = h(
    'div',
    {
      class: 'ticks',
      role: type === 'radio' ? 'radiogroup' : 'group',
      'aria-label': ctx.label ?? 'Choices',
      'aria-describedby': ctx.describedBy,
    },
    item.options.map((option, index) =>
      h(
        'label',
        { class: 'tick-row' },
        boxes[index],
        h('span', {}, textOf(option.text), option.description && h('small', {}, textOf(option.description))),
      ),
    ),
  )
  if (on.length) remember(item, ctx, type === 'radio' ? on[0] : on)
  node.addEventListener('change', () => {
    const values = boxes.filter((box) => box.checked).map((box) => box.value)
    changed(item, ctx, type === 'radio' ? values[0] : values, node)
  })
  return node
}
