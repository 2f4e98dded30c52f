import s3AbandonedBuckets from '../../engine/recommendations/s3-abandoned-buckets.ts'
import { daily, daysAgo, now, testRecommendation, type Stretch, type Thing, type Used } from './tester.ts'

const mb = 1024 * 1024
const size = (megabytes: number): Stretch[] => [
  { metric: 'bucket_size', from: daysAgo(7), to: now, value: megabytes * mb },
]
const asked = (tier: 1 | 2, quantity: string, more: Partial<Used> = {}): Used => ({
  ...{
    ago: 2,
    kind: 'requests',
    usageType: `EU-Requests-Tier${tier}`,
    operation: tier === 1 ? 'PutObject' : 'GetObject',
  },
  ...{ unit: 'Requests', quantity, ...more },
})
/** A GB stored all of a day in November is 1/30 GB-Mo. */
const stored = (ago: number, gbMonths: string): Used => ({
  ...{ ago, kind: 'storage', usageType: 'EU-TimedStorage-ByteHrs', unit: 'GB-Mo', quantity: gbMonths },
})
const bucket = (more: Thing = {}): Thing => ({
  ...{ type: 'Bucket', cloudResourceId: 'old-logs', service: 'AmazonS3', costs: daily(0.5, 10) },
  ...{ metrics: size(100), ...more },
})

testRecommendation(s3AbandonedBuckets, {
  reports: [
    {
      name: 'a small bucket nobody asks for anything',
      given: bucket(),
      saving: '15',
      evidence: { avg_data_size: 100, tier_1_request_quantity: 0, tier_2_request_quantity: 0 },
    },
    {
      name: 'one just below each figure',
      given: bucket({ metrics: size(1023), used: [asked(1, '99'), asked(2, '1999')] }),
      saving: '15',
      evidence: { avg_data_size: 1023, tier_1_request_quantity: 99, tier_2_request_quantity: 1999 },
    },
    {
      name: 'requests of tier 2 that get nothing do not count',
      given: bucket({ used: [asked(2, '5000', { operation: 'HeadObject' })] }),
      saving: '15',
    },
    {
      // 0.01 GB-Mo a day of a 30-day month is 0.3 GB: 307.2 MB.
      name: 'one whose size only the bill knows',
      given: bucket({ metrics: [], used: [stored(1, '0.01'), stored(2, '0.01')] }),
      saving: '15',
      evidence: { avg_data_size: 307.2 },
    },
  ],
  ignores: [
    { name: 'one that holds 1024 MB', given: bucket({ metrics: size(1024) }) },
    { name: 'one with 100 requests that write', given: bucket({ used: [asked(1, '60'), asked(1, '40', { ago: 5 })] }) },
    { name: 'one with 2000 GET requests', given: bucket({ used: [asked(2, '2000')] }) },
    { name: 'one whose size nobody knows', given: bucket({ metrics: [] }) },
    { name: 'one younger than 7 days', given: bucket({ firstSeenAt: daysAgo(6) }) },
    { name: 'one that costs nothing', given: bucket({ costs: {} }) },
    { name: 'one discovery no longer sees', given: bucket({ active: false }) },
  ],
  ends: [
    {
      name: 'as applied when it is gone',
      given: bucket(),
      becomes: { active: false },
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when it is used again',
      given: bucket(),
      becomes: {},
      used: [asked(1, '500')],
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when a figure was lowered',
      given: bucket(),
      becomes: {},
      laterOptions: { data_size_threshold: 50 },
      reason: 'options_changed',
    },
  ],
})
