import stopped from '../../engine/recommendations/instances-in-stopped-state-for-a-long-time.ts'
import { daily, daysAgo, now, testRecommendation, type Thing } from './tester.ts'

const machine = (more: Thing = {}): Thing => ({
  stoppedAllocated: true,
  lastNotStoppedAt: daysAgo(3),
  costs: daily(2, 3),
  ...more,
})

testRecommendation(stopped, {
  reports: [
    {
      name: 'a machine stopped for 3 days but not deallocated',
      given: machine(),
      saving: '60',
      evidence: { cost_in_stopped_state: '6', last_seen_active: Math.floor(daysAgo(3).getTime() / 1000) },
    },
    { name: 'one never seen running', given: machine({ lastNotStoppedAt: null }), saving: '60' },
    { name: 'an Alibaba one that keeps charging', given: machine(), cloud: 'alibaba', saving: '60' },
  ],
  ignores: [
    { name: 'a deallocated one', given: machine({ stoppedAllocated: false }) },
    { name: 'one whose state nobody knows', given: machine({ stoppedAllocated: null }) },
    { name: 'one stopped for exactly a day', given: machine({ lastNotStoppedAt: daysAgo(1) }) },
    { name: 'one that costs nothing', given: machine({ costs: {} }) },
  ],
  ends: [
    {
      name: 'as applied when it is gone',
      given: machine(),
      becomes: { active: false },
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when it was deallocated',
      given: machine(),
      becomes: { stoppedAllocated: false },
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as irrelevant when it runs',
      given: machine(),
      becomes: { stoppedAllocated: false, lastNotStoppedAt: now },
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when the threshold was raised',
      given: machine(),
      becomes: {},
      laterOptions: { days_threshold: 4 },
      reason: 'options_changed',
    },
  ],
})
