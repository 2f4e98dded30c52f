// Made by test/generate.ts. Do not edit.
import type { AnyHandler } from '../../engine/worker.ts'

/** Every default export of this folder, by file name. */
export const handlers: AnyHandler[] = []
