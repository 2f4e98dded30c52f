// Made by test/generate.ts. Do not edit.
import accountCard from './account-card.ts'
import accountHealth from './account-health.ts'
import accountList from './account-list.ts'
import account from './account.ts'
import archivedFindings from './archived-findings.ts'
import auditTrail from './audit-trail.ts'
import bookingCard from './booking-card.ts'
import bookingEnding from './booking-ending.ts'
import bookingPutBack from './booking-put-back.ts'
import bookingsLost from './bookings-lost.ts'
import budgetAnswer from './budget-answer.ts'
import calendarCleared from './calendar-cleared.ts'
import calendarState from './calendar-state.ts'
import channelBindings from './channel-bindings.ts'
import cleanUpApproval from './clean-up-approval.ts'
import cleanUpDecided from './clean-up-decided.ts'
import cleanUp from './clean-up.ts'
import commitmentAlert from './commitment-alert.ts'
import connectCloud from './connect-cloud.ts'
import costAnswer from './cost-answer.ts'
import coverageAnswer from './coverage-answer.ts'
import duplicatesFound from './duplicates-found.ts'
import environmentCard from './environment-card.ts'
import environmentsBoard from './environments-board.ts'
import forecastAnswer from './forecast-answer.ts'
import foundResources from './found-resources.ts'
import help from './help.ts'
import importProgress from './import-progress.ts'
import importReport from './import-report.ts'
import joinDeclined from './join-declined.ts'
import joinRequest from './join-request.ts'
import limitHit from './limit-hit.ts'
import mine from './mine.ts'
import peopleList from './people-list.ts'
import personRemoved from './person-removed.ts'
import poolAlert from './pool-alert.ts'
import powerChanged from './power-changed.ts'
import powerSchedules from './power-schedules.ts'
import question from './question.ts'
import receipt from './receipt.ts'
import recommendationManual from './recommendation-manual.ts'
import recommendations from './recommendations.ts'
import refusal from './refusal.ts'
import request from './request.ts'
import resourceCard from './resource-card.ts'
import ruleOff from './rule-off.ts'
import rulesList from './rules-list.ts'
import savingsFound from './savings-found.ts'
import securityFound from './security-found.ts'
import topAnswer from './top-answer.ts'
import ttlEnding from './ttl-ending.ts'
import welcome from './welcome.ts'
import type { AnyMessage } from './message.ts'

/** Every default export of this folder, by file name. */
export const messages: AnyMessage[] = [
  accountCard,
  accountHealth,
  accountList,
  account,
  archivedFindings,
  auditTrail,
  bookingCard,
  bookingEnding,
  bookingPutBack,
  bookingsLost,
  budgetAnswer,
  calendarCleared,
  calendarState,
  channelBindings,
  cleanUpApproval,
  cleanUpDecided,
  cleanUp,
  commitmentAlert,
  connectCloud,
  costAnswer,
  coverageAnswer,
  duplicatesFound,
  environmentCard,
  environmentsBoard,
  forecastAnswer,
  foundResources,
  help,
  importProgress,
  importReport,
  joinDeclined,
  joinRequest,
  limitHit,
  mine,
  peopleList,
  personRemoved,
  poolAlert,
  powerChanged,
  powerSchedules,
  question,
  receipt,
  recommendationManual,
  recommendations,
  refusal,
  request,
  resourceCard,
  ruleOff,
  rulesList,
  savingsFound,
  securityFound,
  topAnswer,
  ttlEnding,
  welcome,
]
