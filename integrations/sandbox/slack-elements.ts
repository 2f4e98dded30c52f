import { type ViewValues } from './slack-store.ts'
import { asList, asText, type Json } from './slack-workspace.ts'

/** Which interactive element is meant: by action id, and when several share it by block, label or button value. */
export interface ElementRef {
  actionId?: string
  blockId?: string
  label?: string
}

export interface Found {
  block: Json
  element: Json
}

/** All interactive elements of the blocks in reading order, those of containers, cards and table cells too. */
export function elementsOf(blocks: Json[]): Found[] {
  return blocks.flatMap((block) => {
    const direct = [block['accessory'], block['element'], ...asList(block['elements']), ...asList(block['actions'])]
    const cells = block['type'] === 'data_table' ? asList(block['rows']).flat().flatMap(cellElements) : []
    const own = [...direct, ...cells].filter(
      (each): each is Json => typeof (each as Json | undefined)?.['action_id'] === 'string',
    )
    const inner = [...asList(block['child_blocks']), ...(block['type'] === 'carousel' ? asList(block['elements']) : [])]
    return [...own.map((element) => ({ block, element })), ...elementsOf(inner)]
  })
}

/** Finds one element; throws a sentence that lists what is there, so that a failing test explains itself. */
export function findElement(blocks: Json[], ref: ElementRef): Found {
  const all = elementsOf(blocks)
  const found = all.find(
    ({ block, element }) =>
      (ref.actionId === undefined || element['action_id'] === ref.actionId) &&
      (ref.blockId === undefined || block['block_id'] === ref.blockId) &&
      (ref.label === undefined || labelOf(element) === ref.label),
  )
  if (found) return found
  const there = all.map(({ element }) => `${asText(element['action_id'])} "${labelOf(element)}"`).join(', ')
  throw new Error(`There is no element ${JSON.stringify(ref)}. There are: ${there || 'none'}.`)
}

/** What Slack sends as the state of an element after a person chose `raw` (option value, id, date, text, list). */
export function stateOf(element: Json, raw: unknown): Json {
  const type = asText(element['type'])
  const many = Array.isArray(raw) ? (raw as unknown[]) : raw === undefined || raw === null ? [] : [raw]
  if (type === 'checkboxes' || type === 'multi_static_select' || type === 'multi_external_select')
    return { type, selected_options: many.map((each) => optionFor(element, each)) }
  if (type === 'multi_users_select') return { type, selected_users: many }
  if (type === 'multi_conversations_select') return { type, selected_conversations: many }
  if (type === 'multi_channels_select') return { type, selected_channels: many }
  if (singleFields[type]) {
    const value = raw ?? null
    return { type, [singleFields[type]]: optionTypes.has(type) && value !== null ? optionFor(element, value) : value }
  }
  return { type, value: asText(raw) || null }
}

const singleFields: Record<string, string> = {
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  overflow: 'selected_option',
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
  rich_text_input: 'rich_text_value',
}
const optionTypes = new Set(['static_select', 'external_select', 'radio_buttons', 'overflow'])

/** The states a fresh view or message starts with: initial values, else empty. Buttons and overflows have none. */
export function initialValues(blocks: Json[]): ViewValues {
  const values: ViewValues = {}
  for (const { block, element } of elementsOf(blocks)) {
    const type = asText(element['type'])
    if (type === 'button' || type === 'overflow' || type === 'workflow_button' || type === 'image') continue
    const initial = Object.entries(element).find(([name]) => name.startsWith('initial_'))?.[1]
    ;(values[asText(block['block_id'])] ??= {})[asText(element['action_id'])] = stateOf(element, initial)
  }
  return values
}

/** Keeps what a person already entered where block and action ids stayed the same, as Slack does on `views.update`. */
export function carryValues(blocks: Json[], before: ViewValues): ViewValues {
  const fresh = initialValues(blocks)
  for (const [blockId, actions] of Object.entries(fresh))
    for (const [actionId, state] of Object.entries(actions)) {
      const entered = before[blockId]?.[actionId]
      if (entered && entered['type'] === state['type']) actions[actionId] = entered
    }
  return fresh
}

/** The entry of `actions` in a block_actions payload. */
export function actionOf({ block, element }: Found, state: Json | undefined): Json {
  const button = element['type'] === 'button'
  return {
    ...(button ? { type: 'button', text: element['text'], value: element['value'], style: element['style'] } : state),
    action_id: element['action_id'],
    block_id: block['block_id'],
    action_ts: (Date.now() / 1000).toFixed(6),
    ...(element['placeholder'] ? { placeholder: element['placeholder'] } : {}),
  }
}

/** True when the state holds nothing a person entered. */
export function isEmpty(state: Json | undefined): boolean {
  const rest = Object.entries(state ?? {}).filter(([name]) => name !== 'type')
  return rest.every(
    ([, value]) => value === null || value === undefined || (Array.isArray(value) && value.length === 0),
  )
}

/** Every option an element carries itself, groups flattened. */
export function optionsOf(element: Json): Json[] {
  return [
    ...asList(element['options']),
    ...asList(element['option_groups']).flatMap((group) => asList(group['options'])),
  ]
}

function optionFor(element: Json, raw: unknown): Json {
  if (optionLike(raw)) return raw
  const option = optionsOf(element).find((each) => each['value'] === raw || words(each['text']) === raw)
  if (!option) throw new Error(`${JSON.stringify(raw)} is not an option of ${asText(element['action_id'])}.`)
  return option
}

function optionLike(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && 'value' in value
}

function labelOf(element: Json): string {
  return words(element['text']) || words(element['placeholder']) || asText(element['type'])
}

function words(value: unknown): string {
  return typeof value === 'object' && value !== null ? asText((value as Json)['text'] ?? '') : ''
}

/** A cell may hold a button itself (`action_cell`) or inside `element`/`elements`. */
function cellElements(cell: Json): unknown[] {
  return [cell, cell['element'], cell['button'], cell['action'], ...asList(cell['elements'])]
}
