import { blocks } from './blocks.js'
import { dayKey, dayWords, timeOf } from './dates.js'
import { fill, h, icon, menu, toast } from './dom.js'
import { emojiOf, mrkdwn } from './mrkdwn.js'
import { act, isBot, me, nameOf, personBy, state } from './store.js'

/** A conversation's messages as nodes, with a heading for every day and neighbours of one author joined. */
export function messageList(messages, options = {}) {
  const zone = me()?.tz
  let before
  return messages.flatMap((message) => {
    const day = before === undefined || dayKey(Number(before.ts), zone) !== dayKey(Number(message.ts), zone)
    const joined =
      !day &&
      !message.blocks &&
      before.user === message.user &&
      !message.to &&
      !before.to &&
      Number(message.ts) - Number(before.ts) < 300
    before = message
    const heading =
      day && !options.thread
        ? [h('div', { class: 'day', role: 'separator' }, h('span', {}, dayWords(Number(message.ts), zone)))]
        : []
    return [...heading, messageNode(message, { ...options, joined, replies: options.repliesOf?.(message.ts) ?? [] })]
  })
}

export function messageNode(message, { joined = false, thread = false, replies = [], openThread } = {}) {
  const seconds = Number(message.ts)
  const time = timeOf(seconds, me()?.tz)
  const ctx = { place: { message: { channel: message.channel, ts: message.ts } } }
  const classes = ['message', joined && 'joined', message.to && 'ephemeral'].filter(Boolean).join(' ')
  const tag = isBot(message.user) ? h('span', { class: 'badge' }, 'APP') : null
  return h(
    'article',
    { class: classes, 'data-ts': message.ts, 'aria-label': `${nameOf(message.user)}, ${time}` },
    h('div', { class: 'gutter' }, joined ? h('time', { class: 'side-time' }, time) : avatar(message.user)),
    h(
      'div',
      { class: 'body' },
      !joined &&
        h(
          'div',
          { class: 'byline' },
          h('strong', {}, nameOf(message.user)),
          tag,
          h('time', { datetime: new Date(seconds * 1000).toISOString() }, time),
        ),
      content(message, ctx),
      message.edited && h('span', { class: 'edited' }, '(edited)'),
      (message.attachments ?? []).map((each) => attachment(each, ctx)),
      (message.files ?? []).map(fileNode),
      reactions(message),
      !thread && replies.length > 0 && threadLink(replies, () => openThread(message)),
      message.to &&
        h(
          'div',
          { class: 'only-you' },
          icon('eye'),
          'Only visible to you',
          h(
            'button',
            { class: 'linklike', type: 'button', onclick: () => act('dismiss', ctx.place.message) },
            'Dismiss',
          ),
        ),
    ),
    toolbar(message, thread ? undefined : openThread),
  )
}

function content(message, ctx) {
  if (message.blocks?.length) return h('div', { class: 'blocks' }, blocks(message.blocks, ctx))
  return message.text ? h('div', { class: 'text' }, mrkdwn(message.text)) : null
}

/** A round-cornered square: initials for people, a mark for the app. */
export function avatar(id, size = '') {
  const person = personBy(id)
  const initials = isBot(id)
    ? '$'
    : (person?.realName ?? 'S')
        .split(/\s+/)
        .map((word) => word[0])
        .join('')
        .slice(0, 2)
  const node = h('span', { class: `avatar ${size} ${isBot(id) ? 'bot' : ''}`, 'aria-hidden': 'true' }, initials)
  if (person) node.style.setProperty('--tint', person.colour)
  return node
}

function attachment({ color, blocks: inner, text, title, title_link: link, from_url: from }, ctx) {
  const bar = h(
    'div',
    { class: 'attachment' },
    from && h('small', { class: 'hint' }, from.replace(/^https?:\/\//, '')),
    title &&
      h('strong', {}, link ? h('a', { href: link, target: '_blank', rel: 'noreferrer noopener' }, title) : title),
    text && h('div', { class: 'text' }, mrkdwn(text)),
    inner && blocks(inner, ctx),
  )
  if (/^#?[0-9a-f]{6}$/i.test(color ?? '')) bar.style.setProperty('--bar', `#${color.replace('#', '')}`)
  return bar
}

function fileNode(file) {
  const url = `files/${file.id}/${encodeURIComponent(file.name)}`
  if (file.mimetype.startsWith('image/'))
    return h(
      'a',
      { class: 'file-image', href: url, target: '_blank' },
      h('img', { src: url, alt: file.title, loading: 'lazy' }),
    )
  return h(
    'a',
    { class: 'file', href: url, download: file.name },
    icon('file'),
    h('span', {}, h('strong', {}, file.title), h('small', {}, `${file.name} · ${bytes(file.size)}`)),
  )
}

const bytes = (size) =>
  size < 1024
    ? `${size} B`
    : size < 1_048_576
      ? `${(size / 1024).toFixed(1)} kB`
      : `${(size / 1_048_576).toFixed(1)} MB`

function reactions(message) {
  if (!message.reactions?.length) return null
  return h(
    'div',
    { class: 'reactions' },
    message.reactions.map(({ name, users }) =>
      h(
        'button',
        {
          class: users.includes(state.user) ? 'reaction mine' : 'reaction',
          type: 'button',
          'aria-label': `${name}, ${users.map(nameOf).join(', ')}`,
          onclick: () => react(message, name),
        },
        emojiOf(name),
        h('span', {}, users.length),
      ),
    ),
  )
}

function react(message, name) {
  act('react', { message: { channel: message.channel, ts: message.ts }, name }).catch((error) =>
    toast(error.message, 'bad'),
  )
}

function threadLink(replies, open) {
  const authors = [...new Set(replies.map((reply) => reply.user))].slice(0, 4)
  const last = timeOf(Number(replies.at(-1).ts), me()?.tz)
  return h(
    'button',
    { class: 'thread-link', type: 'button', onclick: open },
    authors.map((id) => avatar(id, 'tiny')),
    h('strong', {}, replies.length === 1 ? '1 reply' : `${replies.length} replies`),
    h('span', { class: 'hint' }, `last at ${last}`),
  )
}

const quick = ['eyes', 'white_check_mark', 'alarm_clock', 'thumbsup']

function toolbar(message, openThread) {
  const more = h(
    'button',
    { class: 'tool', type: 'button', 'aria-label': 'More actions', 'aria-haspopup': 'menu' },
    icon('more'),
  )
  const smile = h(
    'button',
    { class: 'tool', type: 'button', 'aria-label': 'Add reaction', 'aria-haspopup': 'menu' },
    icon('smile'),
  )
  const place = { channel: message.channel, ts: message.ts }
  const run = (shortcut) =>
    act('shortcut', { callbackId: shortcut.callbackId, message: place }).then(
      (answer) => answer.acked === false && toast(`${state.app.name} did not answer (${answer.error}).`, 'bad'),
    )
  const copy = () =>
    navigator.clipboard
      ?.writeText(`${document.baseURI}?channel=${message.channel}&message=${message.ts}`)
      .then(() => toast('Link copied'))
  const actions = () => [
    ...(message.to
      ? []
      : state.shortcuts
          .filter((each) => each.kind === 'message')
          .map((each) => ({ label: each.name, hint: state.app.name, run: () => void run(each) }))),
    { label: 'Copy link to message', run: () => void copy() },
  ]
  more.addEventListener('click', () => menu(more, actions(), { align: 'end' }))
  smile.addEventListener('click', () =>
    menu(
      smile,
      quick.map((name) => ({
        label: `${emojiOf(name)}  ${name.replaceAll('_', ' ')}`,
        run: () => react(message, name),
      })),
      { align: 'end' },
    ),
  )
  return h(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Message actions' },
    !message.to && smile,
    !message.to &&
      openThread &&
      h(
        'button',
        { class: 'tool', type: 'button', 'aria-label': 'Reply in thread', onclick: () => openThread(message) },
        icon('thread'),
      ),
    more,
  )
}

/** Puts changed messages in place without rebuilding the others. */
export function patchList(list, messages, options) {
  const known = new Map([...list.querySelectorAll(':scope > .message')].map((node) => [node.dataset.ts, node]))
  const nodes = messageList(messages, options).map((node) => {
    const old = known.get(node.dataset?.ts)
    return old && options.unchanged?.(node.dataset.ts) && old.className === node.className ? old : node
  })
  fill(list, list.querySelector('.spacer'), nodes)
}
