import obsoleteSnapshots from '../../engine/recommendations/obsolete-snapshots.ts'
import { daily, daysAgo, testRecommendation, type Beside, type Thing } from './tester.ts'

/** Costs 0.4 a day, for 40 days up to yesterday; its volume is long gone. */
const snapshot = (more: Thing = {}): Thing => ({
  type: 'Snapshot',
  cloudResourceId: 'snap-1',
  facts: { volumeId: 'vol-1', sizeGib: 8, state: 'completed' },
  costs: daily(0.4, 40),
  ...more,
})
const volume = (more: Thing = {}): Beside => ({ type: 'Volume', cloudResourceId: 'vol-1', ...more })
const image = (more: { active?: boolean } = {}): Beside => ({
  kind: 'image',
  cloudId: 'ami-1',
  facts: { snapshotIds: ['snap-9', 'snap-1'], state: 'available' },
  ...more,
})
const copy = (lastSeenAt: Date): Beside => ({
  ...{ type: 'Volume', cloudResourceId: 'vol-2', facts: { snapshotId: 'snap-1' } },
  ...{ active: false, lastSeenAt },
})
const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000

testRecommendation(obsoleteSnapshots, {
  reports: [
    {
      // Today is 2026-11-23: the threshold is the 19th, the 30 days before it are 10-20 to 11-18, all charged 0.4.
      name: 'a snapshot whose volume is gone and that nothing is made from',
      given: snapshot(),
      saving: '12',
      evidence: { first_seen: seconds('2026-10-20'), last_seen: seconds('2026-11-19'), last_used: 0 },
    },
    {
      // Charged on the 17th and 18th only: 0.8 over 2 days.
      name: 'one charged since two days before the threshold, by those two days',
      given: snapshot({ costs: daily(0.4, 6) }),
      saving: '12',
      evidence: { first_seen: seconds('2026-11-17') },
    },
    {
      // 10-20 and 11-18 are 30 days apart, both ends counted: 3 / 30 · 30.
      name: 'one charged on the first and last day, by all days between',
      given: snapshot({ costs: { 34: 1.5, 5: 1.5 } }),
      saving: '3',
    },
    {
      name: 'one whose copy was last seen five days ago, and says so',
      given: snapshot({ lastUsedAt: daysAgo(5) }),
      beside: [copy(daysAgo(5))],
      saving: '12',
      evidence: { last_used: daysAgo(5).getTime() / 1000 },
    },
    {
      name: 'one whose source volume discovery no longer sees',
      given: snapshot(),
      beside: [volume({ active: false })],
      saving: '12',
    },
    { name: 'one whose image is gone', given: snapshot(), beside: [image({ active: false })], saving: '12' },
  ],
  ignores: [
    { name: 'one whose source volume exists', given: snapshot(), beside: [volume()] },
    { name: 'one an image is made from', given: snapshot(), beside: [image()] },
    { name: 'one a volume was made from that was seen yesterday', given: snapshot(), beside: [copy(daysAgo(1))] },
    { name: 'one last used three days ago', given: snapshot({ lastUsedAt: daysAgo(3) }) },
    { name: 'one that cost nothing before the threshold', given: snapshot({ costs: daily(0.4, 4) }) },
    { name: 'one that is free', given: snapshot({ costs: daily(0, 40) }) },
    { name: 'one discovery no longer sees', given: snapshot({ active: false }) },
  ],
  ends: [
    {
      name: 'as applied when it was deleted',
      given: snapshot(),
      becomes: { active: false },
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when an image was made from it',
      given: snapshot(),
      becomes: {},
      besides: [image()],
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as irrelevant when a volume was made from it',
      given: snapshot(),
      becomes: {},
      besides: [copy(daysAgo(0))],
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when the threshold was raised over the time it was last used',
      given: snapshot({ lastUsedAt: daysAgo(10) }),
      becomes: {},
      laterOptions: { days_threshold: 11 },
      reason: 'options_changed',
    },
  ],
})
