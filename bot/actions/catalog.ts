// Made by test/generate.ts. Do not edit.
import askAgain from './ask-again.ts'
import askPerson from './ask-person.ts'
import askToJoin from './ask-to-join.ts'
import assignTo from './assign-to.ts'
import assign from './assign.ts'
import bind from './bind.ts'
import book from './book.ts'
import checkAgain from './check-again.ts'
import decide from './decide.ts'
import declineJoin from './decline-join.ts'
import dismiss from './dismiss.ts'
import extendBooking from './extend-booking.ts'
import extendTtl from './extend-ttl.ts'
import fillField from './fill-field.ts'
import getScript from './get-script.ts'
import letGo from './let-go.ts'
import letIn from './let-in.ts'
import makeRule from './make-rule.ts'
import openBooking from './open-booking.ts'
import pickTtl from './pick-ttl.ts'
import poolLimit from './pool-limit.ts'
import release from './release.ts'
import reopen from './reopen.ts'
import restoreConstraint from './restore-constraint.ts'
import review from './review.ts'
import runCommand from './run-command.ts'
import setLimit from './set-limit.ts'
import share from './share.ts'
import showPool from './show-pool.ts'
import showResource from './show-resource.ts'
import showWaiting from './show-waiting.ts'
import snooze from './snooze.ts'
import undo from './undo.ts'
import type { Action } from './action.ts'

/** Every default export of this folder, by file name. */
export const actions: Action[] = [
  askAgain,
  askPerson,
  askToJoin,
  assignTo,
  assign,
  bind,
  book,
  checkAgain,
  decide,
  declineJoin,
  dismiss,
  extendBooking,
  extendTtl,
  fillField,
  getScript,
  letGo,
  letIn,
  makeRule,
  openBooking,
  pickTtl,
  poolLimit,
  release,
  reopen,
  restoreConstraint,
  review,
  runCommand,
  setLimit,
  share,
  showPool,
  showResource,
  showWaiting,
  snooze,
  undo,
]
