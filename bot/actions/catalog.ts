// Made by test/generate.ts. Do not edit.
import assignTo from './assign-to.ts'
import assign from './assign.ts'
import book from './book.ts'
import extendBooking from './extend-booking.ts'
import extendTtl from './extend-ttl.ts'
import letGo from './let-go.ts'
import openBooking from './open-booking.ts'
import pickTtl from './pick-ttl.ts'
import poolLimit from './pool-limit.ts'
import release from './release.ts'
import restoreConstraint from './restore-constraint.ts'
import runCommand from './run-command.ts'
import setLimit from './set-limit.ts'
import showResource from './show-resource.ts'
import type { Action } from './action.ts'

/** Every default export of this folder, by file name. */
export const actions: Action[] = [
  assignTo,
  assign,
  book,
  extendBooking,
  extendTtl,
  letGo,
  openBooking,
  pickTtl,
  poolLimit,
  release,
  restoreConstraint,
  runCommand,
  setLimit,
  showResource,
]
