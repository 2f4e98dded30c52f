// Made by test/generate.ts. Do not edit.
import accountHealth from './account-health.ts'
import account from './account.ts'
import auditTrail from './audit-trail.ts'
import bookingCard from './booking-card.ts'
import bookingEnding from './booking-ending.ts'
import budgetAnswer from './budget-answer.ts'
import calendarState from './calendar-state.ts'
import cleanUpScript from './clean-up-script.ts'
import costAnswer from './cost-answer.ts'
import environmentCard from './environment-card.ts'
import environmentsBoard from './environments-board.ts'
import forecastAnswer from './forecast-answer.ts'
import foundResources from './found-resources.ts'
import help from './help.ts'
import importProgress from './import-progress.ts'
import importReport from './import-report.ts'
import joinRequest from './join-request.ts'
import limitHit from './limit-hit.ts'
import mine from './mine.ts'
import poolAlert from './pool-alert.ts'
import question from './question.ts'
import receipt from './receipt.ts'
import recommendations from './recommendations.ts'
import refusal from './refusal.ts'
import request from './request.ts'
import resourceCard from './resource-card.ts'
import ruleOff from './rule-off.ts'
import rulesList from './rules-list.ts'
import savingsFound from './savings-found.ts'
import topAnswer from './top-answer.ts'
import ttlEnding from './ttl-ending.ts'
import welcome from './welcome.ts'
import type { AnyMessage } from './message.ts'

/** Every default export of this folder, by file name. */
export const messages: AnyMessage[] = [
  accountHealth,
  account,
  auditTrail,
  bookingCard,
  bookingEnding,
  budgetAnswer,
  calendarState,
  cleanUpScript,
  costAnswer,
  environmentCard,
  environmentsBoard,
  forecastAnswer,
  foundResources,
  help,
  importProgress,
  importReport,
  joinRequest,
  limitHit,
  mine,
  poolAlert,
  question,
  receipt,
  recommendations,
  refusal,
  request,
  resourceCard,
  ruleOff,
  rulesList,
  savingsFound,
  topAnswer,
  ttlEnding,
  welcome,
]
