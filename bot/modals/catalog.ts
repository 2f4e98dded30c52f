// Made by test/generate.ts. Do not edit.
import type { AnyModal } from './modal.ts'

/** Every default export of this folder, by file name. */
export const modals: AnyModal[] = []
