import { upsertCommitmentOffers, upsertMachineTypes } from '../../db/queries/prices.ts'
import reservedInstances from '../../engine/recommendations/reserved-instances.ts'
import { daysAgo, testRecommendation, type Thing, type Used } from './tester.ts'

/** 0.1 an hour on demand: 72 in 30 days. Standard: 480 a year upfront, 40 a month. Convertible: 0.07 an hour, 50.4 a month. */
const type = { cloud: 'aws', region: 'eu-west-1', family: 'm5', os: 'Linux', software: 'NA' }
const offer = { ...type, kind: 'ri' as const, flavor: 'm5.large', tenancy: 'default', termSeconds: 31_536_000 }

/** A day of compute on demand: 24 hours, 2.4. */
const used = (more: Partial<Used> = {}, days = 7): Used[] =>
  Array.from({ length: days }, (_, n) => ({ ago: n + 1, usageType: 'EU-BoxUsage:m5.large', effective: '2.4', ...more }))
const instance = (more: Thing = {}): Thing => ({
  facts: { flavor: 'm5.large' },
  firstSeenAt: daysAgo(100),
  used: used(),
  ...more,
})

testRecommendation(reservedInstances, {
  async prepare({ database: { db }, clock }) {
    const seenAt = clock.now()
    const machine = { ...type, name: 'm5.large', cpus: 2, memoryGib: 8, hourlyPrice: '0.1', seenAt }
    await upsertMachineTypes(db, [
      machine,
      { ...machine, name: 'm5.xlarge' },
      { ...machine, software: 'SQL Std', hourlyPrice: '0.5' },
      { ...machine, name: 'c5.large', family: 'c5' },
    ])
    const standard = { class: 'standard', payment: 'All Upfront', upfront: '480', hourly: '0', seenAt }
    const convertible = { class: 'convertible', payment: 'No Upfront', upfront: '0', hourly: '0.07', seenAt }
    await upsertCommitmentOffers(db, [
      { ...offer, ...standard, offeringId: 'a' },
      { ...offer, ...convertible, offeringId: 'b' },
      { ...offer, ...standard, offeringId: 'three-years', upfront: '100', termSeconds: 94_608_000 },
      { ...offer, ...standard, offeringId: 'dedicated', upfront: '600', tenancy: 'dedicated' },
      { ...offer, ...convertible, offeringId: 'dedicated too', hourly: '0.08', tenancy: 'dedicated' },
      { ...offer, ...standard, offeringId: 'only one', flavor: 'm5.xlarge' },
      { ...offer, ...standard, offeringId: 'dear', flavor: 'c5.large' },
      { ...offer, ...convertible, offeringId: 'dearer', flavor: 'c5.large', hourly: '0.11' },
    ])
  },
  reports: [
    {
      name: 'an instance on demand for months, by both offers',
      given: instance(),
      saving: '32',
      evidence: {
        ...{ flavor: 'm5.large', average_saving: '21.6', current_cost: '72' },
        ...{ standard_cost: '40', convertible_cost: '50.4' },
      },
    },
    {
      name: 'one we know for a week that the cloud made long ago',
      given: instance({ firstSeenAt: daysAgo(7), cloudCreatedAt: daysAgo(400) }),
      saving: '32',
    },
    {
      // 600 a year is 50 a month, 0.08 an hour is 57.6.
      name: 'a dedicated one by the offers for dedicated hardware',
      given: instance({ used: used({ tenancy: 'Dedicated' }) }),
      saving: '22',
      evidence: { average_saving: '14.4' },
    },
    {
      // 60 in 30 days, because a discount is agreed on.
      name: 'one that costs less than the list price by what it costs',
      given: instance({ used: used({ effective: '2' }) }),
      saving: '20',
      evidence: { current_cost: '60', average_saving: '9.6' },
    },
    {
      // 40 of 72 is the share that stays: 90 · (1 − 40/72); 90 · (1 − 50.4/72).
      name: 'in another currency by the share of its cost',
      given: instance({ used: used({ effective: '3' }) }),
      currency: 'EUR',
      saving: '40',
      evidence: { average_saving: '27', current_cost: '90' },
    },
  ],
  ignores: [
    { name: 'one younger than 90 days', given: instance({ firstSeenAt: daysAgo(89) }) },
    {
      name: 'one a reservation pays for in part',
      given: instance({ used: [...used(), ...used({ item: 'DiscountedUsage' }, 1)] }),
    },
    { name: 'one a savings plan pays for', given: instance({ used: used({ item: 'SavingsPlanCoveredUsage' }) }) },
    { name: 'one that was not charged for a week', given: instance({ used: [{ ...used()[0]!, ago: 8 }] }) },
    { name: 'a spot instance', given: instance({ spot: true }) },
    { name: 'one with only one kind of offer', given: instance({ facts: { flavor: 'm5.xlarge' } }) },
    { name: 'one of whose offers one saves nothing', given: instance({ facts: { flavor: 'c5.large' } }) },
    {
      name: 'one with software nobody offers',
      given: instance({ facts: { flavor: 'm5.large', preinstalled: 'SQL Std' } }),
    },
    {
      name: 'one that runs a third of the day, so that a reservation costs more',
      given: instance({ used: used({ effective: '0.8' }) }),
    },
    { name: 'one that is gone', given: instance({ active: false }) },
  ],
  ends: [
    { name: 'as deleted when it is gone', given: instance(), becomes: { active: false }, reason: 'resource_deleted' },
    {
      name: 'as applied when a reservation pays for it',
      given: instance(),
      becomes: {},
      used: used({ item: 'DiscountedUsage' }),
      reason: 'recommendation_applied',
    },
    {
      name: 'as failed when its machine type is not offered',
      given: instance(),
      becomes: { facts: { flavor: 'x9.huge' } },
      reason: 'failed_dependency',
    },
    {
      name: 'as changed settings when the age was raised above its own',
      given: instance(),
      becomes: {},
      laterOptions: { days_threshold: 120 },
      reason: 'options_changed',
    },
  ],
})
