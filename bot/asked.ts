/** A request that waits for a person's decision, and the button that shows it. */
import type { OpenRequest } from '../db/queries/waiting.ts'
import type { Control } from './blocks.ts'
import { button } from './controls.ts'

/** `text` is plain. */
export type Asked = OpenRequest & { text: string }

/** Shows the card with its decisions. */
export const decideButton = ({ message, id, text }: Asked): Control =>
  button({
    label: 'Decide',
    verb: 'show-request',
    id,
    arg: message,
    aria: `Decide: ${text}`.slice(0, 75),
  })
