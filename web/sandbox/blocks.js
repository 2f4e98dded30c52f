import { chart } from './charts.js'
import { dataTable, table } from './tables.js'
import { element } from './elements.js'
import { fill, h, icon } from './dom.js'
import { mrkdwn, plain, textOf } from './mrkdwn.js'
import { richText } from './rich-text.js'

/** Blocks as nodes. `ctx` tells interactive elements where they are (see elements.js). */
export function blocks(list, ctx) {
  return (list ?? []).map((block) => blockNode(block, ctx))
}

export function blockNode(block, ctx) {
  const here = { ...ctx, blockId: block.block_id }
  const node = makers[block.type]?.(block, here)
  return node ?? h('div', { class: 'block hint' }, `[${block.type} block]`)
}

const makers = {
  header: (block) => h('h3', { class: 'block block-header' }, textOf(block.text)),
  divider: () => h('hr', { class: 'block' }),
  section,
  context: (block) =>
    h(
      'div',
      { class: 'block block-context' },
      block.elements.map((item) =>
        item.type === 'image' ? h('img', { src: source(item), alt: item.alt_text }) : h('span', {}, textOf(item)),
      ),
    ),
  actions: (block, ctx) =>
    h(
      'div',
      { class: 'block block-actions' },
      block.elements.map((item) => element(item, { ...ctx, label: undefined })),
    ),
  context_actions: (block, ctx) =>
    h(
      'div',
      { class: 'block block-actions' },
      (block.elements ?? [])
        .filter((item) => item.type === 'icon_button')
        .map((item) => element({ ...item, type: 'button' }, ctx)),
    ),
  image: picture,
  input,
  rich_text: (block) => h('div', { class: 'block' }, richText(block)),
  table: (block) => h('div', { class: 'block' }, table(block)),
  data_table: (block, ctx) => h('div', { class: 'block' }, dataTable(block, ctx)),
  data_visualization: (block) => h('div', { class: 'block' }, chart(block)),
  markdown: (block) =>
    h('div', { class: 'block' }, mrkdwn(block.text.replace(/\*\*(.+?)\*\*/g, '*$1*').replace(/^#+ (.+)$/gm, '*$1*'))),
  alert: (block) =>
    h(
      'div',
      { class: `block alert ${block.level ?? 'info'}`, role: 'note' },
      icon('alert'),
      h('div', {}, textOf(block.text)),
    ),
  container: (block, ctx) =>
    h(
      'section',
      { class: 'block container' },
      (block.title || block.subtitle) &&
        h('header', {}, h('strong', {}, textOf(block.title)), block.subtitle && h('small', {}, textOf(block.subtitle))),
      blocks(block.child_blocks, ctx),
    ),
  card,
  carousel: (block, ctx) =>
    h(
      'div',
      { class: 'block carousel', tabindex: '0', role: 'group', 'aria-label': 'Cards' },
      (block.elements ?? []).map((each) => card(each, { ...ctx, blockId: each.block_id ?? block.block_id })),
    ),
  video: (block) =>
    h(
      'div',
      { class: 'block' },
      h(
        'a',
        { href: block.title_url ?? block.video_url, target: '_blank', rel: 'noreferrer noopener' },
        textOf(block.title),
      ),
    ),
}

function section(block, ctx) {
  const { text, fields, accessory } = block
  return h(
    'div',
    { class: 'block block-section' },
    h(
      'div',
      { class: 'section-main' },
      text && h('div', { class: 'text' }, textOf(text)),
      fields &&
        h(
          'div',
          { class: 'fields' },
          fields.map((field) => h('div', {}, textOf(field))),
        ),
    ),
    accessory &&
      h(
        'div',
        { class: 'accessory' },
        accessory.type === 'image'
          ? h('img', { class: 'thumb', src: source(accessory), alt: accessory.alt_text })
          : element(accessory, { ...ctx, label: plain(text).slice(0, 80) }),
      ),
  )
}

function card(block, ctx) {
  return h(
    'article',
    { class: 'block card' },
    block.hero_image && h('img', { src: source(block.hero_image), alt: block.hero_image.alt_text }),
    h('strong', {}, textOf(block.title)),
    block.subtitle && h('small', {}, textOf(block.subtitle)),
    block.body && h('div', {}, textOf(block.body)),
    block.actions &&
      h(
        'div',
        { class: 'block-actions' },
        block.actions.map((item) => element(item, ctx)),
      ),
  )
}

/** Files of the workspace are served by this page; other pictures come from where they are. */
function source({ image_url: url, slack_file: file }) {
  const id = file?.id ?? /\/files-pri\/([A-Z0-9]+)/.exec(file?.url ?? '')?.[1]
  return id ? `files/${id}/picture` : url
}

function picture(block) {
  return h(
    'figure',
    { class: 'block block-image' },
    block.title && h('figcaption', {}, textOf(block.title)),
    h(
      'a',
      { href: source(block), target: '_blank', rel: 'noreferrer noopener' },
      h('img', { src: source(block), alt: block.alt_text, loading: 'lazy' }),
    ),
  )
}

let serial = 0
function input(block, ctx) {
  const id = `field-${++serial}`
  const label = plain(block.label)
  const grouped = /checkboxes|radio_buttons|_select$/.test(block.element.type)
  const inside = {
    ...ctx,
    id,
    label,
    labelled: !grouped,
    quiet: block.dispatch_action !== true,
    describedBy: `${id}-help`,
  }
  const optional = block.optional ? h('span', { class: 'hint' }, ' (optional)') : null
  const node = h(
    'div',
    { class: 'block block-input', 'data-block': block.block_id },
    grouped
      ? h('div', { class: 'label' }, textOf(block.label), optional)
      : h('label', { class: 'label', for: id }, textOf(block.label), optional),
    element(block.element, inside),
    h(
      'div',
      { id: `${id}-help` },
      h('p', { class: 'error', role: 'alert' }),
      block.hint && h('p', { class: 'hint' }, textOf(block.hint)),
    ),
  )
  return node
}

/** Shows what is wrong under the fields (by block id) and moves to the first of them. */
export function showErrors(form, errors) {
  for (const node of form.querySelectorAll('.block-input')) {
    const words = errors[node.dataset.block] ?? ''
    node.classList.toggle('wrong', Boolean(words))
    fill(node.querySelector('.error'), words && [icon('alert'), words])
  }
  form.querySelector('.wrong')?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  form.querySelector('.wrong :is(input, textarea, button)')?.focus({ preventScroll: true })
}
