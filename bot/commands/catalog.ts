// Made by test/generate.ts. Do not edit.
import assign from './assign.ts'
import bind from './bind.ts'
import book from './book.ts'
import calendar from './calendar.ts'
import cost from './cost.ts'
import env from './env.ts'
import extend from './extend.ts'
import help from './help.ts'
import limit from './limit.ts'
import mine from './mine.ts'
import recs from './recs.ts'
import release from './release.ts'
import resource from './resource.ts'
import ttl from './ttl.ts'
import type { AnyCommand } from './command.ts'

/** Every default export of this folder, by file name. */
export const commands: AnyCommand[] = [
  assign,
  bind,
  book,
  calendar,
  cost,
  env,
  extend,
  help,
  limit,
  mine,
  recs,
  release,
  resource,
  ttl,
]
