import { composer } from './composer.js'
import { fill, h, icon, toast } from './dom.js'
import { messageList, messageNode, patchList } from './messages.js'
import { act, conversationId, placeName, state } from './store.js'

/** The messages of the open place, and the thread beside them. */

const threadPane = document.getElementById('thread')

/** Messages and composer; stays at the newest message while the reader is there, also when pictures load late. */
export function conversationPane() {
  const list = h(
    'div',
    { class: 'messages', id: 'messages', role: 'log', 'aria-label': `Messages in ${placeName()}` },
    h('div', { class: 'spacer' }),
    messageList(topLevel(), listOptions()),
  )
  const scroll = h(
    'div',
    { class: 'scroll', id: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Conversation' },
    state.messages.length === 0 && start(),
    list,
  )
  let stuck = true
  let before = 0
  // Only a reader who scrolls up leaves the end: a message that arrives while the last one scrolls in must not.
  scroll.addEventListener('scroll', () => {
    const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80
    stuck = near || (stuck && scroll.scrollTop >= before)
    before = scroll.scrollTop
  })
  new ResizeObserver(() => stuck && toEnd()).observe(list)
  return [scroll, composer({ channel: conversationId(), name: placeName() })]
}

/** Where a newcomer begins: commands that show the most, one click each. */
const firstSteps = ['/finops cost', '/finops recs', '/env', '/finops help']

function start() {
  const app = state.channel === 'app'
  const words = app
    ? 'Write to the app as you would to a colleague, for example “help”.'
    : `Try a slash command or mention @${state.app.name}.`
  return h(
    'div',
    { class: 'start' },
    h('h2', {}, app ? `This is you and ${state.app.name}` : placeName()),
    h('p', {}, words),
    !app && h('div', { class: 'steps' }, firstSteps.flatMap(hintOf).map(step)),
  )
}

const hintOf = (line) => state.commands.filter(({ command }) => command === line)

function step({ command, about }) {
  const run = () => act('command', { channel: conversationId(), line: command })
  return h(
    'button',
    { class: 'step', type: 'button', onclick: () => run().catch((error) => toast(error.message, 'bad')) },
    h('strong', {}, command),
    h('small', {}, about),
  )
}

/** Messages outside threads; an ephemeral answer to a thread that is not here shows where one looks. */
function topLevel() {
  const known = new Set(state.messages.map((message) => message.ts))
  return state.messages.filter(
    ({ ts, thread_ts: parent, reply_broadcast: broadcast, to }) =>
      !parent || parent === ts || broadcast || (to && !known.has(parent)),
  )
}

const repliesTo = (ts) => state.messages.filter((message) => message.thread_ts === ts && message.ts !== ts)
const listOptions = () => ({ openThread, repliesOf: repliesTo })

export function openThread(message) {
  state.thread = message.ts
  drawThread()
  threadPane.querySelector('textarea')?.focus()
}

export function closeThread() {
  state.thread = null
  drawThread()
  document.getElementById('composer')?.focus()
}

/** Draws the thread pane, or takes it away; a reply being typed stays. */
export function drawThread() {
  const field = threadPane.querySelector('textarea')
  const typed = field &&
    threadPane.dataset.ts === state.thread && { value: field.value, focused: document.activeElement === field }
  const parent = state.messages.find((message) => message.ts === state.thread)
  threadPane.hidden = !parent
  threadPane.dataset.ts = parent?.ts ?? ''
  document.body.classList.toggle('with-thread', Boolean(parent))
  if (!parent) return fill(threadPane)
  const replies = repliesTo(parent.ts)
  const count = h(
    'div',
    { class: 'day' },
    h('span', {}, replies.length === 1 ? '1 reply' : `${replies.length} replies`),
  )
  fill(
    threadPane,
    h(
      'header',
      { class: 'bar' },
      h('h1', {}, 'Thread'),
      h('span', { class: 'topic' }, placeName()),
      h(
        'button',
        { class: 'plain', type: 'button', 'aria-label': 'Close thread', onclick: closeThread },
        icon('close'),
      ),
    ),
    h(
      'div',
      { class: 'scroll' },
      messageNode(parent, { thread: true }),
      replies.length > 0 && count,
      messageList(replies, { thread: true }),
    ),
    composer({ channel: parent.channel, name: 'the thread', thread: parent.ts }),
  )
  const scroll = threadPane.querySelector('.scroll')
  scroll.scrollTop = scroll.scrollHeight
  if (typed?.value) threadPane.querySelector('textarea').value = typed.value
  if (typed?.focused) threadPane.querySelector('textarea').focus()
}

/** Takes a changed, new or removed message into the open conversation. */
export function take(change) {
  const ts = change.kind === 'message' ? change.message.ts : change.ts
  const index = state.messages.findIndex((message) => message.ts === ts)
  if (change.kind === 'gone') state.messages = state.messages.filter((message) => message.ts !== ts)
  else if (index >= 0) state.messages[index] = change.message
  else state.messages.push(change.message)
  const list = document.getElementById('messages')
  if (list) {
    document.querySelector('.start')?.remove()
    const parent = change.message?.thread_ts
    patchList(list, topLevel(), { ...listOptions(), unchanged: (each) => each !== ts && each !== parent })
    // What a person wrote, and what is answered to them alone, is what they want to see.
    const mine = change.message?.user === state.user || (index < 0 && change.message?.to === state.user)
    if (mine) toEnd()
  }
  if (state.thread) drawThread()
}

export function toEnd() {
  const scroll = document.getElementById('scroll')
  if (scroll) scroll.scrollTop = scroll.scrollHeight
}

/** Scrolls to a message named in the address and marks it for a moment. */
export function showMessage(ts) {
  const message = state.messages.find((each) => each.ts === ts)
  const parent = state.messages.find((each) => each.ts === message?.thread_ts)
  if (parent && parent !== message) openThread(parent)
  const node = document.querySelector(`[data-ts="${CSS.escape(ts)}"]`)
  node?.scrollIntoView({ block: 'center' })
  node?.classList.add('marked')
}
