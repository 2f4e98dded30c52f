/** The contract of a shortcut: on a message ("Look up resources") or in the composer's menu. */
import type { BotContext } from '../context.ts'
import type { Reply } from '../reply.ts'

export type Shortcut = {
  /** The file name; also Slack's callback id. */
  name: string
  /** At most 24 characters, as Slack's menu shows it. */
  title: string
  description: string
  kind: 'message' | 'global'
  /** The dialog to open with a loading view before anything is read (IC-2); `text` is the message's, cut to 2000. */
  opens?: { modal: { name: string }; facts: (text: string) => Record<string, string> }
  run?: (ctx: BotContext, text: string) => Promise<Reply>
}

/** Declares a shortcut. */
export const shortcut = (declared: Shortcut): Shortcut => declared
