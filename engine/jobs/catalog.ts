// Made by test/generate.ts. Do not edit.
import actOnPower from './act-on-power.ts'
import checkCalendarDue from './check-calendar-due.ts'
import checkCalendar from './check-calendar.ts'
import checkCommitmentsDue from './check-commitments-due.ts'
import checkCommitments from './check-commitments.ts'
import checkConstraintsDue from './check-constraints-due.ts'
import checkConstraints from './check-constraints.ts'
import checkDuplicates from './check-duplicates.ts'
import checkPools from './check-pools.ts'
import checkRecommendationsDue from './check-recommendations-due.ts'
import checkRecommendations from './check-recommendations.ts'
import clearCalendar from './clear-calendar.ts'
import collectMetricsDue from './collect-metrics-due.ts'
import collectMetrics from './collect-metrics.ts'
import decidePower from './decide-power.ts'
import discoverDue from './discover-due.ts'
import discover from './discover.ts'
import gatherResources from './gather-resources.ts'
import importBill from './import-bill.ts'
import importDue from './import-due.ts'
import mirrorAllBookings from './mirror-all-bookings.ts'
import mirrorBooking from './mirror-booking.ts'
import moveBookings from './move-bookings.ts'
import powerDue from './power-due.ts'
import reapplyRules from './reapply-rules.ts'
import refreshPrices from './refresh-prices.ts'
import sweep from './sweep.ts'
import type { AnyHandler } from '../worker.ts'

/** Every default export of this folder, by file name. */
export const handlers: AnyHandler[] = [
  actOnPower,
  checkCalendarDue,
  checkCalendar,
  checkCommitmentsDue,
  checkCommitments,
  checkConstraintsDue,
  checkConstraints,
  checkDuplicates,
  checkPools,
  checkRecommendationsDue,
  checkRecommendations,
  clearCalendar,
  collectMetricsDue,
  collectMetrics,
  decidePower,
  discoverDue,
  discover,
  gatherResources,
  importBill,
  importDue,
  mirrorAllBookings,
  mirrorBooking,
  moveBookings,
  powerDue,
  reapplyRules,
  refreshPrices,
  sweep,
]
