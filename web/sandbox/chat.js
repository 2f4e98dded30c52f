import { blocks } from './blocks.js'
import { closeThread, conversationPane, drawThread, showMessage, take, toEnd } from './conversation.js'
import { showModal } from './dialogs.js'
import { fill, h, icon, toast } from './dom.js'
import { avatar } from './messages.js'
import { sidebar } from './sidebar.js'
import { act, conversationId, follow, load, placeName, showsMessages, state } from './store.js'

/** The page: who the person is, which place is open, and what changes live. */

const sideNode = document.getElementById('sidebar')
const mainNode = document.getElementById('main')
let unfollow = () => {}

/** Becomes a person: reads everything anew and follows what they may see. */
async function become(user, channel = state.channel) {
  unfollow()
  state.user = user
  // The line stands before anything is read, and what it says meanwhile is taken in afterwards: nothing falls between.
  let early = []
  const line = follow(
    (change) => (early ? early.push(change) : heard(change)),
    () => void become(state.user),
  )
  unfollow = line.stop
  await line.ready
  Object.assign(state, await load('data/workspace'))
  localStorage.setItem('sandbox-person', state.user)
  const direct = channel.startsWith('D')
  if (direct) state.tab = 'messages'
  const wanted = direct ? 'app' : channel
  const known = wanted === 'app' || state.channels.some((each) => each.id === wanted)
  await open(known ? wanted : (state.channels.find((each) => each.name !== 'general') ?? state.channels[0]).id)
  await showModal()
  const missed = early
  early = null
  for (const change of missed) heard(change)
}

async function open(id) {
  state.channel = id
  state.thread = null
  document.body.classList.remove('drawer')
  localStorage.setItem('sandbox-place', id)
  history.replaceState(null, '', `?as=${state.user}&channel=${id === 'app' ? state.direct : id}`)
  document.title = `${placeName()} · ${state.team.name} sandbox`
  state.messages = (await load('data/conversation', { channel: conversationId() })).messages
  draw()
  if (id === 'app') await visit(state.tab)
}

const drawSidebar = () => sidebar(sideNode, { open, become })

function draw() {
  drawSidebar()
  const drawer = { class: 'plain drawer-button', type: 'button', 'aria-label': 'Show the sidebar' }
  const toggle = () => document.body.classList.toggle('drawer')
  const bar = h('header', { class: 'bar' }, h('button', { ...drawer, onclick: toggle }, icon('menu')), heading())
  fill(mainNode, bar, showsMessages() ? conversationPane() : home())
  drawThread()
  toEnd()
  seen()
}

function heading() {
  if (state.channel !== 'app') {
    const channel = state.channels.find((each) => each.id === state.channel)
    return [h('h1', {}, icon('hash'), channel.name), h('span', { class: 'topic' }, channel.topic)]
  }
  const tab = (id, label, unread) => {
    const selected = state.tab === id
    const count = unread > 0 && !selected && h('span', { class: 'count', 'aria-label': `${unread} unread` }, unread)
    const props = { class: 'tab', type: 'button', role: 'tab', 'aria-selected': String(selected) }
    return h('button', { ...props, onclick: () => visit(id) }, label, count)
  }
  const tabs = h(
    'div',
    { class: 'tabs', role: 'tablist', 'aria-label': state.app.name },
    tab('home', 'Home'),
    tab('messages', 'Messages', state.unread[state.direct]),
  )
  return [avatar(state.app.userId, 'small'), h('h1', {}, state.app.name), tabs]
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
  if (!view) {
    const words = `${state.app.name} has not published a home tab for you yet.`
    return h('div', { class: 'home empty' }, avatar(state.app.userId, 'large'), h('p', {}, words))
  }
  const content = blocks(view.blocks, { place: { view: view.id }, values: view.state.values })
  const region = { class: 'home scroll', tabindex: '0', role: 'region', 'aria-label': `${state.app.name} home` }
  return h('div', region, h('div', { class: 'sheet' }, content))
}

/** Takes in a live change. */
function heard(change) {
  if (change.kind === 'view') {
    state.views = change.views
    return void showModal()
  }
  if (change.kind === 'home') {
    state.home = change.home
    return showsMessages() ? undefined : redrawHome()
  }
  if (change.kind === 'read') {
    state.unread = change.unread
    return drawSidebar()
  }
  const here = change.channel === conversationId()
  if (!here || !showsMessages()) count(change)
  if (!here) return
  take(change)
  seen()
}

function redrawHome() {
  const old = mainNode.querySelector('.home')
  const top = old?.scrollTop ?? 0
  const fresh = home()
  old?.replaceWith(fresh)
  fresh.scrollTop = top
}

function count({ kind, channel, message }) {
  if (kind !== 'message' || message.user === state.user || message.edited) return
  state.unread = { ...state.unread, [channel]: (state.unread[channel] ?? 0) + 1 }
  drawSidebar()
}

/** Tells the server that everything here has been seen. */
function seen() {
  const last = state.messages.at(-1)
  if (!last || !showsMessages()) return
  const place = conversationId()
  if (state.unread[place]) {
    state.unread = { ...state.unread, [place]: 0 }
    drawSidebar()
  }
  void act('read', { channel: place, ts: last.ts })
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-channel]')
  if (link) {
    event.preventDefault()
    return void open(link.dataset.channel)
  }
  const outside = !sideNode.contains(event.target) && !event.target.closest('.drawer-button, .popover')
  if (outside) document.body.classList.remove('drawer')
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && state.thread && !document.querySelector('dialog[open], .popover')) closeThread()
})

const query = new URLSearchParams(location.search)
const remembered = (name) => localStorage.getItem(`sandbox-${name}`) ?? ''
await become(query.get('as') ?? remembered('person'), query.get('channel') ?? remembered('place'))
if (query.get('message')) showMessage(query.get('message'))
