// Made by test/generate.ts. Do not edit.
import type { AnyEvent } from './event.ts'

/** Every default export of this folder, by file name. */
export const events: AnyEvent[] = []
