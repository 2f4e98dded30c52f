// Made by test/generate.ts. Do not edit.
/** Every default export of this folder, by file name. */
export const conditions: never[] = []
