// Made by test/generate.ts. Do not edit.
import runCommand from './run-command.ts'
import type { Action } from './action.ts'

/** Every default export of this folder, by file name. */
export const actions: Action[] = [runCommand]
