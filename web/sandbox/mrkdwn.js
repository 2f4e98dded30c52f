import { h } from './dom.js'
import { slackDate } from './dates.js'
import { isBot, me, nameOf, state } from './store.js'

const emoji = Object.fromEntries(
  'white_check_mark ✅ x ❌ warning ⚠️ rotating_light 🚨 alarm_clock ⏰ eyes 👀 moneybag 💰 money_with_wings 💸 tada 🎉 rocket 🚀 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 calendar 📅 bell 🔔 no_bell 🔕 mute 🔇 lock 🔒 unlock 🔓 key 🔑 bulb 💡 memo 📝 mag 🔍 hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ zap ⚡ fire 🔥 thumbsup 👍 +1 👍 -1 👎 wave 👋 point_right 👉 heavy_check_mark ✔️ large_green_circle 🟢 red_circle 🔴 large_yellow_circle 🟡 large_orange_circle 🟠 white_circle ⚪ large_blue_circle 🔵 package 📦 broom 🧹 wastebasket 🗑️ link 🔗 gear ⚙️ wrench 🔧 robot_face 🤖 seedling 🌱 sunny ☀️ crescent_moon 🌙 zzz 💤 question ❓ information_source ℹ️ arrow_up ⬆️ arrow_down ⬇️ raising_hand 🙋 pray 🙏 heart ❤️ smile 😄 trophy 🏆 sparkles ✨ busts_in_silhouette 👥 bust_in_silhouette 👤 cloud ☁️ shield 🛡️ clock1 🕐'
    .split(' ')
    .reduce((pairs, word, index, all) => (index % 2 ? [...pairs, [all[index - 1], word]] : pairs), []),
)

/** The picture for an emoji name, or the name in colons. */
export const emojiOf = (name) => emoji[name] ?? `:${name}:`

/** Slack's message markup as nodes: code, quotes, styles, links, mentions, dates in the reader's zone. */
export function mrkdwn(text) {
  return (text ?? '').split(/(```[\s\S]+?```)/).flatMap((part, index) => {
    if (index % 2) return h('pre', { class: 'code' }, decode(part.slice(3, -3).replace(/^\n/, '')))
    return quotes(part)
  })
}

/** A text object: `plain_text` keeps its signs, `mrkdwn` is marked up. */
export function textOf(object) {
  if (!object) return []
  return object.type === 'mrkdwn' ? mrkdwn(object.text) : shortcodes(object.text ?? '')
}

/** The words of a text object without markup, for labels. */
export function plain(object) {
  return shortcodes(object?.text ?? '')
    .replace(/<[^|>]+\|([^>]+)>/g, '$1')
    .replace(/[*_~`]/g, '')
}

/** What a message says in one line, for lists and screen readers. */
export const shortcodes = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji[name] ?? whole)

function quotes(text) {
  const nodes = []
  let quoted = []
  const flush = () => {
    if (quoted.length) nodes.push(h('blockquote', {}, lines(quoted)))
    quoted = []
  }
  const rest = []
  const settle = () => {
    if (rest.length) nodes.push(...lines(rest.splice(0)))
  }
  for (const line of text.split('\n')) {
    const quote = /^(?:>|&gt;) ?(.*)$/.exec(line)
    if (quote) {
      settle()
      quoted.push(quote[1])
    } else {
      flush()
      rest.push(line)
    }
  }
  settle()
  flush()
  return nodes
}

function lines(all) {
  return all.flatMap((line, index) => [...(index ? [h('br')] : []), ...capital(special(line))])
}

/** “Yesterday” at the start of a line, “yesterday” inside it. */
function capital(nodes) {
  const first = nodes[0]?.tagName === 'TIME' ? nodes[0] : null
  if (first) first.textContent = first.textContent[0].toUpperCase() + first.textContent.slice(1)
  return nodes
}

function special(text) {
  return styled(text, [
    [/`([^`\n]+)`/, ([, code]) => h('code', {}, decode(code))],
    [/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/, (found) => reference(found)],
    [
      /(^|[\s(>"'·—–-])\*(\S|\S[^*\n]*?\S)\*(?=$|[\s).,:;!?<"'·—–-])/,
      ([, before, inner]) => [before, h('strong', {}, special(inner))],
    ],
    [
      /(^|[\s(>"'·])_(\S|\S[^_\n]*?\S)_(?=$|[\s).,:;!?<"'·])/,
      ([, before, inner]) => [before, h('em', {}, special(inner))],
    ],
    [
      /(^|[\s(>"'·])~(\S|\S[^~\n]*?\S)~(?=$|[\s).,:;!?<"'·])/,
      ([, before, inner]) => [before, h('s', {}, special(inner))],
    ],
  ])
}

/** Applies the rule that matches first in the text, then goes on with what is left on both sides. */
function styled(text, rules) {
  const hits = rules.map(([pattern, make]) => ({ found: pattern.exec(text), make })).filter((hit) => hit.found)
  if (hits.length === 0) return text ? [decode(shortcodes(text))] : []
  const { found, make } = hits.toSorted((a, b) => a.found.index - b.found.index)[0]
  const made = [make(found)].flat().map((each) => (typeof each === 'string' ? decode(shortcodes(each)) : each))
  return [
    ...styled(text.slice(0, found.index), rules),
    ...made,
    ...styled(text.slice(found.index + found[0].length), rules),
  ]
}

function reference([, kind, id, label]) {
  if (kind === '@') return mention(id, label)
  if (kind === '#') return channelLink(id, label)
  if (kind === '!' && id.startsWith('date^')) return dateNode(id, label)
  if (kind === '!') return h('span', { class: 'mention me' }, `@${id.replace(/^subteam\^/, '')}`)
  return link(id, label)
}

/** A person's or the app's name in a text. */
export function mention(id, label) {
  const own = id === state.user
  return h(
    'span',
    { class: own ? 'mention me' : 'mention' },
    `@${isBot(id) ? state.app.name : nameOf(id) === id ? (label ?? id) : nameOf(id).split(' ')[0]}`,
  )
}

export function channelLink(id, label) {
  const channel = state.channels.find((each) => each.id === id)
  return h('a', { class: 'mention', href: `?channel=${id}`, 'data-channel': id }, `#${channel?.name ?? label ?? id}`)
}

export function link(url, label) {
  const href = decode(url)
  const safe = /^(https?:|mailto:)/i.test(href)
  return safe
    ? h('a', { href, target: '_blank', rel: 'noreferrer noopener' }, decode(label ?? href.replace(/^mailto:/, '')))
    : decode(label ?? href)
}

function dateNode(id, label) {
  const [, seconds, format = '', href] = id.split('^')
  const words = slackDate(Number(seconds), format, me()?.tz) || (label ?? '')
  const time = h('time', { datetime: new Date(seconds * 1000).toISOString(), title: label ?? '' }, words)
  return href ? h('a', { href, target: '_blank', rel: 'noreferrer noopener' }, time) : time
}

function decode(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
