import shutdown from '../../engine/recommendations/instances-for-shutdown.ts'
import { dayMs, hourMs } from '../../engine/time.ts'
import { daily, daysAgo, now, testRecommendation, type Stretch, type Thing } from './tester.ts'

/** Midnight of today, a Monday: the window is the 14 days before it. */
const midnight = new Date('2026-11-23T00:00:00Z')

type Level = { cpu: number; in: number; out: number }
const low: Level = { cpu: 1, in: 100, out: 100 }
const high: Level = { cpu: 50, in: 100_000, out: 100_000 }

/** Two weeks of hours, each at the level `levelOf` says; null is switched off. */
function weeks(levelOf: (cell: number) => Level | null): Stretch[] {
  const stretches: Stretch[] = []
  for (let hour = 0; hour < 14 * 24; hour += 1) {
    const level = levelOf(hour % 168)
    const from = new Date(midnight.getTime() - 14 * dayMs + hour * hourMs)
    const to = new Date(from.getTime() + hourMs)
    if (level) {
      stretches.push({ metric: 'cpu', from, to, value: level.cpu })
      stretches.push({ metric: 'network_in_io', from, to, value: level.in })
      stretches.push({ metric: 'network_out_io', from, to, value: level.out })
    }
  }
  return stretches
}

const weekend = (cell: number) => cell >= 5 * 24
const night = (cell: number) => cell % 24 < 6
const instance = (more: Thing = {}): Thing => ({
  costs: daily(24, 14),
  metrics: weeks((cell) => (weekend(cell) ? low : high)),
  ...more,
})
const at = (day_of_week: number, hour: number) => ({ day_of_week, hour })

testRecommendation(shutdown, {
  reports: [
    {
      name: 'an instance idle at weekends, by the hours it could be off',
      given: instance(),
      saving: '205.71428571',
      evidence: { inactive_hours: 48, inactivity_periods: [{ start: at(5, 0), end: at(6, 23) }] },
    },
    {
      name: 'one idle every night: periods are merged within the week, not across its end',
      given: instance({ metrics: weeks((cell) => (night(cell) || cell === 167 ? low : high)) }),
      saving: '184.28571429',
      evidence: {
        inactive_hours: 43,
        inactivity_periods: [
          ...[0, 1, 2, 3, 4, 5, 6].map((day) => ({ start: at(day, 0), end: at(day, 5) })),
          { start: at(6, 23), end: at(6, 23) },
        ],
      },
    },
    {
      name: 'one idle in a single hour: a point belongs to the interval that ends with it',
      given: instance({ metrics: weeks((cell) => (cell === 0 ? low : high)) }),
      saving: '4.28571429',
      evidence: { inactive_hours: 1, inactivity_periods: [{ start: at(0, 0), end: at(0, 0) }] },
    },
    {
      name: 'hours switched off are no inactive hours',
      given: instance({ metrics: weeks((cell) => (weekend(cell) ? null : night(cell) ? low : high)) }),
      saving: '128.57142857',
      evidence: { inactive_hours: 30 },
    },
  ],
  ignores: [
    { name: 'one that always works', given: instance({ metrics: weeks(() => high) }) },
    { name: 'one at exactly 5 % CPU', given: instance({ metrics: weeks(() => ({ ...low, cpu: 5 })) }) },
    { name: 'one at exactly 1000 bytes/s', given: instance({ metrics: weeks(() => ({ ...low, in: 500, out: 500 })) }) },
    {
      name: 'one without network metrics',
      given: instance({ metrics: weeks(() => low).filter((s) => s.metric === 'cpu') }),
    },
    {
      name: 'one first seen inside the window',
      given: instance({ firstSeenAt: new Date(midnight.getTime() - 14 * dayMs) }),
    },
    { name: 'one that costs nothing', given: instance({ costs: {} }) },
    {
      name: 'one idle only today, which is not over',
      given: instance({
        metrics: (['cpu', 'network_in_io', 'network_out_io'] as const).map((metric) => ({
          metric,
          from: midnight,
          to: now,
          value: 1,
        })),
      }),
    },
    { name: 'one discovery no longer sees', given: instance({ active: false, lastSeenAt: daysAgo(1) }) },
  ],
  ends: [
    { name: 'as deleted when it is gone', given: instance(), becomes: { active: false }, reason: 'resource_deleted' },
    {
      name: 'as applied when it is off in those hours',
      given: instance(),
      becomes: {},
      metrics: weeks((cell) => (weekend(cell) ? null : high)),
      reason: 'recommendation_applied',
    },
    {
      name: 'as applied when it works in those hours',
      given: instance(),
      becomes: {},
      metrics: weeks(() => high),
      reason: 'recommendation_applied',
    },
    {
      name: 'as changed settings when the hours are still idle by the old thresholds',
      given: instance(),
      becomes: {},
      laterOptions: { cpu_percent_threshold: 0 },
      reason: 'options_changed',
    },
  ],
})
