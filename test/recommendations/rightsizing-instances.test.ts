import { upsertMachineTypes } from '../../db/queries/prices.ts'
import rightsizing from '../../engine/recommendations/rightsizing-instances.ts'
import { daily, daysAgo, steady, testRecommendation, type Stretch, type Thing } from './tester.ts'

/** On-demand list prices of Linux in eu-west-1, USD per hour, as AWS publishes them. */
const listed = [
  ['m5.large', 2, 8, '0.107'],
  ['m5.xlarge', 4, 16, '0.214'],
  ['m5.2xlarge', 8, 32, '0.428'],
  ['m5.4xlarge', 16, 64, '0.856'],
  ['t3.nano', 2, 0.5, '0.0057'],
  ['t3.large', 2, 8, '0.0912'],
] as const

const cpu = (value: number, days = 3): Stretch[] => steady(days, { cpu: value })
const instance = (more: Thing = {}, flavor = 'm5.2xlarge'): Thing => ({
  facts: { flavor },
  costs: daily(0.428 * 24, 30),
  metrics: cpu(20),
  ...more,
})

testRecommendation(rightsizing, {
  async prepare({ database: { db }, clock }) {
    const rows = listed.map(([name, cpus, memoryGib, hourlyPrice]) => ({
      ...{ cloud: 'aws', region: 'eu-west-1', name, os: 'Linux', family: name.split('.')[0]! },
      ...{ cpus, memoryGib, hourlyPrice, seenAt: clock.now() },
    }))
    await upsertMachineTypes(db, rows)
    await upsertMachineTypes(db, [
      { ...rows[0]!, name: 'r5.large', family: 'r5', hourlyPrice: '0.1', seenAt: daysAgo(61) },
      { ...rows[1]!, name: 'r5.xlarge', family: 'r5', hourlyPrice: '0.2' },
      { ...rows[0]!, os: 'Windows', hourlyPrice: '0.199' },
      { ...rows[2]!, os: 'Windows', hourlyPrice: '0.796' },
      { ...rows[0]!, os: 'Windows', software: 'SQL Std', hourlyPrice: '0.679' },
      { ...rows[2]!, os: 'Windows', software: 'SQL Std', hourlyPrice: '2.236' },
    ])
  },
  reports: [
    {
      name: 'an instance at 20 % of 8 CPUs, which 2 can carry at 80 %',
      given: instance(),
      saving: '231.12',
      evidence: {
        ...{
          flavor: 'm5.2xlarge',
          cpu: 8,
          recommended_flavor: 'm5.large',
          recommended_flavor_cpu: 2,
          recommended_flavor_ram: 8,
        },
        ...{ current_cost: '308.16', recommended_flavor_cost: '77.04', saving_percent: 75 },
        ...{ cpu_usage: 20, cpu_peak: 20, cpu_quantile_50: 20, cpu_quantile_99: 20 },
        ...{ project_cpu_avg: 80, project_cpu_peak: 80, projected_cpu_qtl_50: 80, projected_cpu_qtl_99: 80 },
      },
    },
    {
      name: 'just above 20 % it needs 3 CPUs, so the next even size',
      given: instance({ metrics: cpu(20.1) }),
      saving: '154.08',
      evidence: { recommended_flavor: 'm5.xlarge', project_cpu_avg: 40.2 },
    },
    {
      name: 'a size its family lacks means the next larger one',
      given: instance({ metrics: cpu(25) }, 'm5.4xlarge'),
      saving: '154.08',
      evidence: { recommended_flavor: 'm5.2xlarge', recommended_flavor_cpu: 8 },
    },
    {
      name: 'peaks count when the metric is the maximum; projections stop at 100 %',
      given: instance({ metrics: [...cpu(10, 2), { metric: 'cpu', from: daysAgo(3), to: daysAgo(2), value: 39 }] }),
      options: { metric_type: 'max' },
      saving: '154.08',
      evidence: { recommended_flavor: 'm5.xlarge', cpu_peak: 39, project_cpu_peak: 78, cpu_quantile_50: 10 },
    },
    {
      name: 'one that runs half the time saves half',
      given: instance({ costs: daily(0.428 * 12, 30) }),
      saving: '115.56',
      evidence: { current_cost: '154.08', recommended_flavor_cost: '38.52' },
    },
    {
      name: 'in another currency the price ratio is applied to what it costs there',
      given: instance({ costs: daily(20, 30) }),
      currency: 'EUR',
      saving: '450',
      evidence: { current_cost: '600', recommended_flavor_cost: '150' },
    },
    {
      name: 'traffic on the bill of an instance in USD does not count as its price',
      given: instance({ costs: daily(20, 30) }),
      saving: '231.12',
      evidence: { current_cost: '600', recommended_flavor_cost: '368.88', saving_percent: 38.52 },
    },
    {
      name: 'no fewer CPUs than asked for',
      given: instance({ metrics: cpu(1) }),
      options: { recommended_flavor_cpu_min: 3 },
      saving: '154.08',
      evidence: { recommended_flavor: 'm5.xlarge' },
    },
    {
      name: 'a Windows one by the prices of Windows',
      given: instance({ facts: { flavor: 'm5.2xlarge', os: 'Windows' }, costs: daily(0.796 * 24, 30) }),
      saving: '429.84',
      evidence: { recommended_flavor: 'm5.large' },
    },
    {
      name: 'one with SQL Server by the prices with SQL Server',
      given: instance({
        facts: { flavor: 'm5.2xlarge', os: 'Windows', preinstalled: 'SQL Std' },
        costs: daily(2.236 * 24, 30),
      }),
      saving: '1121.04',
      evidence: { recommended_flavor: 'm5.large', recommended_flavor_cost: '488.88' },
    },
    {
      name: 'a machine type left out by pattern is marked as excluded',
      given: instance(),
      options: { excluded_flavor_regex: '^m5\\.' },
      saving: '231.12',
      excluded: true,
    },
  ],
  ignores: [
    { name: 'one that uses exactly its CPUs at the limit', given: instance({ metrics: cpu(80) }) },
    { name: 'one above the limit', given: instance({ metrics: cpu(95) }) },
    { name: 'one that shows no CPU use at all', given: instance({ metrics: cpu(0) }) },
    { name: 'one without monitoring', given: instance({ metrics: [] }) },
    {
      name: 'one whose monitoring is older than the window',
      given: instance({ metrics: [{ metric: 'cpu', from: daysAgo(5), to: daysAgo(3), value: 5 }] }),
    },
    { name: 'one younger than 3 days', given: instance({ firstSeenAt: daysAgo(2.9) }) },
    { name: 'a spot instance', given: instance({ spot: true }) },
    { name: 'one whose machine type is not on the price list', given: instance({}, 'x9.huge') },
    { name: 'one in a region without prices', given: instance({ region: 'eu-west-9' }) },
    { name: 'one whose smaller type would halve its memory per CPU', given: instance({}, 't3.large') },
    { name: 'one whose family has no smaller type', given: instance({}, 'm5.large') },
    { name: 'one whose smaller type has only a price older than 60 days', given: instance({}, 'r5.xlarge') },
    { name: 'one that costs nothing', given: instance({ costs: {} }) },
    { name: 'one discovery no longer sees', given: instance({ active: false }) },
    { name: 'one that may not get fewer CPUs', given: instance(), options: { recommended_flavor_cpu_min: 8 } },
  ],
  ends: [
    { name: 'as deleted when it is gone', given: instance(), becomes: { active: false }, reason: 'resource_deleted' },
    {
      name: 'as applied when it has the recommended type',
      given: instance(),
      becomes: { facts: { flavor: 'm5.large' } },
      reason: 'recommendation_applied',
    },
    {
      name: 'as failed when its new type is unknown',
      given: instance(),
      becomes: { facts: { flavor: 'x9.huge' } },
      reason: 'failed_dependency',
    },
    {
      name: 'as failed when its CPU is no longer known',
      given: instance(),
      becomes: {},
      metrics: [],
      reason: 'failed_dependency',
    },
    {
      name: 'as irrelevant when the recommended type costs no less than it does now',
      given: instance(),
      becomes: {},
      costs: daily(1, 30),
      metrics: cpu(90),
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'without a trace when it costs nothing now',
      given: instance(),
      becomes: {},
      costs: {},
      reason: null,
    },
    {
      name: 'as changed settings when the CPU rose above the limit',
      given: instance(),
      becomes: {},
      metrics: cpu(90),
      reason: 'options_changed',
    },
  ],
})
