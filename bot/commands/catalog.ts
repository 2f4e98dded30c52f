// Made by test/generate.ts. Do not edit.
import help from './help.ts'
import type { AnyCommand } from './command.ts'

/** Every default export of this folder, by file name. */
export const commands: AnyCommand[] = [help]
