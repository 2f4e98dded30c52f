// Made by test/generate.ts. Do not edit.
import accountHealth from './account-health.ts'
import help from './help.ts'
import type { AnyMessage } from './message.ts'

/** Every default export of this folder, by file name. */
export const messages: AnyMessage[] = [accountHealth, help]
