import { upsertMachineTypes } from '../../db/queries/prices.ts'
import rightsizingRds from '../../engine/recommendations/rightsizing-rds.ts'
import { daily, daysAgo, steady, testRecommendation, type Thing } from './tester.ts'

/** On-demand list prices of one zone in eu-west-1, USD per hour. */
const listed = [
  ['db.m5.large', 'MySQL', 'NA', 2, 8, '0.2'],
  ['db.m5.xlarge', 'MySQL', 'NA', 4, 16, '0.4'],
  ['db.m5.2xlarge', 'MySQL', 'NA', 8, 32, '0.8'],
  ['db.m5.large', 'PostgreSQL', 'NA', 2, 8, '0.21'],
  ['db.m5.xlarge', 'PostgreSQL', 'NA', 4, 16, '0.42'],
  ['db.m5.large', 'SQL Server', 'Web', 2, 8, '0.5'],
  ['db.m5.xlarge', 'SQL Server', 'Standard', 4, 16, '1.5'],
  ['db.m5.large', 'SQL Server', 'Standard', 2, 8, '1'],
] as const

const database = (engine = 'mysql', flavor = 'db.m5.2xlarge', more: Thing = {}): Thing => ({
  ...{ type: 'RDS Instance', facts: { flavor, engine }, costs: daily(19.2, 30) },
  ...{ metrics: steady(3, { cpu: 20 }), hasMetrics: true, ...more },
})

testRecommendation(rightsizingRds, {
  async prepare({ database: { db }, clock }) {
    await upsertMachineTypes(
      db,
      listed.map(([name, os, software, cpus, memoryGib, hourlyPrice]) => ({
        ...{ cloud: 'aws', region: 'eu-west-1', name, os, software, family: 'db.m5' },
        ...{ cpus, memoryGib, hourlyPrice, seenAt: clock.now() },
      })),
    )
  },
  reports: [
    {
      // 19.2 a day is 576 in 30 days; 0.2 of 0.8 stays.
      name: 'a database at 20 % of 8 CPUs, which 2 can carry at 80 %',
      given: database(),
      saving: '432',
      evidence: {
        flavor: 'db.m5.2xlarge',
        recommended_flavor: 'db.m5.large',
        recommended_flavor_cost: '144',
        current_cost: '576',
      },
    },
    {
      // The list price of one zone is 302.4; the second zone is not saved twice over it.
      name: 'one of another engine by the prices of that engine',
      given: database('postgres', 'db.m5.xlarge', { costs: daily(10.08, 30) }),
      saving: '151.2',
      evidence: { recommended_flavor: 'db.m5.large' },
    },
    {
      // 1.5 an hour is 1080 in 30 days, a third of it goes.
      name: 'one of an edition by the prices of that edition',
      given: database('sqlserver-se', 'db.m5.xlarge', { costs: daily(36, 30) }),
      saving: '360',
      evidence: { recommended_flavor: 'db.m5.large', recommended_flavor_cost: '720' },
    },
  ],
  ignores: [
    { name: 'one above the limit', given: database('mysql', 'db.m5.2xlarge', { metrics: steady(3, { cpu: 85 }) }) },
    { name: 'one of an engine without prices', given: database('oracle-ee') },
    { name: 'an instance that is no database', given: database('mysql', 'db.m5.2xlarge', { type: 'Instance' }) },
    { name: 'one younger than 3 days', given: database('mysql', 'db.m5.2xlarge', { firstSeenAt: daysAgo(2) }) },
  ],
  ends: [
    {
      name: 'as applied when it has the advised class',
      given: database(),
      becomes: { facts: { flavor: 'db.m5.large', engine: 'mysql' } },
      reason: 'recommendation_applied',
    },
    { name: 'as deleted when it is gone', given: database(), becomes: { active: false }, reason: 'resource_deleted' },
  ],
})
