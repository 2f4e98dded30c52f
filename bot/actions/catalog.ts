// Made by test/generate.ts. Do not edit.
import assignTo from './assign-to.ts'
import assign from './assign.ts'
import extendTtl from './extend-ttl.ts'
import letGo from './let-go.ts'
import pickTtl from './pick-ttl.ts'
import poolLimit from './pool-limit.ts'
import restoreConstraint from './restore-constraint.ts'
import runCommand from './run-command.ts'
import setLimit from './set-limit.ts'
import showResource from './show-resource.ts'
import type { Action } from './action.ts'

/** Every default export of this folder, by file name. */
export const actions: Action[] = [
  assignTo,
  assign,
  extendTtl,
  letGo,
  pickTtl,
  poolLimit,
  restoreConstraint,
  runCommand,
  setLimit,
  showResource,
]
