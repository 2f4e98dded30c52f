import abandoned from '../../engine/recommendations/abandoned-instances.ts'
import { daily, daysAgo, now, steady, testRecommendation, type Thing } from './tester.ts'

const idle = steady(7, { cpu: 2, in: 300, out: 200 })
const instance = (more: Thing = {}): Thing => ({ costs: daily(3, 7), metrics: idle, ...more })

testRecommendation(abandoned, {
  reports: [
    {
      name: 'an instance that did nothing for 7 days, by its average cost',
      given: instance(),
      saving: '90',
      evidence: { cpu: 2, network: 500 },
    },
    {
      name: 'one that costs since 4 days, by the average of those',
      given: instance({ costs: { 4: 4, 3: 4, 2: 0, 1: 4 } }),
      saving: '90',
    },
    {
      name: 'today and the days before the window do not count',
      given: instance({ costs: { 0: 99, ...daily(3, 7), 8: 99 } }),
      saving: '90',
    },
    {
      name: 'one just below both thresholds',
      given: instance({ metrics: steady(7, { cpu: 4.99, in: 999, out: 0.5 }) }),
      saving: '90',
    },
    {
      name: 'one busy by the defaults but not by its own thresholds',
      given: instance({ metrics: steady(7, { cpu: 20, in: 5000, out: 0 }) }),
      options: { cpu_percent_threshold: 21, network_bps_threshold: 5001 },
      saving: '90',
    },
    {
      name: 'one whose average is low although it peaked',
      given: instance({
        metrics: [
          ...steady(6, { cpu: 1, in: 1, out: 1 }),
          { metric: 'cpu', from: daysAgo(7), to: daysAgo(6), value: 20 },
        ],
      }),
      saving: '90',
    },
  ],
  ignores: [
    { name: 'one at exactly 5 % CPU', given: instance({ metrics: steady(7, { cpu: 5, in: 0, out: 0 }) }) },
    {
      name: 'one at exactly 1000 bytes/s in and out together',
      given: instance({ metrics: steady(7, { cpu: 1, in: 500, out: 500 }) }),
    },
    { name: 'one without network metrics', given: instance({ metrics: steady(7, { cpu: 1 }) }) },
    { name: 'one without outgoing traffic metrics', given: instance({ metrics: steady(7, { cpu: 1, in: 1 }) }) },
    { name: 'one without monitoring', given: instance({ metrics: [] }) },
    { name: 'one younger than the threshold', given: instance({ firstSeenAt: daysAgo(6.9) }) },
    { name: 'one that costs nothing', given: instance({ costs: {} }) },
    {
      name: 'one that stopped being idle only in its monitoring of before',
      given: instance({ metrics: [{ metric: 'cpu', from: daysAgo(9), to: daysAgo(8), value: 1 }] }),
    },
    { name: 'one discovery no longer sees', given: instance({ active: false }) },
  ],
  ends: [
    {
      name: 'as applied when it was terminated',
      given: instance(),
      becomes: { active: false },
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when it works again',
      given: instance(),
      becomes: {},
      metrics: [...steady(6, { cpu: 60, in: 300, out: 200 })],
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when the threshold was lowered',
      given: instance(),
      becomes: {},
      laterOptions: { cpu_percent_threshold: 1 },
      reason: 'options_changed',
    },
    {
      name: 'as irrelevant when nobody can say any more',
      given: instance(),
      becomes: { lastSeenAt: now },
      metrics: [],
      reason: 'recommendation_irrelevant',
    },
  ],
})
