// Made by test/generate.ts. Do not edit.
import nameContains from './name-contains.ts'
import nameEndsWith from './name-ends-with.ts'
import nameIs from './name-is.ts'
import nameStartsWith from './name-starts-with.ts'
import regionIs from './region-is.ts'
import sourceIs from './source-is.ts'
import tagExists from './tag-exists.ts'
import tagIs from './tag-is.ts'
import tagValueStartsWith from './tag-value-starts-with.ts'
import typeIs from './type-is.ts'
import type { Condition } from '../condition.ts'

/** Every default export of this folder, by file name. */
export const conditions: Condition[] = [
  nameContains,
  nameEndsWith,
  nameIs,
  nameStartsWith,
  regionIs,
  sourceIs,
  tagExists,
  tagIs,
  tagValueStartsWith,
  typeIs,
]
