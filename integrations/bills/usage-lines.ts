/** What a bill's lines used, per day and resource: told apart in the same pass as their costs, collected from its groups. */
import { joined, parted } from './copy-text.ts'
import type { Duck } from './duck.ts'
import { usageNumbers, usageTexts, type Mapping } from './mapping.ts'

/** No line of a bill counts a trillion of anything; beyond, sums might not fit. */
const implausible = 1_000_000_000_000
const costs = ['billed', 'effective', 'list'] as const

/** What `used` of a group is made of. */
export const usedColumns = ['kind', ...usageTexts] as const

/** SQL over a line: `used`, the texts of its usage as one, '' when it is no use that is kept; and the numbers of usage. */
export function usedOfLine({ usage: { fields } }: Mapping): string[] {
  const texts = ['kind', ...usageTexts.map((name) => fields[name])]
  const number = (name: (typeof usageNumbers)[number]) =>
    `if(kind is not null and abs(${fields[name]}) < ${implausible}, ${fields[name]}, null) as used_${name}`
  return [`if(bad or kind is null, '', ${joined(texts)}) as used`, ...usageNumbers.map(number)]
}

/** How these numbers of lines become those of a group; only numbers, so that it can spill to disk. */
export const usedSums = [
  ...['quantity', 'committed', 'committed_units'].map((name) => `sum(used_${name}) as used_${name}`),
  ...['rate', 'normalization'].map((name) => `max(used_${name}) as used_${name}`),
  'min(starts_at) as starts_at, max(coalesce(ends_at, starts_at)) as ends_at',
]

/**
 * Adds to `used` what groups of lines (`grouped`, SQL) used, unique per period, day and texts. A line counts whole on its
 * first day, from when to when it lasts beside it.
 */
export async function collectUsed(duck: Duck, grouped: string): Promise<void> {
  const used = `
    select * exclude (used), ${parted('used', usedColumns)} from (
      select period, first_day as day, resource_key, sub_account, region, used,
        ${costs.map((name) => `sum(${name}) as ${name}`).join(', ')}, coalesce(sum(used_quantity), 0) as quantity,
        max(used_rate) as rate, max(used_normalization) as normalization, sum(used_committed) as committed,
        sum(used_committed_units) as committed_units, min(starts_at) as starts_at, max(ends_at) as ends_at, sum(lines) as lines
      from (${grouped}) where used <> '' group by all)`
  await duck.run(`create table if not exists used as from (${used}) limit 0`)
  await duck.run(`insert into used ${used}`)
}
