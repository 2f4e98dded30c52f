// Made by test/generate.ts. Do not edit.
import accounts from './accounts.ts'
import archive from './archive.ts'
import assign from './assign.ts'
import audit from './audit.ts'
import bind from './bind.ts'
import book from './book.ts'
import budget from './budget.ts'
import calendar from './calendar.ts'
import connect from './connect.ts'
import cost from './cost.ts'
import coverage from './coverage.ts'
import duplicates from './duplicates.ts'
import env from './env.ts'
import extend from './extend.ts'
import forecast from './forecast.ts'
import help from './help.ts'
import limit from './limit.ts'
import link from './link.ts'
import mine from './mine.ts'
import power from './power.ts'
import recs from './recs.ts'
import release from './release.ts'
import resource from './resource.ts'
import role from './role.ts'
import rules from './rules.ts'
import top from './top.ts'
import ttl from './ttl.ts'
import type { AnyCommand } from './command.ts'

/** Every default export of this folder, by file name. */
export const commands: AnyCommand[] = [
  accounts,
  archive,
  assign,
  audit,
  bind,
  book,
  budget,
  calendar,
  connect,
  cost,
  coverage,
  duplicates,
  env,
  extend,
  forecast,
  help,
  limit,
  link,
  mine,
  power,
  recs,
  release,
  resource,
  role,
  rules,
  top,
  ttl,
]
