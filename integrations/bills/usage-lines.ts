/** What a bill's lines used, per day and resource: its lines of a kind, grouped by everything but time and amounts. */
import type { Duck } from './duck.ts'
import type { Header } from './header.ts'
import { linesSql } from './lines.ts'
import { settleUsage } from './unused-commitments.ts'
import { usageNumbers, usageTexts, type Mapping } from './mapping.ts'

/** No line of a bill counts a trillion of anything; beyond, sums might not fit. */
const implausible = 1_000_000_000_000
/** Rows of costs a bill may have for its usage to be grouped in one go; it has fewer of its own. */
const groupsAtOnce = 250_000
const kept = ['resource_key', 'sub_account', 'region', 'kind'] as const
const costs = ['billed', 'effective', 'list'] as const

/** `groups`: rows of costs the bill has. `clean`: no line was set aside, so that none must be judged again. */
type Usage = { mapping: Mapping; headers: Header[]; groups: number; clean: boolean }

/**
 * Reads the files into `used`, unique per period, day and texts. A line counts whole on its first day, from when to when
 * it lasts beside it. Only numbers are aggregated, so that it can spill to disk.
 */
export async function groupUsage(duck: Duck, { mapping, headers, groups, clean }: Usage): Promise<void> {
  const { fields } = mapping.usage
  const columns = [
    'period, first_day as day, starts_at, coalesce(ends_at, starts_at) as ends_at',
    ...[...kept, ...costs],
    ...usageTexts.map((name) => `coalesce(${fields[name]}, '') as ${name}`),
    ...usageNumbers.map((name) => `if(abs(${fields[name]}) < ${implausible}, ${fields[name]}, null) as ${name}`),
  ]
  const lines = headers.map(
    (header) => `select ${columns.join(', ')} from (${linesSql(mapping, header, { again: true, usage: true })})
      where kind is not null ${clean ? '' : 'and reason is null'}`,
  )
  const grouped = (from: string) => `
    select period, day, ${[...kept, ...usageTexts].join(', ')}, coalesce(sum(quantity), 0) as quantity,
      ${costs.map((name) => `sum(${name}) as ${name}`).join(', ')},
      max(rate) as rate, max(normalization) as normalization, sum(committed) as committed,
      sum(committed_units) as committed_units, min(starts_at) as starts_at, max(ends_at) as ends_at, count(*) as lines
    from (${from}) group by all`
  const all = lines.join(' union all ')
  // The lines are gone through so many times that what is grouped at once fits into memory beside them.
  const parts = Math.max(1, Math.ceil(groups / groupsAtOnce))
  if (parts === 1) await duck.run(`create table used as ${grouped(all)}`)
  else {
    await duck.run(`create table used_lines as ${all}`)
    await duck.run(`create table used as ${grouped('from used_lines limit 0')}`)
    for (let part = 0; part < parts; part++)
      await duck.run(`insert into used ${grouped(`from used_lines where hash(resource_key) % ${parts} = ${part}`)}`)
    await duck.run('drop table used_lines')
  }
  await settleUsage(duck)
}
