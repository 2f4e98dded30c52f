import { blocks } from './blocks.js'
import { composer } from './composer.js'
import { showModal } from './dialogs.js'
import { fill, h, icon, toast } from './dom.js'
import { avatar, messageList, messageNode, patchList } from './messages.js'
import { sidebar } from './sidebar.js'
import { act, follow, load, state } from './store.js'

/** The page: which conversation is open, what changes live, and who the person is. */

const parts = {
  sidebar: document.getElementById('sidebar'),
  main: document.getElementById('main'),
  thread: document.getElementById('thread'),
}
let leave = () => {}

const query = new URLSearchParams(location.search)
await become(
  query.get('as') ?? localStorage.getItem('sandbox-person') ?? '',
  query.get('channel') ?? localStorage.getItem('sandbox-place') ?? '',
)
if (query.get('message')) show(query.get('message'))

/** Becomes a person: reads everything anew and follows what they may see. */
async function become(user, channel = state.channel) {
  leave()
  state.user = user
  Object.assign(state, await load('data/workspace'))
  localStorage.setItem('sandbox-person', state.user)
  state.thread = null
  const wanted = channel === state.direct || /^D/.test(channel) ? 'app' : channel
  const known = wanted === 'app' || state.channels.some((each) => each.id === wanted)
  if (/^D/.test(channel)) state.tab = 'messages'
  await open(known ? wanted : (state.channels.find((each) => each.name !== 'general') ?? state.channels[0]).id)
  leave = follow(heard, () => void become(state.user))
  await showModal()
}

async function open(id) {
  state.channel = id
  state.thread = null
  document.body.classList.remove('drawer')
  localStorage.setItem('sandbox-place', id)
  history.replaceState(null, '', `?as=${state.user}&channel=${id === 'app' ? state.direct : id}`)
  document.title = `${placeName()} · ${state.team.name} sandbox`
  await refill()
  if (id === 'app') await visit(state.tab)
}

const conversation = () => (state.channel === 'app' ? state.direct : state.channel)
const placeName = () =>
  state.channel === 'app' ? state.app.name : `#${state.channels.find((each) => each.id === state.channel)?.name}`

async function refill() {
  const { messages } = await load('data/conversation', { channel: conversation() })
  state.messages = messages
  draw()
}

function draw() {
  sidebar(parts.sidebar, { open, become })
  const channel = state.channels.find((each) => each.id === state.channel)
  const app = state.channel === 'app'
  const title = app
    ? [avatar(state.app.userId, 'small'), h('h1', {}, state.app.name)]
    : [h('h1', {}, icon('hash'), channel.name), h('span', { class: 'topic' }, channel.topic)]
  const tabs = app && h('div', { class: 'tabs', role: 'tablist' }, tab('home', 'Home'), tab('messages', 'Messages'))
  const drawer = h(
    'button',
    {
      class: 'plain drawer-button',
      type: 'button',
      'aria-label': 'Show the sidebar',
      onclick: () => document.body.classList.toggle('drawer'),
    },
    icon('menu'),
  )
  fill(
    parts.main,
    h('header', { class: 'bar' }, drawer, title, tabs),
    app && state.tab === 'home' ? home() : messages(),
  )
  drawThread()
  toEnd()
  seen()
}

function tab(id, label) {
  return h(
    'button',
    { class: 'tab', type: 'button', role: 'tab', 'aria-selected': String(state.tab === id), onclick: () => visit(id) },
    label,
  )
}

/** Opening a tab of the app tells the bot, as in Slack. */
async function visit(id) {
  state.tab = id
  draw()
  const answer = await act('home', { tab: id })
  if (answer.acked === false) toast(`${state.app.name} did not answer (${answer.error}).`, 'bad')
}

function home() {
  const { home: view } = state
  if (!view)
    return h(
      'div',
      { class: 'home empty' },
      avatar(state.app.userId, 'large'),
      h('p', {}, `${state.app.name} has not published a home tab for you yet.`),
    )
  return h(
    'div',
    { class: 'home scroll', tabindex: '0', role: 'region', 'aria-label': `${state.app.name} home` },
    h('div', { class: 'sheet' }, blocks(view.blocks, { place: { view: view.id }, values: view.state.values })),
  )
}

function messages() {
  const list = h(
    'div',
    { class: 'messages', id: 'messages', role: 'log', 'aria-label': `Messages in ${placeName()}` },
    h('div', { class: 'spacer' }),
    messageList(top(), listOptions()),
  )
  const start =
    state.messages.length === 0 &&
    h(
      'div',
      { class: 'start' },
      h('h2', {}, state.channel === 'app' ? `This is you and ${state.app.name}` : `Welcome to ${placeName()}`),
      h(
        'p',
        {},
        state.channel === 'app'
          ? 'Write to the app as you would to a colleague, for example “help”.'
          : `Try a slash command or mention @${state.app.name}.`,
      ),
    )
  return [
    h(
      'div',
      { class: 'scroll', id: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Conversation' },
      start,
      list,
    ),
    composer({ channel: conversation(), name: placeName() }),
  ]
}

const top = () =>
  state.messages.filter(
    (message) =>
      !message.thread_ts ||
      message.thread_ts === message.ts ||
      message.reply_broadcast ||
      (message.to && !state.messages.some((each) => each.ts === message.thread_ts)),
  )
const repliesTo = (ts) => state.messages.filter((message) => message.thread_ts === ts && message.ts !== ts)
const listOptions = (changed) => ({
  openThread,
  repliesOf: repliesTo,
  unchanged: (ts) => changed !== undefined && ts !== changed,
})

function openThread(message) {
  state.thread = message.ts
  drawThread()
  parts.thread.querySelector('textarea')?.focus()
}

function drawThread() {
  const parent = state.messages.find((message) => message.ts === state.thread)
  parts.thread.hidden = !parent
  document.body.classList.toggle('with-thread', Boolean(parent))
  if (!parent) return fill(parts.thread)
  const replies = repliesTo(parent.ts)
  const close = () => ((state.thread = null), drawThread())
  fill(
    parts.thread,
    h(
      'header',
      { class: 'bar' },
      h('h1', {}, 'Thread'),
      h('span', { class: 'topic' }, placeName()),
      h('button', { class: 'plain', type: 'button', 'aria-label': 'Close thread', onclick: close }, icon('close')),
    ),
    h(
      'div',
      { class: 'scroll' },
      messageNode(parent, { thread: true }),
      replies.length > 0 &&
        h('div', { class: 'day' }, h('span', {}, replies.length === 1 ? '1 reply' : `${replies.length} replies`)),
      messageList(replies, { thread: true }),
    ),
    composer({ channel: parent.channel, name: 'the thread', thread: parent.ts }),
  )
  parts.thread.querySelector('.scroll').scrollTop = 1e9
}

/** Takes in a live change. */
function heard(change) {
  if (change.kind === 'view') {
    state.views = change.views
    return void showModal()
  }
  if (change.kind === 'home') {
    state.home = change.home
    if (state.channel === 'app' && state.tab === 'home') redrawHome()
    return
  }
  if (change.kind === 'read') {
    state.unread = change.unread
    return sidebar(parts.sidebar, { open, become })
  }
  if (change.channel !== conversation() || (state.channel === 'app' && state.tab === 'home')) count(change)
  if (change.channel !== conversation()) return
  merge(change)
}

function redrawHome() {
  const top = parts.main.querySelector('.home')?.scrollTop ?? 0
  parts.main.querySelector('.home')?.replaceWith(home())
  parts.main.querySelector('.home').scrollTop = top
}

function count(change) {
  if (change.kind !== 'message' || change.message.user === state.user || change.message.edited) return
  state.unread = { ...state.unread, [change.channel]: (state.unread[change.channel] ?? 0) + 1 }
  sidebar(parts.sidebar, { open, become })
}

function merge(change) {
  const ts = change.kind === 'message' ? change.message.ts : change.ts
  const index = state.messages.findIndex((message) => message.ts === ts)
  if (change.kind === 'gone') state.messages = state.messages.filter((message) => message.ts !== ts)
  else if (index >= 0) state.messages[index] = change.message
  else state.messages.push(change.message)
  const list = document.getElementById('messages')
  if (!list) return
  document.querySelector('.start')?.remove()
  const scroll = document.getElementById('scroll')
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120
  const parent = change.message?.thread_ts ?? ts
  patchList(list, top(), { ...listOptions(ts), unchanged: (each) => each !== ts && each !== parent })
  if (atEnd || change.message?.user === state.user) toEnd()
  if (state.thread) drawThreadKeepingReply()
  seen()
}

/** New replies must not take away what is being typed. */
function drawThreadKeepingReply() {
  const field = parts.thread.querySelector('textarea')
  const kept = field && { value: field.value, focused: document.activeElement === field }
  drawThread()
  const fresh = parts.thread.querySelector('textarea')
  if (!kept || !fresh) return
  fresh.value = kept.value
  if (kept.focused) fresh.focus()
}

function toEnd() {
  const scroll = document.getElementById('scroll')
  if (scroll) scroll.scrollTop = scroll.scrollHeight
}

/** Tells the server that everything here has been seen. */
function seen() {
  if (state.channel === 'app' && state.tab === 'home') return
  const last = state.messages.at(-1)
  if (!last || !state.unread[conversation()])
    return void (last && document.hasFocus() && act('read', { channel: conversation(), ts: last.ts }))
  state.unread = { ...state.unread, [conversation()]: 0 }
  sidebar(parts.sidebar, { open, become })
  void act('read', { channel: conversation(), ts: last.ts })
}

/** Scrolls to a message named in the address and marks it for a moment. */
function show(ts) {
  const message = state.messages.find((each) => each.ts === ts)
  if (message?.thread_ts && message.thread_ts !== ts)
    openThread(state.messages.find((each) => each.ts === message.thread_ts) ?? message)
  const node = document.querySelector(`[data-ts="${CSS.escape(ts)}"]`)
  node?.scrollIntoView({ block: 'center' })
  node?.classList.add('marked')
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-channel]')
  if (link) {
    event.preventDefault()
    void open(link.dataset.channel)
  } else if (
    document.body.classList.contains('drawer') &&
    !parts.sidebar.contains(event.target) &&
    !event.target.closest('.drawer-button')
  )
    document.body.classList.remove('drawer')
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && state.thread && !document.querySelector('dialog[open], .popover')) {
    state.thread = null
    drawThread()
    document.getElementById('composer')?.focus()
  }
})
