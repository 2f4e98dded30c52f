import shortLivingInstances from '../../engine/recommendations/short-living-instances.ts'
import { daysAgo, testRecommendation, type Thing, type Used } from './tester.ts'

/** Five hours of a machine yesterday, 2.5 altogether, and 0.1 of traffic. */
const machine = (hours: string, more: Partial<Used> = {}): Used => ({
  ...{ ago: 1, usageType: 'EU-BoxUsage:m5.large', quantity: hours, effective: '2.5' },
  ...{ startsAt: new Date('2026-11-22T08:00:00Z'), endsAt: new Date('2026-11-22T13:00:00Z'), ...more },
})
const life = (used: Used[] = [machine('5')], more: Thing = {}): Thing => ({
  ...{ active: false, firstSeenAt: new Date('2026-11-22T08:00:00Z'), costs: { 1: 2.6 }, used, ...more },
})

testRecommendation(shortLivingInstances, {
  reports: [
    {
      name: 'an instance that ran for five hours and is gone, with 72 % of what its machine cost',
      given: life(),
      saving: '1.8',
      evidence: { total_cost: '2.6', first_seen: 1795334400, last_seen: 1795352400 },
    },
    {
      name: 'one whose time is charged in seconds',
      given: life([machine('18000', { unit: 'Second' })]),
      saving: '1.8',
    },
    {
      name: 'one that ran on two days, six hours less a minute together',
      given: life([machine('3', { ago: 2, effective: '1.5' }), machine('2.98', { effective: '1.5' })], {
        ...{ firstSeenAt: daysAgo(2), costs: { 1: 1.5, 2: 1.5 } },
      }),
      saving: '2.16',
      evidence: { total_cost: '3' },
    },
  ],
  ignores: [
    { name: 'one that ran for six hours', given: life([machine('6')]) },
    { name: 'one that still lives', given: life([machine('5')], { active: true }) },
    { name: 'a spot instance', given: life([machine('5')], { spot: true }) },
    { name: 'one that began before the window', given: life([machine('5')], { firstSeenAt: daysAgo(5) }) },
    { name: 'one that was charged before the window', given: life([machine('5')], { costs: { 1: 2.6, 10: 1 } }) },
    { name: 'one whose machine cost nothing', given: life([machine('5', { effective: '0' })]) },
    { name: 'one whose machine is not on the bill', given: life([]) },
  ],
  ends: [
    {
      name: 'as changed settings when it leaves the window',
      given: life(),
      becomes: {},
      used: [],
      reason: 'options_changed',
    },
  ],
})
