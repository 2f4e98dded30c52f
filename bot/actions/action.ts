/** The contract of a button or menu choice: one verb on one kind of subject. */
import type { SubjectKind } from '../../db/vocabulary.ts'
import type { BotContext } from '../context.ts'
import type { Done, Reply } from '../reply.ts'

/** What arrived with the click. Nothing in it is trusted; verbs look the subject up in the person's organization. */
export type Click = {
  /** The subject's id. */
  id: string
  rev: number
  arg: string
  /** Where the button stood: `ask/<question>` on an answer, `<message>/<id>` on a card, the message's name on a report. */
  origin: string
  /** The dialog around the button: the ids it carries and what is entered so far. */
  dialog?: { facts: Record<string, string>; values: Record<string, unknown> }
}

export type Action = {
  /** The file name. */
  verb: string
  /** The kind of `Click.id`; null when there is no subject. */
  on: SubjectKind | null
  /** none: shows something. reversible and irreversible: one receipt per (subject, revision, verb); see `run`. */
  effect: 'none' | 'reversible' | 'irreversible'
  /** The dialog to open with a loading view before anything is read (IC-2); `facts` are ids only. `run` is not called then. */
  opens?: { modal: { name: string }; facts: (click: Click) => Record<string, string> }
  /** May a stale card still do it? Say true when the revision does not matter to this verb. */
  anyRevision?: boolean
  /** Calls one verb and says what is true now. For a change: runs inside the receipt's transaction, returns `done(…)`. */
  run?: (ctx: BotContext, click: Click) => Promise<Reply>
  /** Takes back what `run` (or a command) did; gets the `kept` of its `done`. Answers what is true again. */
  undo?: (ctx: BotContext, undone: { id: string; kept: Record<string, unknown> }) => Promise<Done['text']>
}

/** Declares a button. */
export const action = (declared: Action): Action => declared
