/** The fields of a dialog: from one zod object to Slack's inputs, and what was entered back to values. */
import type { InputBlock, InputBlockElement } from '@slack/types'
import { z } from 'zod'
import { plain, type Block } from './blocks.ts'
import { cut } from './rich.ts'
import { hash } from './messages/message.ts'
import type { AnyModal, Choice, FieldMeta, Form } from './modals/modal.ts'

export type ViewState = { values: Record<string, Record<string, Record<string, unknown>>> }

type Field = {
  name: string
  meta: FieldMeta
  kind: NonNullable<FieldMeta['input']> | 'tick'
  optional: boolean
  choices: Choice[]
}

/** The inputs of a dialog, in the order of its fields. A new first value gives the block a new id, or Slack would keep the old entry. */
export function inputsOf(
  modal: AnyModal,
  form: Form<Record<string, unknown>>,
  values?: Record<string, unknown>,
): Block[] {
  return fieldsOf(modal)
    .filter(({ name }) => !form.without?.includes(name))
    .map((field) => {
      const choices = form.choices?.[field.name] ?? field.choices
      const entered = values?.[field.name]
      // What was chosen before may be no choice any more.
      const isGone = /^(choice|radio)$/.test(field.kind) && !choices.some(({ value }) => value === entered)
      const first = isGone ? undefined : entered
      const initial = field.meta.secret ? undefined : (first ?? form.values?.[field.name])
      const hint = form.hints?.[field.name] ?? field.meta.hint
      const element = elementOf({ ...field, choices }, initial)
      return {
        type: 'input' as const,
        block_id: `${field.name}~${hash(JSON.stringify([initial ?? null, choices]))}`,
        label: plain(field.meta.label, 80),
        element,
        optional: field.optional,
        ...(hint ? { hint: plain(hint, 200) } : {}),
        ...(field.meta.live ? { dispatch_action: true } : {}),
      } satisfies InputBlock
    })
}

/** What was entered, by field; empty entries are left out. */
export function readValues(modal: AnyModal, state: ViewState): Record<string, unknown> {
  const fields = new Map(fieldsOf(modal).map((field) => [field.name, field]))
  const entries = Object.entries(state.values).flatMap(([blockId, byAction]) => {
    const field = fields.get(blockId.split('~')[0]!)
    const [entered] = Object.values(byAction)
    const value = field && entered ? readOne(field, entered) : undefined
    return field && value !== undefined ? [[field.name, value] as const] : []
  })
  return Object.fromEntries(entries)
}

function fieldsOf(modal: AnyModal): Field[] {
  return Object.entries(modal.fields.shape).map(([name, schema]) => {
    const { inner, optional } = unwrap(schema as z.ZodType)
    const meta = {
      label: name,
      ...z.globalRegistry.get(inner),
      ...z.globalRegistry.get(schema as z.ZodType),
    } as FieldMeta
    const options =
      inner instanceof z.ZodEnum ? inner.options.map((value) => ({ label: String(value), value: String(value) })) : []
    return { name, meta, kind: meta.input ?? kindOf(inner), optional, choices: options }
  })
}

function unwrap(schema: z.ZodType): { inner: z.ZodType; optional: boolean } {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return { inner: unwrap(schema.unwrap() as z.ZodType).inner, optional: true }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType)
  return { inner: schema, optional: schema instanceof z.ZodBoolean }
}

function kindOf(schema: z.ZodType): Field['kind'] {
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodBoolean) return 'tick'
  if (schema instanceof z.ZodEnum) return 'choice'
  if (schema instanceof z.ZodDate) return 'moment'
  return schema instanceof z.ZodArray ? 'many' : 'text'
}

const optionOf = ({ label, value, about }: Choice) => ({
  text: plain(label, 70),
  value: cut(value, 140),
  ...(about ? { description: plain(about, 70) } : {}),
})

/** Slack's limits; our own for the rest, where a longer list needs a type-ahead. */
const mostOptions: Partial<Record<Field['kind'], number>> = { radio: 10, many: 10, several: 100 }

type Drawing = {
  field: Field
  /** The value it starts with, as text; null without one. */
  first: string | null
  options: ReturnType<typeof optionOf>[]
  chosen: ReturnType<typeof optionOf>[]
  /** Ids of the element, and its placeholder where Slack allows one. */
  ids: { action_id: string; placeholder?: ReturnType<typeof plain> }
}

function elementOf(field: Field, initial: unknown): InputBlockElement {
  const { name, meta, kind, choices } = field
  const options = choices.slice(0, mostOptions[kind] ?? 50).map(optionOf)
  const chosen = options.filter(({ value }) => (Array.isArray(initial) ? initial.includes(value) : value === initial))
  const ids = { action_id: name, ...(meta.placeholder ? { placeholder: plain(meta.placeholder, 60) } : {}) }
  return elements[kind]({ field, first: asText(initial), options, chosen, ids })
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string' || typeof value === 'number' || value === true ? String(value) : null
}

/** Lists of many lines need Slack's own limit. */
const longest = ({ kind }: Field): number => (kind === 'lines' ? 3000 : 500)

const textInput = ({ field, first, ids }: Drawing): InputBlockElement => ({
  type: 'plain_text_input',
  ...ids,
  max_length: longest(field),
  multiline: field.kind === 'lines',
  ...(first ? { initial_value: cut(first, longest(field)) } : {}),
  ...typing(field.meta),
})

const elements: Record<Field['kind'], (drawing: Drawing) => InputBlockElement> = {
  text: textInput,
  lines: textInput,
  number: ({ field, first, ids }) => ({
    type: 'number_input',
    is_decimal_allowed: true,
    ...ids,
    ...(first ? { initial_value: first } : {}),
    ...typing(field.meta),
  }),
  tick({ field, first }) {
    const option = { text: plain(field.meta.label, 70), value: 'yes' }
    const initial = first === 'true' ? { initial_options: [option] } : {}
    return { type: 'checkboxes', action_id: field.name, options: [option], ...initial }
  },
  choice: ({ options, chosen, ids }) => ({
    type: 'static_select',
    ...ids,
    options,
    ...(chosen[0] ? { initial_option: chosen[0] } : {}),
  }),
  radio: ({ field, options, chosen }) => ({
    type: 'radio_buttons',
    action_id: field.name,
    options,
    ...(chosen[0] ? { initial_option: chosen[0] } : {}),
  }),
  many: ({ field, options, chosen }) => ({
    type: 'checkboxes',
    action_id: field.name,
    options,
    ...(chosen.length ? { initial_options: chosen } : {}),
  }),
  several: ({ options, chosen, ids }) => ({
    type: 'multi_static_select',
    ...ids,
    options,
    ...(chosen.length ? { initial_options: chosen } : {}),
  }),
  found({ field, first, ids }) {
    const choice = first && (field.choices.find(({ value }) => value === first) ?? { label: first, value: first })
    const initial = choice ? { initial_option: optionOf(choice) } : {}
    return { type: 'external_select', min_query_length: 0, ...ids, ...initial }
  },
  moment: ({ field, first }) => ({
    type: 'datetimepicker',
    action_id: field.name,
    ...(first ? { initial_date_time: Math.floor(new Date(first).getTime() / 1000) } : {}),
  }),
  day: ({ first, ids }) => ({ type: 'datepicker', ...ids, ...(first ? { initial_date: first.slice(0, 10) } : {}) }),
  person: ({ first, ids }) => ({ type: 'users_select', ...ids, ...(first ? { initial_user: first } : {}) }),
  channel: ({ first, ids }) => ({
    type: 'conversations_select',
    ...ids,
    filter: { include: ['public', 'private'] },
    ...(first ? { initial_conversation: first } : {}),
  }),
}

/** A live text field answers when Enter is pressed, not at every letter. */
const typing = (meta: FieldMeta) =>
  meta.live ? { dispatch_action_config: { trigger_actions_on: ['on_enter_pressed' as const] } } : {}

function readOne({ kind }: Field, entered: Record<string, unknown>): unknown {
  const option = (entered['selected_option'] as { value: string } | null | undefined)?.value
  const many = entered['selected_options'] as { value: string }[] | undefined
  switch (kind) {
    case 'number':
      return entered['value'] === null || entered['value'] === undefined ? undefined : Number(entered['value'])
    case 'tick':
      return (many ?? []).length > 0
    case 'many':
    case 'several':
      return (many ?? []).map(({ value }) => value)
    case 'choice':
    case 'radio':
    case 'found':
      return option
    case 'moment':
      return typeof entered['selected_date_time'] === 'number'
        ? new Date(entered['selected_date_time'] * 1000)
        : undefined
    case 'day':
      return entered['selected_date'] ?? undefined
    case 'person':
      return entered['selected_user'] ?? undefined
    case 'channel':
      return entered['selected_conversation'] ?? undefined
    default:
      return entered['value'] ?? undefined
  }
}
