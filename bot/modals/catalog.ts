// Made by test/generate.ts. Do not edit.
import approvalLimit from './approval-limit.ts'
import approvePart from './approve-part.ts'
import assign from './assign.ts'
import bookEnvironment from './book-environment.ts'
import changeSchedule from './change-schedule.ts'
import connectAccount from './connect-account.ts'
import connectDecision from './connect-decision.ts'
import findDuplicates from './find-duplicates.ts'
import makeRule from './make-rule.ts'
import palette from './palette.ts'
import pickTtl from './pick-ttl.ts'
import poolLimit from './pool-limit.ts'
import powerSchedule from './power-schedule.ts'
import recommendationSettings from './recommendation-settings.ts'
import removeAccount from './remove-account.ts'
import reviewRecommendations from './review-recommendations.ts'
import rotateKey from './rotate-key.ts'
import setLimit from './set-limit.ts'
import waiting from './waiting.ts'
import type { AnyModal } from './modal.ts'

/** Every default export of this folder, by file name. */
export const modals: AnyModal[] = [
  approvalLimit,
  approvePart,
  assign,
  bookEnvironment,
  changeSchedule,
  connectAccount,
  connectDecision,
  findDuplicates,
  makeRule,
  palette,
  pickTtl,
  poolLimit,
  powerSchedule,
  recommendationSettings,
  removeAccount,
  reviewRecommendations,
  rotateKey,
  setLimit,
  waiting,
]
