import obsoleteIps from '../../engine/recommendations/obsolete-ips.ts'
import { daily, daysAgo, now, testRecommendation, type Thing } from './tester.ts'

const address = (more: Thing = {}): Thing => ({
  type: 'IP Address',
  available: true,
  lastUsedAt: daysAgo(8),
  costs: daily(0.12, 8),
  ...more,
})

testRecommendation(obsoleteIps, {
  reports: [
    {
      name: 'an address unused for 8 days',
      given: address(),
      saving: '3.6',
      evidence: { cost_not_active_ip: '0.96', last_seen_active: Math.floor(daysAgo(8).getTime() / 1000) },
    },
    {
      name: 'one never used, by 31 days',
      given: address({ lastUsedAt: null, costs: daily(0.12, 40) }),
      saving: '3.6',
      evidence: { cost_not_active_ip: '4.8', last_seen_active: 0 },
    },
    {
      name: 'one unused for 3 days when the threshold is 2',
      given: address({ lastUsedAt: daysAgo(3), costs: daily(0.12, 3) }),
      options: { days_threshold: 2 },
      saving: '3.6',
    },
    {
      name: 'one connected yesterday that the cloud made long ago',
      given: address({ firstSeenAt: daysAgo(1), cloudCreatedAt: daysAgo(90) }),
      saving: '3.6',
    },
  ],
  ignores: [
    { name: 'one in use', given: address({ available: false }) },
    { name: 'one unused for exactly 7 days', given: address({ lastUsedAt: daysAgo(7) }) },
    {
      name: 'one made 2 days ago and never used, however often it was billed',
      given: address({ lastUsedAt: null, firstSeenAt: daysAgo(2), costs: daily(0.12, 2) }),
    },
    { name: 'one that is free', given: address({ costs: daily(0, 8) }) },
    { name: 'one discovery no longer sees', given: address({ active: false }) },
  ],
  ends: [
    {
      name: 'as applied when it was released',
      given: address(),
      becomes: { active: false },
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when it is used again',
      given: address(),
      becomes: { available: false, lastUsedAt: now },
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when the threshold was raised',
      given: address(),
      becomes: {},
      laterOptions: { days_threshold: 9 },
      reason: 'options_changed',
    },
  ],
})
