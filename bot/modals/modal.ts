/** The contract of a dialog: opened with a loading view, then filled; its fields come from one zod object. */
import type { z } from 'zod'
import type { Block } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import type { Reply } from '../reply.ts'

/**
 * How a field looks, as `z.string().meta({ … })`. Without `input` the type decides: string → text, number → number,
 * boolean → checkbox, enum → menu, date → date and time.
 */
export type FieldMeta = {
  label: string
  hint?: string
  placeholder?: string
  /** `choice`: options come from `load`. `found`: type-ahead through `find`. `many`: up to 10 to tick; `several`: a menu of up to 100. */
  input?:
    | 'text'
    | 'lines'
    | 'number'
    | 'choice'
    | 'radio'
    | 'moment'
    | 'day'
    | 'person'
    | 'channel'
    | 'found'
    | 'many'
    | 'several'
  /** A change of this field loads the dialog again with the values so far. */
  live?: boolean
  /** Never filled in again: what was typed does not travel back. */
  secret?: boolean
}

export type Choice = { label: string; value: string; about?: string }

/** What `load` answers: blocks above the fields, and what belongs into them. */
export type Form<V> = {
  blocks?: Block[]
  /** First values; a date or Slack id as the field wants it. */
  values?: Partial<{ [K in keyof V]: V[K] | undefined }>
  choices?: Partial<Record<keyof V, Choice[]>>
  hints?: Partial<Record<keyof V, string>>
  /** Fields not to show this time. */
  without?: (keyof V)[]
  /** Read only: no submit button. */
  closed?: boolean
  title?: string
}

export type Modal<S extends z.ZodObject> = {
  /** The file name; also Slack's callback id. */
  name: string
  /** At most 24 characters, like `submit`. */
  title: string
  submit?: string
  fields: S
  /**
   * More fields, after those of `fields`: what a cloud's own form asks for, by the entries of `fields` so far. They reach
   * `run` beside the others.
   */
  more?: (
    ctx: Pick<BotContext, 'outside' | 'secrets' | 'orgId'>,
    facts: Record<string, string>,
    values?: Record<string, unknown>,
  ) => z.ZodObject
  /** Reads what the dialog needs, after the loading view is open. `values` are there when a live field changed. */
  load(ctx: BotContext, facts: Record<string, string>, values?: Partial<z.input<S>>): Promise<Form<z.input<S>>>
  /** Calls one verb. An `invalid` or `conflict` error with a field lands on that field, without one on top. */
  run?(ctx: BotContext, submitted: { facts: Record<string, string>; values: z.output<S> }): Promise<Reply>
  /** Options of `found` fields for the typed text. */
  find?: (ctx: BotContext, text: string, facts: Record<string, string>) => Promise<Choice[]>
}

/** Any dialog, for lists of them. Guarantee: `load` and `run` get what this dialog's own `fields` parsed. */
export type AnyModal = Modal<z.ZodObject>

/** Declares a dialog. */
export const modal = <S extends z.ZodObject>(declared: Modal<S>): Modal<S> => declared
