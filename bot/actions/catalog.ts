// Made by test/generate.ts. Do not edit.
import approvalLimit from './approval-limit.ts'
import approveCleanUp from './approve-clean-up.ts'
import approvePart from './approve-part.ts'
import askAgain from './ask-again.ts'
import askPerson from './ask-person.ts'
import askToJoin from './ask-to-join.ts'
import assignTo from './assign-to.ts'
import assign from './assign.ts'
import bind from './bind.ts'
import book from './book.ts'
import changeSchedule from './change-schedule.ts'
import checkAgain from './check-again.ts'
import connectAccount from './connect-account.ts'
import decide from './decide.ts'
import declineCleanUp from './decline-clean-up.ts'
import declineJoin from './decline-join.ts'
import dismiss from './dismiss.ts'
import extendBooking from './extend-booking.ts'
import extendTtl from './extend-ttl.ts'
import fillField from './fill-field.ts'
import findDuplicates from './find-duplicates.ts'
import getCleanUp from './get-clean-up.ts'
import getScript from './get-script.ts'
import grantFiles from './grant-files.ts'
import letGo from './let-go.ts'
import letIn from './let-in.ts'
import lookAgain from './look-again.ts'
import makeRule from './make-rule.ts'
import openBooking from './open-booking.ts'
import pauseAccount from './pause-account.ts'
import pickTtl from './pick-ttl.ts'
import poolLimit from './pool-limit.ts'
import powerSchedule from './power-schedule.ts'
import ranCleanUp from './ran-clean-up.ts'
import recheckAccount from './recheck-account.ts'
import recommendationSettings from './recommendation-settings.ts'
import release from './release.ts'
import removeAccount from './remove-account.ts'
import reopen from './reopen.ts'
import resetSettings from './reset-settings.ts'
import restoreConstraint from './restore-constraint.ts'
import restorePower from './restore-power.ts'
import resumeAccount from './resume-account.ts'
import review from './review.ts'
import role from './role.ts'
import rotateKey from './rotate-key.ts'
import runCommand from './run-command.ts'
import setLimit from './set-limit.ts'
import share from './share.ts'
import showAccount from './show-account.ts'
import showPool from './show-pool.ts'
import showRequest from './show-request.ts'
import showResource from './show-resource.ts'
import showWaiting from './show-waiting.ts'
import snooze from './snooze.ts'
import stopDuplicates from './stop-duplicates.ts'
import suggestSchedule from './suggest-schedule.ts'
import undo from './undo.ts'
import type { Action } from './action.ts'

/** Every default export of this folder, by file name. */
export const actions: Action[] = [
  approvalLimit,
  approveCleanUp,
  approvePart,
  askAgain,
  askPerson,
  askToJoin,
  assignTo,
  assign,
  bind,
  book,
  changeSchedule,
  checkAgain,
  connectAccount,
  decide,
  declineCleanUp,
  declineJoin,
  dismiss,
  extendBooking,
  extendTtl,
  fillField,
  findDuplicates,
  getCleanUp,
  getScript,
  grantFiles,
  letGo,
  letIn,
  lookAgain,
  makeRule,
  openBooking,
  pauseAccount,
  pickTtl,
  poolLimit,
  powerSchedule,
  ranCleanUp,
  recheckAccount,
  recommendationSettings,
  release,
  removeAccount,
  reopen,
  resetSettings,
  restoreConstraint,
  restorePower,
  resumeAccount,
  review,
  role,
  rotateKey,
  runCommand,
  setLimit,
  share,
  showAccount,
  showPool,
  showRequest,
  showResource,
  showWaiting,
  snooze,
  stopDuplicates,
  suggestSchedule,
  undo,
]
