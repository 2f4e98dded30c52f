import { upsertMachineTypes } from '../../db/queries/prices.ts'
import instanceGenerationUpgrade from '../../engine/recommendations/instance-generation-upgrade.ts'
import { daysAgo, testRecommendation, type Thing } from './tester.ts'

/** Linux in eu-west-1: name, series, generation, current, CPUs, GiB, USD per hour, architecture. */
const listed = [
  ['m3.medium', 'm', 3, false, 1, 3.75, '0.073', 'x86_64'],
  ['m4.large', 'm', 4, false, 2, 8, '0.111', 'x86_64'],
  ['m5.large', 'm', 5, true, 2, 8, '0.107', 'x86_64'],
  ['m7i.large', 'm', 7, true, 2, 8, '0.1113', 'x86_64'],
  ['m7a.large', 'm', 7, true, 2, 8, '0.105', 'x86_64'],
  ['m8g.large', 'm', 8, true, 2, 8, '0.09', 'arm64'],
  ['r4.large', 'r', 4, false, 2, 15.25, '0.148', 'x86_64'],
  ['r5.large', 'r', 5, true, 2, 16, '0.141', 'x86_64'],
  ['c4.large', 'c', 4, false, 2, 3.75, '0.113', 'x86_64'],
  ['c6i.large', 'c', 6, true, 2, 3.75, '0.2', 'x86_64'],
] as const

/** 2.664 on its dearest day (the list price of an m4.large), less on the others. */
const instance = (flavor = 'm4.large', more: Thing = {}, dearest = '2.664'): Thing => ({
  facts: { flavor },
  used: [
    { ago: 1, effective: '1' },
    { ago: 2, effective: dearest },
    { ago: 3, effective: '2' },
  ],
  ...more,
})

testRecommendation(instanceGenerationUpgrade, {
  async prepare({ database: { db }, clock }) {
    await upsertMachineTypes(
      db,
      listed.map(([name, series, generation, currentGeneration, cpus, memoryGib, hourlyPrice, architecture]) => ({
        ...{
          cloud: 'aws',
          region: 'eu-west-1',
          name,
          family: name.split('.')[0]!,
          series,
          generation,
          currentGeneration,
        },
        ...{ cpus, memoryGib, hourlyPrice, architecture, seenAt: clock.now() },
      })),
    )
  },
  reports: [
    {
      // (2.664 − 0.105 · 24) · 30
      name: 'an old type by the cheapest of the newest generation, same letters, size and architecture',
      given: instance(),
      saving: '4.32',
      evidence: {
        flavor: 'm4.large',
        recommended_flavor: 'm7a.large',
        current_cost: '79.92',
        recommended_flavor_cost: '75.6',
      },
    },
    {
      name: 'one whose successor costs as much, for better hardware',
      given: instance('m4.large', {}, '2.52'),
      saving: '0',
      evidence: { recommended_flavor: 'm7a.large' },
    },
    {
      // 3 · (1 − 0.105/0.111) · 30 = 4.8648…
      name: 'in another currency by the ratio of the list prices',
      given: instance('m4.large', {}, '3'),
      currency: 'EUR',
      saving: '4.86486486',
    },
  ],
  ignores: [
    { name: 'a current type', given: instance('m5.large') },
    { name: 'one whose successor costs more than it does', given: instance('m4.large', {}, '2.5') },
    { name: 'one whose family has no type of its size', given: instance('m3.medium') },
    { name: 'one whose successor has other memory', given: instance('r4.large', {}, '9') },
    { name: 'one whose successor is dearer by the list', given: instance('c4.large', {}, '2.712') },
    {
      name: 'one that was not charged for a week',
      given: instance('m4.large', { used: [{ ago: 8, effective: '2.664' }] }),
    },
    { name: 'one of a type nobody knows', given: instance('x9.huge') },
    { name: 'one that is gone', given: instance('m4.large', { active: false, lastSeenAt: daysAgo(1) }) },
  ],
  ends: [
    { name: 'as deleted when it is gone', given: instance(), becomes: { active: false }, reason: 'resource_deleted' },
    {
      name: 'as applied when it has the advised type',
      given: instance(),
      becomes: { facts: { flavor: 'm7a.large' } },
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when it has another type',
      given: instance(),
      becomes: { facts: { flavor: 'm5.large' } },
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as failed when its region sells no successor',
      given: instance(),
      becomes: { region: 'eu-west-9' },
      reason: 'failed_dependency',
    },
    {
      name: 'as changed otherwise',
      given: instance(),
      becomes: {},
      used: [{ ago: 1, effective: '2' }],
      reason: 'options_changed',
    },
  ],
})
