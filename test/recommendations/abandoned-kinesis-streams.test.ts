import abandonedKinesisStreams from '../../engine/recommendations/abandoned-kinesis-streams.ts'
import { daysAgo, testRecommendation, type Thing, type Used } from './tester.ts'

/** Three shards of 0.015 an hour, all day: 72 shard hours, 1.08. */
const shardDay = (ago: number, more: Partial<Used> = {}): Used => ({
  ...{ ago, kind: 'stream', operation: 'shardHourStorage', usageType: 'EU-Storage-ShardHour', unit: 'ShardHour' },
  ...{ quantity: '72', billed: '1.08', effective: '1.08', list: '1.08', rate: '0.015', ...more },
})
const days = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => shardDay(from + n))
const stream = (used: Used[] = days(1, 8), more: Thing = {}): Thing => ({
  ...{ type: 'Kinesis Stream', cloudResourceId: 'clicks', service: 'AmazonKinesis', used, ...more },
})

testRecommendation(abandonedKinesisStreams, {
  reports: [
    {
      // 1.08 / 24 hours / 0.015 = 3 shards; 3 · 0.015 · 720 hours.
      name: 'a stream with nothing but the hours of its shards',
      given: stream(),
      saving: '32.4',
      evidence: { shardhours_capacity: 3, shardhours_price: '0.045' },
    },
    {
      // The newest day is charged until 06:00: 18 shard hours in 6 hours.
      name: 'one whose newest day is not over yet',
      given: stream([
        ...days(1, 7),
        shardDay(0, {
          ...{ quantity: '18', effective: '0.27', startsAt: new Date('2026-11-23T00:00:00Z') },
          endsAt: new Date('2026-11-23T06:00:00Z'),
        }),
      ]),
      saving: '32.4',
      evidence: { shardhours_capacity: 3 },
    },
    {
      // Half of yesterday and three hours of today, each as the line of a day.
      name: 'one whose newest days are billed in part, by its last complete day',
      given: stream([
        ...days(2, 8),
        shardDay(1, { quantity: '36', effective: '0.54' }),
        shardDay(0, { quantity: '9', effective: '0.135' }),
      ]),
      saving: '32.4',
      evidence: { shardhours_capacity: 3, shardhours_price: '0.045' },
    },
    {
      name: 'one that was used before the window',
      given: stream([...days(1, 7), shardDay(9, { operation: 'PutRequest' })]),
      saving: '32.4',
    },
  ],
  ignores: [
    { name: 'one that was written to', given: stream([...days(1, 7), shardDay(3, { operation: 'PutRequest' })]) },
    {
      name: 'one that is paid by use',
      given: stream([...days(1, 7), shardDay(2, { operation: 'OnDemand-BilledIncomingBytes' })]),
    },
    { name: 'one that is gone from the bill for three days', given: stream(days(4, 10)) },
    { name: 'one younger than 7 days', given: stream(days(1, 5), { firstSeenAt: daysAgo(5) }) },
    { name: 'one without a complete day', given: stream(days(0, 1)) },
    { name: 'one without a price per hour', given: stream(days(1, 8).map((day) => ({ ...day, rate: null }))) },
    {
      name: 'one whose line lasts no hour',
      given: stream([
        { ...shardDay(2), endsAt: new Date('2026-11-21T00:10:00Z'), startsAt: new Date('2026-11-21T00:00:00Z') },
      ]),
    },
  ],
  ends: [
    {
      name: 'as applied when the bill shows it no more',
      given: stream(),
      becomes: {},
      used: [],
      reason: 'recommendation_applied',
    },
    {
      name: 'as failed when it is priced in another way',
      given: stream(),
      becomes: {},
      used: days(1, 8).map((day) => ({ ...day, term: 'Reserved' })),
      reason: 'failed_dependency',
    },
    {
      name: 'as irrelevant when it is used again',
      given: stream(),
      becomes: {},
      used: [...days(1, 8), shardDay(1, { operation: 'PutRequest' })],
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when the window was widened over its youth',
      given: stream(days(1, 8), { firstSeenAt: daysAgo(9) }),
      becomes: {},
      laterOptions: { days_threshold: 20 },
      reason: 'options_changed',
    },
  ],
})
