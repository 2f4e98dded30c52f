/** What commands, buttons, dialogs and shortcuts return: what to say. Only the doors talk to Slack. */
import type { Subject } from '../engine/events.ts'
import type { ChartSpec } from '../engine/spend/chart.ts'
import type { ClickValue } from './controls.ts'
import type { Card, Report } from './messages/message.ts'
import { closest } from './words.ts'

/** A button of a question; `command` runs at once when pressed, so nobody types twice. */
export type Option = { label: string; command: string; hint?: string }

/** `picture` is drawn and uploaded first; the template finds its id in the frame. */
export type Said = { kind: 'say'; message: Report<unknown>; facts: unknown; picture?: ChartSpec }

export type Reply =
  | Said
  | { kind: 'card'; message: Card<unknown>; id: string }
  | { kind: 'open'; modal: string; facts: Record<string, string> }
  | { kind: 'ask'; question: string; options: Option[] }
  | Done
  | { kind: 'files'; text: string; files: File[]; about?: { card: Card<unknown>; id: string } }
  /** Runs another command as if it had been typed; `change` amends it, e.g. `by pool`. */
  | { kind: 'run'; command: string; change?: string; how: 'whisper' | 'replace' | 'post' }
  | { kind: 'nothing' }

/** A change was made. `undo` is what the action's own `undo` needs to take it back within 30 minutes. */
export type Done = {
  kind: 'done'
  /** What is true now, one sentence: "loadtest-db lives until Nov 27, about $42." Plain text, or Rich for times. */
  text: string | { rich: string }
  subject: Subject
  undo?: { verb: string; kept: Record<string, unknown> }
  /** One more click that makes sense now. */
  next?: ClickValue & { label: string }
  /** Forget a stale revision check for commands: the revision the change was made on. */
  rev?: number
}

/** Says a report; by default only to the person who asked. */
export const say = <F>(message: Report<F>, facts: F, picture: ChartSpec | null = null): Said => ({
  kind: 'say',
  message,
  facts,
  ...(picture ? { picture } : {}),
})

/** Shows the card of a subject. */
export const card = <F>(message: Card<F>, id: string): Reply => ({ kind: 'card', message, id })

/** Opens a dialog with the ids it needs. */
export const open = (modal: { name: string }, facts: Record<string, string> = {}): Reply => ({
  kind: 'open',
  modal: modal.name,
  facts,
})

/** A row of buttons holds so many. */
const mostOptions = 5

/** Asks back with at most five answers, each a button that runs the corrected command. */
export const ask = (question: string, options: Option[]): Reply => ({
  kind: 'ask',
  question,
  options: options.slice(0, mostOptions),
})

/** Tells that a change was made; see `Done`. */
export const done = (text: Done['text'], more: Omit<Done, 'kind' | 'text'>): Done => ({ kind: 'done', text, ...more })

export type File = { name: string; content: string | Buffer; title?: string }

/** Sends files to the thread or conversation of the question. */
export const files = (text: string, ...list: File[]): Reply => ({ kind: 'files', text, files: list })

/** Posts a card that follows its subject, and files into its thread. */
export const filesOfCard = <F>(message: Card<F>, id: string, ...list: File[]): Reply => ({
  ...{ kind: 'files', text: '', files: list },
  about: { card: message, id },
})

/** Runs a command instead of answering: a suggestion, a re-slice of an answer, a share. */
export const run = (command: string, how: 'whisper' | 'replace' | 'post' = 'whisper', change?: string): Reply => ({
  kind: 'run',
  command,
  how,
  ...(change ? { change } : {}),
})

export const nothing: Reply = { kind: 'nothing' }

/** Thrown where a name means several things or nothing: the door asks back with these options. */
export class UnclearError extends Error {
  readonly options: Option[]
  constructor(question: string, options: Option[]) {
    super(question)
    this.name = 'UnclearError'
    this.options = options.slice(0, mostOptions)
  }
}

/** The one of this name, else the only one whose name begins so; several or none ask back. */
export function called<T extends { name: string }>(
  all: T[],
  { name, kind }: { name: string; kind: 'person' | 'account' },
  command: (full: string) => string,
): T {
  const wanted = name.trim().toLowerCase()
  const fitting = all.filter((one) => one.name.toLowerCase().startsWith(wanted))
  const one = all.find((each) => each.name.toLowerCase() === wanted) ?? (fitting.length === 1 ? fitting[0] : null)
  if (one) return one
  const names = (fitting.length ? fitting : all).map((each) => each.name)
  throw new UnclearError(
    fitting.length
      ? `Several ${kind === 'person' ? 'people' : 'accounts'} are called like “${name.slice(0, 40)}”.`
      : `I know no ${kind} called “${name.slice(0, 40)}”.`,
    (fitting.length ? names : closest(name, names)).map((full) => ({ label: full, command: command(full) })),
  )
}
