import { asList, asText, type Json } from './slack-workspace.ts'

/** One broken rule, worded and addressed as Slack words it in `response_metadata.messages`. */
export type Problem = string

/** Block types by surface; what Slack refuses elsewhere is refused here too. */
const surfaces = {
  message:
    'header section context divider actions image rich_text table data_table data_visualization input file video markdown context_actions container card carousel plan task_card',
  modal: 'header section context divider actions image rich_text input video alert container card carousel',
  home: 'header section context divider actions image rich_text input video table data_table data_visualization container card carousel',
}
export type Surface = keyof typeof surfaces

const maxBlocks: Record<Surface, number> = { message: 50, modal: 100, home: 100 }

interface Walk {
  path: string
  problems: Problem[]
  hasFile: (id: string) => boolean
}

/**
 * Judges blocks by Slack's size table (lengths in characters, counts per block). Empty when they are fine.
 * Sources: `@slack/types` 3.2.0 comments and the Block Kit reference; the undocumented 13,200 characters for all
 * blocks of one message come from a field report.
 */
export function checkBlocks(
  blocks: Json[],
  surface: Surface,
  hasFile: (id: string) => boolean = () => true,
): Problem[] {
  const problems: Problem[] = []
  const root = surface === 'message' ? '/blocks' : '/view/blocks'
  if (blocks.length > maxBlocks[surface]) problems.push(say(`no more than ${maxBlocks[surface]} items allowed`, root))
  blocks.forEach((block, index) => {
    const walk = { path: `${root}/${index}`, problems, hasFile }
    if (!surfaces[surface].split(' ').includes(asText(block['type'])))
      problems.push(say(`unsupported type: ${asText(block['type'])}`, `${walk.path}/type`))
    checkBlock(block, walk)
  })
  unique(
    blocks.map((block) => block['block_id']),
    'block_id',
    { path: root, problems, hasFile },
  )
  for (const [type, most] of [
    ['table', 1],
    ['data_visualization', 2],
  ] as const)
    if (blocks.filter((block) => block['type'] === type).length > most)
      problems.push(say(`only ${most} ${type} block allowed per message`, root))
  return problems
}

/** True when all blocks together are longer than Slack takes in one message (`msg_blocks_too_long`). */
export function blocksTooLong(blocks: Json[]): boolean {
  return textOf(blocks).length > 13_200
}

/** Judges a view: title and buttons, metadata, size, inputs without a submit button, and its blocks. */
export function checkView(view: Json, hasFile?: (id: string) => boolean): Problem[] {
  const problems: Problem[] = []
  const walk: Walk = { path: '/view', problems, hasFile: hasFile ?? (() => true) }
  const blocks = asList(view['blocks'])
  if (view['type'] === 'modal') {
    if (!view['title']) problems.push(say('missing required field: title', '/view'))
    for (const name of ['title', 'submit', 'close']) plain(view[name], 24, at(walk, name))
    if (!view['submit'] && blocks.some((block) => block['type'] === 'input'))
      problems.push(say('missing required field: submit (the view has input blocks)', '/view'))
  }
  length(view['private_metadata'], 3000, at(walk, 'private_metadata'))
  length(view['callback_id'], 255, at(walk, 'callback_id'))
  return [...problems, ...checkBlocks(blocks, view['type'] === 'home' ? 'home' : 'modal', hasFile)]
}

const blockRules: Record<string, (block: Json, walk: Walk) => void> = {
  header: (block, walk) => plain(block['text'], 150, at(walk, 'text'), true),
  section(block, walk) {
    if (!block['text'] && !block['fields']) walk.problems.push(say('missing required field: text or fields', walk.path))
    text(block['text'], 3000, at(walk, 'text'))
    if (block['fields'] !== undefined)
      many(block['fields'], 1, 10, at(walk, 'fields'), (field, here) => text(field, 2000, here))
    if (block['accessory']) checkElement(block['accessory'] as Json, at(walk, 'accessory'))
  },
  context: (block, walk) =>
    many(block['elements'], 1, 10, at(walk, 'elements'), (element, here) =>
      element['type'] === 'image' ? checkImage(element, here) : text(element, 2000, here),
    ),
  actions(block, walk) {
    many(block['elements'], 1, 25, at(walk, 'elements'), checkElement)
    unique(
      asList(block['elements']).map((element) => element['action_id']),
      'action_id',
      walk,
    )
  },
  input(block, walk) {
    plain(block['label'], 2000, at(walk, 'label'), true)
    plain(block['hint'], 2000, at(walk, 'hint'))
    if (!block['element']) walk.problems.push(say('missing required field: element', walk.path))
    else checkElement(block['element'] as Json, at(walk, 'element'))
  },
  image(block, walk) {
    checkImage(block, walk)
    plain(block['title'], 2000, at(walk, 'title'))
  },
  table: (block, walk) => checkRows(block, walk, { rows: 100, columns: 20, characters: 10_000 }),
  data_table(block, walk) {
    required(block['caption'], at(walk, 'caption'))
    checkRows(block, walk, { rows: 201, columns: 20, characters: 20_000 })
    const size = block['page_size'] ?? 5
    if (typeof size !== 'number' || size < 1 || size > 100)
      walk.problems.push(say('must be between 1 and 100', `${walk.path}/page_size`))
  },
  data_visualization: checkChart,
  alert: (block, walk) => text(block['text'], 200, at(walk, 'text')),
  markdown: (block, walk) => length(block['text'], 12_000, at(walk, 'text'), 1),
  container: (block, walk) =>
    many(block['child_blocks'], 1, 10, at(walk, 'child_blocks'), (child, here) => checkBlock(child, here)),
}

function checkBlock(block: Json, walk: Walk) {
  length(block['block_id'], 255, at(walk, 'block_id'))
  blockRules[asText(block['type'])]?.(block, walk)
}

function checkElement(element: Json, walk: Walk) {
  length(element['action_id'], 255, at(walk, 'action_id'))
  plain(element['placeholder'], 150, at(walk, 'placeholder'))
  const type = asText(element['type'])
  if (type === 'image') return checkImage(element, walk)
  if (type === 'button') {
    plain(element['text'], 75, at(walk, 'text'), true)
    length(element['value'], 2000, at(walk, 'value'))
    length(element['url'], 3000, at(walk, 'url'))
    length(element['accessibility_label'], 75, at(walk, 'accessibility_label'))
    const style = element['style']
    if (style !== undefined && style !== 'primary' && style !== 'danger')
      walk.problems.push(say('unsupported style', `${walk.path}/style`))
  }
  const most = type === 'overflow' ? 5 : type === 'checkboxes' || type === 'radio_buttons' ? 10 : 100
  if (/^(multi_)?static_select$/.test(type) && !element['options'] && !element['option_groups'])
    walk.problems.push(say('missing required field: options', walk.path))
  if (element['options'] !== undefined || /^(overflow|checkboxes|radio_buttons)$/.test(type))
    many(element['options'], 1, most, at(walk, 'options'), checkOption)
  if (element['option_groups'] !== undefined)
    many(element['option_groups'], 1, 100, at(walk, 'option_groups'), (group, here) => {
      plain(group['label'], 75, at(here, 'label'), true)
      many(group['options'], 1, 100, at(here, 'options'), checkOption)
    })
  if (element['confirm']) checkConfirm(element['confirm'] as Json, at(walk, 'confirm'))
}

function checkOption(option: Json, walk: Walk) {
  text(option['text'], 75, at(walk, 'text'), true)
  length(option['value'], 150, at(walk, 'value'), 1)
  text(option['description'], 75, at(walk, 'description'))
}

function checkConfirm(confirm: Json, walk: Walk) {
  plain(confirm['title'], 100, at(walk, 'title'), true)
  text(confirm['text'], 300, at(walk, 'text'), true)
  plain(confirm['confirm'], 30, at(walk, 'confirm'), true)
  plain(confirm['deny'], 30, at(walk, 'deny'), true)
}

function checkImage(image: Json, walk: Walk) {
  length(image['alt_text'], 2000, at(walk, 'alt_text'), 1)
  length(image['image_url'], 3000, at(walk, 'image_url'))
  const file = image['slack_file'] as Json | undefined
  if (!image['image_url'] && !file)
    walk.problems.push(say('missing required field: image_url or slack_file', walk.path))
  if (typeof file?.['id'] === 'string' && !walk.hasFile(file['id']))
    walk.problems.push(say('invalid slack file', `${walk.path}/slack_file`))
}

function checkRows(block: Json, walk: Walk, most: { rows: number; columns: number; characters: number }) {
  const rows = Array.isArray(block['rows']) ? (block['rows'] as Json[][]) : []
  const here = at(walk, 'rows')
  if (rows.length < 1 || rows.length > most.rows) walk.problems.push(say(`must have 1 to ${most.rows} rows`, here.path))
  if (rows.some((row) => row.length > most.columns))
    walk.problems.push(say(`no more than ${most.columns} cells`, here.path))
  if (new Set(rows.map((row) => row.length)).size > 1) walk.problems.push(say('rows differ in length', here.path))
  if (textOf(rows).length > most.characters)
    walk.problems.push(say(`no more than ${most.characters} characters`, here.path))
}

function checkChart(block: Json, walk: Walk) {
  length(block['title'], 50, at(walk, 'title'), 1)
  const chart = (block['chart'] ?? {}) as Json
  const here = at(walk, 'chart')
  if (chart['type'] === 'pie')
    return many(chart['segments'], 1, 12, at(here, 'segments'), (segment, spot) =>
      length(segment['label'], 20, at(spot, 'label'), 1),
    )
  if (!['line', 'bar', 'area'].includes(asText(chart['type'])))
    return void walk.problems.push(say('unsupported chart type', `${here.path}/type`))
  const categories = ((chart['axis_config'] ?? {}) as Json)['categories']
  const labels = Array.isArray(categories) ? (categories as unknown[]).map(String) : []
  if (labels.length < 1 || labels.length > 20) walk.problems.push(say('must have 1 to 20 categories', here.path))
  if (labels.some((label) => label.length > 20))
    walk.problems.push(say('category longer than 20 characters', here.path))
  many(chart['series'], 1, 12, at(here, 'series'), (series, spot) => {
    length(series['name'], 50, at(spot, 'name'), 1)
    const named = asList(series['data']).map((point) => asText(point['label']))
    if (named.toSorted().join('\n') !== labels.toSorted().join('\n'))
      spot.problems.push(say('every series needs one value for every category', `${spot.path}/data`))
  })
}

function many(value: unknown, least: number, most: number, walk: Walk, each: (item: Json, walk: Walk) => void) {
  const items = asList(value)
  if (items.length < least) walk.problems.push(say(`must have at least ${least} item`, walk.path))
  if (items.length > most) walk.problems.push(say(`no more than ${most} items allowed`, walk.path))
  items.forEach((item, index) => each(item, at(walk, String(index))))
}

function text(value: unknown, most: number, walk: Walk, must = false) {
  if (value === undefined || value === null) return must ? required(undefined, walk) : undefined
  const { type, text: words } = value as Json
  if (type !== 'plain_text' && type !== 'mrkdwn')
    return void walk.problems.push(say('unsupported text type', walk.path))
  length(words, most, at(walk, 'text'), 1)
}

function plain(value: unknown, most: number, walk: Walk, must = false) {
  text(value, most, walk, must)
  if (value && (value as Json)['type'] === 'mrkdwn') walk.problems.push(say('must be plain_text', walk.path))
}

function length(value: unknown, most: number, walk: Walk, least = 0) {
  if (value === undefined || value === null) return least ? required(value, walk) : undefined
  if (typeof value !== 'string') return void walk.problems.push(say('must be a string', walk.path))
  if (value.length < least) walk.problems.push(say(`must be more than ${least - 1} characters`, walk.path))
  if (value.length > most) walk.problems.push(say(`must be less than ${most + 1} characters`, walk.path))
}

function required(value: unknown, walk: Walk) {
  if (typeof value !== 'string' || !value) walk.problems.push(say('missing required field', walk.path))
}

function unique(values: unknown[], name: string, walk: Walk) {
  const given = values.filter((value) => value !== undefined)
  if (new Set(given).size < given.length) walk.problems.push(say(`${name} must be unique`, walk.path))
}

function at(walk: Walk, step: string): Walk {
  return { ...walk, path: `${walk.path}/${step}` }
}

function say(rule: string, path: string): Problem {
  return `[ERROR] ${rule} [json-pointer:${path}]`
}

/** All words inside, as the reader would copy them. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('')
  if (typeof value !== 'object' || value === null) return ''
  return Object.entries(value)
    .map(([name, inner]) => (name === 'text' && typeof inner === 'string' ? inner : textOf(inner)))
    .join('')
}
