import { h } from './dom.js'
import { slackDate } from './dates.js'
import { channelLink, emojiOf, link, mention } from './mrkdwn.js'
import { me } from './store.js'

/** Slack's structured text as nodes. */
export function richText(block) {
  return (block.elements ?? []).map((part) => parts[part.type]?.(part) ?? null)
}

const parts = {
  rich_text_section: (part) => h('div', { class: 'text' }, inline(part)),
  rich_text_preformatted: (part) => h('pre', { class: 'code' }, inline(part)),
  rich_text_quote: (part) => h('blockquote', {}, inline(part)),
  rich_text_list: (part) =>
    h(
      part.style === 'ordered' ? 'ol' : 'ul',
      { class: `indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : null },
      part.elements.map((item) => h('li', {}, inline(item))),
    ),
}

const inline = (part) => (part.elements ?? []).map((item) => styled(item, words[item.type]?.(item) ?? item.text ?? ''))

const words = {
  text: (item) => item.text.split('\n').flatMap((line, index) => (index ? [h('br'), line] : [line])),
  link: (item) => link(item.url, item.text),
  user: (item) => mention(item.user_id),
  usergroup: (item) => h('span', { class: 'mention' }, `@${item.usergroup_id}`),
  channel: (item) => channelLink(item.channel_id),
  broadcast: (item) => h('span', { class: 'mention me' }, `@${item.range}`),
  emoji: (item) =>
    item.unicode
      ? String.fromCodePoint(...item.unicode.split('-').map((code) => Number.parseInt(code, 16)))
      : emojiOf(item.name),
  date: (item) =>
    h(
      'time',
      { datetime: new Date(item.timestamp * 1000).toISOString() },
      slackDate(item.timestamp, item.format, me()?.tz) || item.fallback,
    ),
  color: (item) => h('code', {}, item.value),
}

function styled({ style = {} }, content) {
  const tags = [
    ['code', 'code'],
    ['bold', 'strong'],
    ['italic', 'em'],
    ['strike', 's'],
  ]
  return tags.filter(([name]) => style[name]).reduce((inner, [, tag]) => h(tag, {}, inner), content)
}
