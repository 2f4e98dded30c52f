import volumes from '../../engine/recommendations/volumes-not-attached-for-a-long-time.ts'
import { daily, daysAgo, now, testRecommendation, type Thing } from './tester.ts'

const volume = (more: Thing = {}): Thing => ({
  type: 'Volume',
  attached: false,
  lastAttachedAt: daysAgo(5),
  costs: daily(0.5, 4),
  ...more,
})

testRecommendation(volumes, {
  reports: [
    {
      name: 'a volume detached for 5 days, by its cost per day since',
      given: volume(),
      saving: '15',
      evidence: {
        cost_in_detached_state: '2',
        last_seen_in_attached_state: Math.floor(daysAgo(5).getTime() / 1000),
      },
    },
    {
      name: 'one never seen attached, by at most 31 days but with its whole cost as evidence',
      given: volume({ lastAttachedAt: null, costs: { ...daily(0.5, 31), 32: 10, 60: 10 } }),
      saving: '15',
      evidence: { cost_in_detached_state: '35.5', last_seen_in_attached_state: 0 },
    },
    {
      name: 'one detached for 40 days, by the last 31',
      given: volume({ lastAttachedAt: daysAgo(40), costs: { ...daily(1, 31), 32: 50 } }),
      saving: '30',
      evidence: { cost_in_detached_state: '81' },
    },
    {
      name: 'the day it was detached counts',
      given: volume({ lastAttachedAt: daysAgo(2), costs: { 1: 1, 2: 2, 3: 9 } }),
      saving: '45',
    },
    {
      name: 'today counts when it cost something',
      given: volume({ costs: { 0: 1.5, 1: 0.5 } }),
      saving: '30',
    },
    {
      name: 'today without cost does not lower the average',
      given: volume({ costs: { 0: 0, 1: 0.5 } }),
      saving: '15',
    },
    {
      name: 'one billed on a single day when it was seen attached before',
      given: volume({ costs: { 1: 0.5 }, firstSeenAt: daysAgo(0.5) }),
      saving: '15',
    },
    {
      name: 'one detached a second longer than the threshold',
      given: volume({ lastAttachedAt: new Date(daysAgo(1).getTime() - 1000) }),
      saving: '15',
    },
  ],
  ignores: [
    { name: 'an attached one', given: volume({ attached: true }) },
    { name: 'one whose state nobody knows', given: volume({ attached: null }) },
    { name: 'one detached for exactly the threshold', given: volume({ lastAttachedAt: daysAgo(1) }) },
    { name: 'one detached for 5 days when the threshold is 6', given: volume(), options: { days_threshold: 6 } },
    { name: 'one discovery no longer sees', given: volume({ active: false }) },
    { name: 'one that costs nothing', given: volume({ costs: daily(0, 4) }) },
    { name: 'one whose credit exceeds its cost', given: volume({ costs: { 1: 1, 2: -2 } }) },
    { name: 'one that is on no bill', given: volume({ costs: {} }) },
    {
      name: 'a new one billed on a single day and never seen attached',
      given: volume({ lastAttachedAt: null, costs: { 1: 0.5 }, firstSeenAt: daysAgo(0.5) }),
    },
    { name: 'an instance', given: volume({ type: 'Instance' }) },
  ],
  ends: [
    {
      name: 'as applied when discovery no longer sees it',
      given: volume(),
      becomes: { active: false },
      reason: 'recommendation_applied',
    },
    {
      name: 'as applied when it is gone altogether',
      given: volume(),
      becomes: 'gone',
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when it is attached again',
      given: volume(),
      becomes: { attached: true, lastAttachedAt: now },
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as irrelevant when it was attached in between',
      given: volume(),
      becomes: { lastAttachedAt: daysAgo(0.5) },
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when the threshold was raised',
      given: volume(),
      becomes: {},
      laterOptions: { days_threshold: 30 },
      reason: 'options_changed',
    },
  ],
})
