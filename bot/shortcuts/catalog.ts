// Made by test/generate.ts. Do not edit.
import bookEnvironment from './book-environment.ts'
import lookUpResources from './look-up-resources.ts'
import type { Shortcut } from './shortcut.ts'

/** Every default export of this folder, by file name. */
export const shortcuts: Shortcut[] = [bookEnvironment, lookUpResources]
