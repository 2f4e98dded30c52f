/**
 * An instance that has run for months could be reserved.
 *
 * Reported when an instance is older than `days_threshold` days, the bill of the last 7 days charges it on demand, and
 * no reservation or savings plan pays for any of it. Two offers of one year for its machine type are compared: a standard
 * reservation paid upfront (`saving`), which binds most and saves most, and a convertible one without upfront
 * (`average_saving`). Saving: what its compute costs now in 30 days, less the offer per month (in USD organizations at most
 * the list price, less the offer; in others the same share of its cost). Both must save. Ends as deleted when the
 * instance is gone, as applied when a commitment pays for it, as failed when the offers are no longer known.
 * Source: the bill (compute), the price list and the offers of reservations. What is covered already: RI/SP coverage.
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { recommendation, seenNow, today, type Check } from './recommendation.ts'
import { currentFlavor, hoursPerMonth, monthlyBasis, onSale } from './shared/flavors.ts'
import { computeLines, isCovered, isSustained } from './shared/machine-usage.ts'

const lookBackDays = 7
const yearSeconds = 31_536_000
const money = (label: string) => z.string().meta({ label, unit: 'money' })

/** A lateral table with the cheapest offer of one year for the machine type `c` of the tenancy `b.tenancy`: `monthly`. */
const offer = (check: Check, { kind, payment }: { kind: string; payment: string }): SQL => sql`(
  select min(o.upfront / 12 + o.hourly * ${hoursPerMonth}::int) as monthly from commitment_offers o
  where ${onSale(check, sql`o`)} and o.kind = 'ri' and o.region = c.region and o.flavor = c.name and o.os = c.os
    and o.software = c.software and o.tenancy = b.tenancy and o.class = ${kind} and o.payment = ${payment}
    and o.term_seconds = ${yearSeconds}::int
)`
const standard = (check: Check) => offer(check, { kind: 'standard', payment: 'All Upfront' })
const convertible = (check: Check) => offer(check, { kind: 'convertible', payment: 'No Upfront' })

/**
 * How the instances `r` that `where` names were charged lately, as rows `id, covered, tenancy, daily`: the cost per day from
 * the first line until yesterday. Those without lines have no row.
 */
const billed = (check: Check, where: SQL): SQL => {
  const before = sql`filter (where u.day < ${today(check)}::date)`
  return sql`
    select r.id, bool_or(${isCovered}) as covered,
      case when bool_or(u.tenancy ilike 'dedicated') then 'dedicated' else 'default' end as tenancy,
      sum(u.effective) ${before} / (${today(check)}::date - min(u.day) ${before}) as daily
    from resources r join usage u on ${computeLines(check, lookBackDays)} where ${where} group by r.id`
}

export default recommendation({
  id: 'reserved_instances',
  title: 'Reserved instances opportunities',
  category: 'cost',
  advice: 'Buy a reservation for one year, standard or convertible.',
  clouds: ['aws'],
  services: ['EC2'],
  inputs: ['discovery Instance', 'bill', 'usage compute', 'prices machines', 'prices reservations'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(90).meta({ label: 'Older than', unit: 'days' }),
  }),
  evidence: z.object({
    flavor: z.string().meta({ label: 'Machine type' }),
    average_saving: money('Saving with a convertible one, no upfront'),
    current_cost: money('Compute cost now'),
    standard_cost: money('Standard, all upfront, per month'),
    convertible_cost: money('Convertible, no upfront, per month'),
  }),
  find(check, { days_threshold: days }) {
    const basis = monthlyBasis(check, sql`k.daily`, sql`k.hourly_price`)
    const list = sql`(k.hourly_price * ${hoursPerMonth}::int)`
    // In USD the offer is subtracted as it is; in another currency it costs the same share of the price.
    const left = (monthly: SQL) =>
      check.currency === 'USD' ? sql`(${basis} - ${monthly})` : sql`(${basis} * (1 - ${monthly} / ${list}))`
    const text = (amount: SQL) => sql`trim_scale(round(${amount}, 2))::text`
    return sql`
      with billed as (${billed(check, sql`${seenNow(check, 'Instance')} and not r.spot and ${isSustained(check, days)}`)}), known as (
        select b.id, b.daily, c.name, c.hourly_price, s.monthly as standard, v.monthly as convertible
        from billed b
        join resources r on r.id = b.id
        join lateral ${currentFlavor(check)} c on c.hourly_price > 0
        cross join lateral ${standard(check)} s
        cross join lateral ${convertible(check)} v
        where b.daily > 0 and not b.covered and s.monthly is not null and v.monthly is not null
      )
      select k.id as resource_id, trim_scale(round(${left(sql`k.standard`)}, 2)) as saving,
        jsonb_build_object('flavor', k.name, 'average_saving', ${text(left(sql`k.convertible`))}, 'current_cost', ${text(basis)},
          'standard_cost', ${text(sql`${basis} - ${left(sql`k.standard`)}`)},
          'convertible_cost', ${text(sql`${basis} - ${left(sql`k.convertible`)}`)}) as evidence
      from known k
      where ${left(sql`k.standard`)} > 0 and ${left(sql`k.convertible`)} > 0`
  },
  ended: (check, { days_threshold: days }) => sql`(select case
      when r.active is not true or not ${isSustained(check, days)} then 'resource_deleted'
      when b.covered then 'recommendation_applied'
      when not exists (select from ${currentFlavor(check)} c
        cross join lateral ${standard(check)} s cross join lateral ${convertible(check)} v
        where s.monthly is not null and v.monthly is not null) then 'failed_dependency'
      else 'options_changed' end
    from (select coalesce(bool_or(l.covered), false) as covered, coalesce(max(l.tenancy), 'default') as tenancy
      from (${billed(check, sql`r.id = f.resource_id`)}) l) b)`,
})
