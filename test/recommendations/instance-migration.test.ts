import { replaceCloudRegions, upsertMachineTypes } from '../../db/queries/prices.ts'
import instanceMigration from '../../engine/recommendations/instance-migration.ts'
import { daysAgo, testRecommendation, type Thing } from './tester.ts'

/** USD per hour of an m5.large. */
const prices = {
  'eu-west-1': '0.107',
  'eu-north-1': '0.102',
  'eu-central-1': '0.115',
  'us-east-1': '0.096',
  'us-gov-west-1': '0.121',
}
const places = [
  ['eu-west-1', 'Europe', 'aws'],
  ['eu-north-1', 'Europe', 'aws'],
  ['eu-central-1', 'Europe', 'aws'],
  ['us-east-1', 'North America', 'aws'],
  ['us-gov-west-1', 'North America', 'aws-us-gov'],
] as const

/** Compute at the list price of eu-west-1: 2.568 a day, 77.04 in 30 days. */
const instance = (more: Thing = {}, daily = '2.568'): Thing => ({
  facts: { flavor: 'm5.large' },
  used: Array.from({ length: 10 }, (_, n) => ({ ago: n + 1, usageType: 'EU-BoxUsage:m5.large', effective: daily })),
  ...more,
})

testRecommendation(instanceMigration, {
  async prepare({ database: { db }, clock }) {
    await replaceCloudRegions(
      db,
      'aws',
      places.map(([region, continent, partition]) => ({ cloud: 'aws', region, name: region, continent, partition })),
    )
    const row = { cloud: 'aws', name: 'm5.large', family: 'm5', cpus: 2, memoryGib: 8 }
    await upsertMachineTypes(db, [
      ...Object.entries(prices).map(([region, hourlyPrice]) => ({ ...row, region, hourlyPrice, seenAt: clock.now() })),
      { ...row, region: 'eu-north-1', name: 'c5.large', hourlyPrice: '0.01', seenAt: daysAgo(61) },
      { ...row, region: 'eu-west-1', name: 'c5.large', hourlyPrice: '0.1', seenAt: clock.now() },
      { ...row, region: 'eu-west-1', os: 'Windows', hourlyPrice: '0.2', seenAt: clock.now() },
    ])
  },
  reports: [
    {
      // 77.04 · (1 − 0.102/0.107) = 3.6
      name: 'an instance that another region of its continent sells cheaper',
      given: instance(),
      saving: '3.6',
      evidence: { flavor: 'm5.large', current_region: 'eu-west-1', recommended_region: 'eu-north-1' },
    },
    {
      // At most the list price: 0.115 · 720 = 82.8; 82.8 · (1 − 0.102/0.115) = 9.36.
      name: 'one in the dearest region, by no more than the difference of the list prices',
      given: instance({ region: 'eu-central-1' }, '5'),
      saving: '9.36',
      evidence: { recommended_region: 'eu-north-1' },
    },
    {
      // 150 · (1 − 0.102/0.107) = 7.009…
      name: 'in another currency by the same share of its cost',
      given: instance({}, '5'),
      currency: 'EUR',
      saving: '7.01',
    },
  ],
  ignores: [
    { name: 'one in the cheapest region', given: instance({ region: 'eu-north-1' }) },
    { name: 'one whose cheaper region lies on another continent', given: instance({ region: 'us-east-1' }) },
    {
      name: 'one in a government region, which public regions are not near to',
      given: instance({ region: 'us-gov-west-1' }),
    },
    { name: 'one whose cheaper price is older than 60 days', given: instance({ facts: { flavor: 'c5.large' } }) },
    {
      name: 'one whose system the other regions do not list',
      given: instance({ facts: { flavor: 'm5.large', os: 'Windows' } }),
    },
    { name: 'one that was not charged for 10 days', given: instance({ used: [{ ago: 11, effective: '2.568' }] }) },
    { name: 'a spot instance', given: instance({ spot: true }) },
    { name: 'one that is gone', given: instance({ active: false }) },
  ],
  ends: [
    {
      name: 'as applied when it is gone',
      given: instance(),
      becomes: { active: false },
      reason: 'recommendation_applied',
    },
    { name: 'as changed otherwise', given: instance(), becomes: {}, used: [], reason: 'options_changed' },
  ],
})
