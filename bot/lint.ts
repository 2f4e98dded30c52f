/**
 * Judges a finished message or view against Slack's limits, our lower ceilings (spec chat 3.2) and the contract rules
 * that can be seen: IC-10 ids, IC-11 text, IC-12 words on buttons, IC-13 the way to the web. Runs in the tests of every
 * template and before every send.
 */
import { ceilings, type Block, type Body } from './blocks.ts'

type Node = Record<string, unknown>

/** Problems as sentences; an empty list is a good message. `link` false for receipts and refusals, which have no page. */
export function judge(body: Body, { link = true }: { link?: boolean } = {}): string[] {
  const { text, blocks } = body
  return [
    ...(text.trim() ? [] : ['IC-11: the text is empty']),
    ...(text.length > ceilings.text ? [`the text has ${text.length} characters`] : []),
    ...(blocks.length > ceilings.blocks ? [`${blocks.length} blocks`] : []),
    ...(words(blocks).join('').length > 12_000 ? ['all texts together are over 12,000 characters'] : []),
    ...(link && blocks.length && !/https?:\/\//.test(JSON.stringify(blocks)) ? ['IC-13: no way to the web'] : []),
    ...judgeBlocks(blocks),
  ]
}

/** The same for a dialog or a home tab. */
export function judgeView(view: {
  type: string
  blocks: Block[]
  title?: unknown
  private_metadata?: string
}): string[] {
  const inputs = view.blocks.filter((block) => block.type === 'input').length
  return [
    ...(view.blocks.length > ceilings.viewBlocks ? [`${view.blocks.length} blocks`] : []),
    ...(JSON.stringify(view).length > 100_000 ? ['the view is over 100 KB'] : []),
    ...((view.private_metadata ?? '').length > 3000 ? ['private_metadata is over 3000 characters'] : []),
    ...(inputs > 6 ? [`${inputs} inputs`] : []),
    ...judgeBlocks(view.blocks),
  ]
}

function judgeBlocks(blocks: Block[]): string[] {
  const ids = blocks.flatMap(({ block_id: id }) => (id ? [id] : []))
  const elements = blocks.flatMap((block) => controlsOf(block as unknown as Node))
  const primaries = elements.filter((element) => element['style'] === 'primary').length
  const count = (type: string) => blocks.filter((block) => block.type === type).length
  return [
    ...(new Set(ids).size < ids.length ? ['IC-10: two blocks have one id'] : []),
    ...ids.filter((id) => id.length > 255).map((id) => `block id too long: ${id.slice(0, 30)}`),
    ...(primaries > 1 ? [`IC-12: ${primaries} primary buttons`] : []),
    ...(count('data_visualization') > 1 ? ['more than one chart'] : []),
    ...(count('table') > 1 ? ['more than one table'] : []),
    ...blocks.flatMap((block, at) =>
      judgeBlock(block as unknown as Node).map((problem) => `block ${at} ${block.type}: ${problem}`),
    ),
    ...elements.flatMap(judgeControl),
  ]
}

function judgeBlock(block: Node): string[] {
  const rule = rules[String(block['type'])]
  return rule ? rule(block) : []
}

const rules: Record<string, (block: Node) => string[]> = {
  header: (block) => {
    const text = textOf(block['text'])
    return [
      ...most(text, ceilings.header),
      ...(text.endsWith('.') ? ['IC-12: full stop in a heading'] : []),
      ...emoji(text),
    ]
  },
  section: (block) => {
    const list = (block['fields'] as Node[] | undefined) ?? []
    return [
      ...(block['text'] ? most(textOf(block['text']), ceilings.section) : []),
      ...(list.length > ceilings.fields ? [`${list.length} fields`] : []),
      ...list.flatMap((field) => most(textOf(field), ceilings.field)),
      ...(!block['text'] && list.length === 0 ? ['neither text nor fields'] : []),
    ]
  },
  context: (block) => {
    const list = block['elements'] as Node[]
    return [
      ...(list.length > ceilings.context ? [`${list.length} elements`] : []),
      ...list.flatMap((one) => most(textOf(one), 600)),
    ]
  },
  actions: (block) => {
    const list = block['elements'] as Node[]
    const ids = list.map((element) => element['action_id'])
    return [
      ...(list.length === 0 || list.length > ceilings.actions ? [`${list.length} controls`] : []),
      ...(new Set(ids).size < ids.length ? ['IC-10: two controls have one action id'] : []),
    ]
  },
  data_visualization: (block) => {
    const { series, axis_config: axis } = block['chart'] as { series: Node[]; axis_config: { categories: string[] } }
    const points = series.map((one) => (one['data'] as Node[]).length)
    return [
      ...most(String(block['title']), 50),
      ...(series.length < 1 || series.length > ceilings.series ? [`${series.length} series`] : []),
      ...(axis.categories.length < 1 || axis.categories.length > ceilings.points
        ? [`${axis.categories.length} points`]
        : []),
      ...(points.some((n) => n !== axis.categories.length) ? ['a series misses a value'] : []),
    ]
  },
  data_table: (block) => {
    const rows = block['rows'] as Node[][]
    return [
      ...(rows.length < 1 || rows.length > ceilings.rows + 1 ? [`${rows.length} rows`] : []),
      ...(new Set(rows.map((row) => row.length)).size > 1 ? ['rows differ in length'] : []),
      ...(words(rows).join('').length > 20_000 ? ['over 20,000 characters'] : []),
      ...(block['caption'] ? [] : ['no caption']),
    ]
  },
}

function judgeControl(element: Node): string[] {
  const [type, label] = [String(element['type']), textOf(element['text'])]
  const options = (element['options'] as Node[] | undefined) ?? []
  const id = asText(element['action_id'])
  const many =
    type === 'overflow'
      ? 5
      : type === 'checkboxes' || type === 'radio_buttons'
        ? 10
        : type === 'multi_static_select'
          ? 100
          : 50
  return [
    ...(id && id.length <= 60 ? [] : [`action id "${id.slice(0, 30)}" is empty or too long`]),
    ...(type === 'button'
      ? [...most(label, 24), ...(id.startsWith('run-command') ? [] : titleCase(label)), ...emoji(label)]
      : []),
    ...(asText(element['value']).length > 200 ? ['a button value over 200 characters'] : []),
    ...('options' in element && (options.length < 1 || options.length > many)
      ? [`${options.length} options in ${id}`]
      : []),
    ...options.flatMap((option) => [...most(textOf(option['text']), 70), ...most(String(option['value']), 150)]),
  ]
}

const most = (text: string, limit: number) =>
  text.length > limit ? [`"${text.slice(0, 20)}…" has ${text.length} characters, ${limit} are allowed`] : []

const emoji = (text: string) => (/\p{Extended_Pictographic}|:[a-z_]+:/u.test(text) ? [`IC-12: emoji in "${text}"`] : [])

const small = /^(a|an|and|as|at|by|for|from|in|it|of|on|or|the|to|until|with|my)$/
const titleCase = (label: string) =>
  label.split(/\s+/).some((word) => /^\p{Ll}/u.test(word) && !small.test(word)) || label.endsWith('.')
    ? [`IC-12: "${label}" is not in Title Case`]
    : []

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')
const textOf = (node: unknown): string => asText((node as Node | undefined)?.['text'])

function controlsOf(block: Node): Node[] {
  const inside = block['type'] === 'actions' ? (block['elements'] as Node[]) : []
  return [...inside, ...[block['accessory'], block['element']].filter((one): one is Node => Boolean(one))]
}

/** All texts inside, for the limits of the whole. */
function words(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(words)
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, inner]) =>
    name === 'text' && typeof inner === 'string' ? [inner] : words(inner),
  )
}
