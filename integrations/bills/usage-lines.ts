/** What a bill's lines used, per day and resource: told apart in the same pass as their costs, collected from its groups. */
import type { Duck } from './duck.ts'
import { usageNumbers, usageTexts, type Mapping } from './mapping.ts'

/** No line of a bill counts a trillion of anything; beyond, sums might not fit. */
const implausible = 1_000_000_000_000
const costs = ['billed', 'effective', 'list'] as const

/** What lines tell about what they used; all is '' where nothing was that is kept. */
export const usedColumns = ['kind', ...usageTexts].map((name) => `used_${name}`)

/** SQL over a line of what `usedColumns` are. */
export const usedTexts = ({ usage: { fields } }: Mapping): string[] => [
  'kind',
  ...usageTexts.map((name) => fields[name]),
]

export const usedNumbers = usageNumbers.map((name) => `used_${name}`)

/** SQL over a line of what `usedNumbers` are. */
export const usedOfLine = ({ usage: { fields } }: Mapping): string =>
  usageNumbers
    .map(
      (name) => `if(kind is not null and abs(${fields[name]}) < ${implausible}, ${fields[name]}, null) as used_${name}`,
    )
    .join(', ')

/** How these numbers of lines become those of a group; only numbers, so that it can spill to disk. */
export const usedSums = [
  'sum(used_quantity) as used_quantity, max(used_rate) as used_rate',
  'min(starts_at) as starts_at, max(coalesce(ends_at, starts_at)) as ends_at',
]

/** SQL of a factor as the bill writes it; 0 and what is no number are not said. `1_000` is a number to DuckDB, to nobody else. */
const factor = (text: string) => `nullif(try_cast(if(contains(${text}, '_'), null, ${text}) as decimal(30, 18)), 0)`

/**
 * Makes `used` out of `groups` and `told`, unique per period, day and what is told of use. A line counts whole on its first
 * day, from when to when it lasts beside it.
 */
export async function collectUsed(duck: Duck): Promise<void> {
  await duck.run(`
    create table used as
    select u.*, t.used_item as item, t.used_commitment as commitment, ${factor('t.used_normalization')} as normalization
    from (
      select period, first_day as day, use, min(id) as id, ${costs.map((name) => `sum(${name}) as ${name}`).join(', ')},
        coalesce(sum(used_quantity), 0) as quantity, max(used_rate) as rate, sum(used_committed) as committed,
        sum(used_committed_units) as committed_units, min(starts_at) as starts_at, max(ends_at) as ends_at, sum(lines) as lines
      from (select g.*, t.use from groups g join told t using (id) where t.used_kind <> '') group by all
    ) u join told t using (id)`)
}
