/** Forms that work without a script: inputs are drawn from the zod schema of the verb they post to, labels and units from its `.meta()`. */
import { html } from 'hono/html'
import { z } from 'zod'
import type { View } from './env.ts'
import type { Content, Html } from './parts.ts'

/** One thing to choose from. */
export type Choice = { value: string; label: string }

/** What was typed into a form that comes back refused, by input; a box that was not ticked is missing. Null at first. */
export type Typed = Record<string, string> | null

export type FormOptions = {
  /** Names the form on its page, so that a refused one comes back filled in. */
  name: string
  action: string
  submit: string
  schema?: z.ZodObject
  /** What the inputs hold at first. */
  values?: Record<string, unknown>
  /** Inputs with a list to choose from, by field. */
  choices?: Record<string, Choice[]>
  /** Values sent along unseen. */
  hidden?: Record<string, string>
  /** More inputs, after those of the schema; a function gets what was typed when the form was refused. */
  more?: Content | ((typed: Typed) => Content)
  tone?: 'main' | 'plain' | 'danger'
  /** A second button that posts the same inputs elsewhere. */
  other?: { action: string; submit: string }
  /** Label and button in one line. */
  inline?: boolean
}

/** What a field looks like to a form. */
type Field = {
  type?: string
  enum?: string[]
  items?: { enum?: string[]; type?: string }
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  maxLength?: number
  format?: string
  default?: unknown
  description?: string
  label?: string
  unit?: string
  hint?: string
  secret?: boolean
  anyOf?: Field[]
}

/** A POST form with the session's token. */
export function form(view: View, options: FormOptions): Html {
  const { schema, hidden = {}, more } = options
  const back = view.flash?.form === options.name ? view.flash : null
  const values = { ...options.values, ...(back && unticked(options)), ...back?.values }
  return html`<form method="post" action="${options.action}" class="${options.inline ? 'form inline' : 'form'}">
    <input type="hidden" name="csrf" value="${view.csrf}" />
    ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${schema ? fieldsOf(schema).map(([name, field, required]) => input({ name, field, required, value: values[name], choices: options.choices?.[name], wrong: back?.field === name ? back.text : undefined, prefix: options.name })) : ''}
    ${(typeof more === 'function' ? more(back?.values ?? null) : more) ?? ''}
    ${buttons(options)}
  </form>`
}

/** A box that was not ticked is not sent. */
const unticked = ({ schema }: FormOptions): Record<string, boolean> =>
  Object.fromEntries(
    schema ? fieldsOf(schema).flatMap(([name, { type }]) => (type === 'boolean' ? [[name, false]] : [])) : [],
  )

function buttons({ submit, other, tone = 'main' }: FormOptions): Html {
  const first = html`<button class="${tone}">${submit}</button>`
  if (!other) return first
  return html`<div class="row">${first}<button class="plain" formaction="${other.action}">${other.submit}</button></div>`
}

/** A button that posts: the form has nothing to fill in. */
export const postButton = (
  view: View,
  options: { action: string; submit: string; hidden?: Record<string, string>; tone?: 'main' | 'plain' | 'danger' },
): Html => form(view, { name: '', inline: true, tone: 'plain', ...options })

/** One button that posts to the page's own address, for people who have no session yet. */
export const confirmForm = (submit: string): Html =>
  html`<form method="post"><button class="main">${submit}</button></form>`

/** A GET form: what is asked for stands in the address, so it can be sent to others. */
export const askForm = (action: string, inputs: Content, submit = 'Show'): Html =>
  html`<form method="get" action="${action}" class="form inline ask">
    ${inputs}<button class="plain">${submit}</button>
  </form>`

/** A list to choose from. */
export function select(
  name: string,
  label: string,
  { choices, value, any }: { choices: Choice[]; value?: string | undefined; any?: string },
): Html {
  const option = (choice: Choice) =>
    html`<option value="${choice.value}" ${choice.value === (value ?? '') ? ' selected' : ''}>${choice.label}</option>`
  return html`<label
    ><span>${label}</span
    ><select name="${name}">
      ${any === undefined ? '' : option({ value: '', label: any })}${choices.map(option)}
    </select></label
  >`
}

/** A line to type into; `type` is that of HTML. */
export const textInput = (
  name: string,
  label: string,
  more: { value?: string | undefined; type?: string; placeholder?: string; required?: boolean } = {},
): Html =>
  html`<label
    ><span>${label}</span
    ><input
      name="${name}"
      type="${more.type ?? 'text'}"
      value="${more.value ?? ''}"
      ${more.placeholder ? html` placeholder="${more.placeholder}"` : ''}${more.required ? ' required' : ''}${more.type === 'password' ? ' autocomplete="new-password"' : ''}
  /></label>`

/** Something to tick. */
export const tick = (name: string, label: string, checked: boolean): Html =>
  html`<label class="tick"
    ><input type="checkbox" name="${name}" ${checked ? ' checked' : ''} /><span>${label}</span></label
  >`

/** Was it ticked when the form was refused, or is it so anyway? */
export const ticked = (typed: Typed, name: string, now: boolean): boolean => (typed ? typed[name] === 'on' : now)

/** Many things to tick, in a window of their own. */
export const picks = (options: Html[]): Html => html`<div class="picks">${options}</div>`

/** The form that sends files. Its token comes first, so that nothing is stored for a stranger. */
export const uploadForm = (
  view: View,
  {
    action,
    submit,
    label,
    hint,
    accept,
  }: { action: string; submit: string; label: string; hint: string; accept: string },
): Html =>
  html`<form method="post" action="${action}" enctype="multipart/form-data" class="form upload">
    <input type="hidden" name="csrf" value="${view.csrf}" />
    <label><span>${label}</span><input type="file" name="files" accept="${accept}" multiple required /></label>
    <small class="quiet">${hint}</small>
    <button class="main">${submit}</button>
  </form>`

const known = new WeakMap<z.ZodObject, [string, Field, boolean][]>()

/** Inputs of a schema in order; worked out once per schema, because a table may hold the same form in every row. */
function fieldsOf(schema: z.ZodObject): [string, Field, boolean][] {
  const before = known.get(schema)
  if (before) return before
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const fields = Object.entries(properties).map(([name, property]): [string, Field, boolean] => {
    const field = property as Field
    const plain = field.anyOf?.find((one) => one.type !== 'null')
    return [name, plain ? { ...field, ...plain } : field, required.includes(name)]
  })
  known.set(schema, fields)
  return fields
}

type Input = {
  name: string
  field: Field
  required: boolean
  value: unknown
  choices: Choice[] | undefined
  wrong: string | undefined
  prefix: string
}

function input({ name, field, required, value, choices, wrong, prefix }: Input): Html {
  const now = value ?? field.default ?? ''
  const label = html`<span
    >${field.label ?? titleOf(name)}${field.unit ? html` <small>${field.unit}</small>` : ''}</span
  >`
  const id = `${prefix}-${name}`
  const isList = field.type === 'array' && !choices
  const about = wrong ?? field.hint ?? field.description ?? (isList ? 'One per line' : undefined)
  const described = about ? html` aria-describedby="${id}-about"` : ''
  const note = about ? html`<small id="${id}-about" class="${wrong ? 'wrong' : 'quiet'}">${about}</small>` : ''
  const options = choices ?? field.enum?.map((one) => ({ value: one, label: titleOf(one) }))
  const must = required ? ' required' : ''
  if (field.type === 'boolean')
    return html`<label class="tick"
      ><input
        type="checkbox"
        name="${name}"
        ${now === true || now === 'on' ? ' checked' : ''}${described}
      />${label}${note}</label
    >`
  if (options)
    return html`<label
      >${label}<select name="${name}" ${must}${described}>
        ${required ? '' : html`<option value="">–</option>`}${options.map((one) => html`<option value="${one.value}" ${one.value === words(now) ? ' selected' : ''}>${one.label}</option>`)}</select
      >${note}</label
    >`
  if (field.type === 'array')
    return html`<label
      >${label}<textarea name="${name}" rows="3" ${described}>
${Array.isArray(now) ? now.join('\n') : words(now)}</textarea
      >${note}</label
    >`
  const kind = field.secret
    ? 'password'
    : field.type === 'number' || field.type === 'integer'
      ? 'number'
      : field.format === 'email'
        ? 'email'
        : 'text'
  const numbers =
    kind === 'number'
      ? html`${field.minimum === undefined ? '' : html` min="${field.minimum}"`}${field.maximum === undefined ? '' : html` max="${field.maximum}"`}
        step="${field.type === 'integer' ? 1 : 'any'}"`
      : ''
  const length = field.maxLength && kind === 'text' ? html` maxlength="${field.maxLength}"` : ''
  return html`<label
    >${label}<input
      name="${name}"
      type="${kind}"
      value="${field.secret ? '' : words(now)}"
      ${must}${numbers}${length}${described}${field.secret ? ' autocomplete="new-password"' : ''}
    />${note}</label
  >`
}

const words = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)

/** "days_threshold" → "Days threshold", "monthlyLimit" → "Monthly limit". */
export function titleOf(name: string): string {
  const words = name
    .replaceAll(/[_-]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a form sent, shaped for its schema: numbers become numbers, ticks booleans, lines lists; empty optional inputs are left out. */
export function readForm(schema: z.ZodObject, sent: Record<string, string>): Record<string, unknown> {
  const pairs = fieldsOf(schema).flatMap(([name, field]): [string, unknown][] => {
    const text = sent[name]?.trim()
    if (field.type === 'boolean') return [[name, text === 'on' || text === 'true']]
    if (text === undefined || text === '') return []
    if (field.type === 'number' || field.type === 'integer') return [[name, Number(text)]]
    if (field.type === 'array')
      return [
        [
          name,
          text
            .split(/[\n,]/)
            .map((one) => one.trim())
            .filter(Boolean),
        ],
      ]
    return [[name, text]]
  })
  return Object.fromEntries(pairs)
}
