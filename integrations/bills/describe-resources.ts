/** What a bill says about its resources, from what its lines told. */
import { quoted, type Duck } from './duck.ts'
import { aboutColumns } from './groups.ts'
import type { Header } from './header.ts'
import type { Mapping } from './mapping.ts'

/** Which of the asked accounts inside the bill has the resource of a line; '' for the account of the bill. */
const holderSql = (holders: readonly string[]): string =>
  holders.length ? `if(sub_account in (${holders.map(quoted).join(', ')}), sub_account, '')` : `''`

/** Text that is aggregated cannot spill, so resources get their last word so many at a time. */
const resourcesAtOnce = 20_000

/**
 * Makes `billed_resources`: the newest name and tags (of two on one day, those that began later), the type of the
 * highest rank, the first and the last day. Two of `holders` that have a resource of one name (a bill's sum of something, a tax) have two.
 */
export async function describeResources(
  duck: Duck,
  { mapping, headers, holders }: { mapping: Mapping; headers: Header[]; holders: readonly string[] },
): Promise<void> {
  await duck.run(`
    create table billed_days as
    select id, max(starts_at) as said_at, min(first_day) as first_day, max(first_day + (days - 1)::integer) as last_day
    from groups where not bad group by id`)
  const last = (name: string, by: string) => `arg_max(${name}, ${by}) filter (${name} <> '') as ${name}`
  const [, ...details] = aboutColumns(mapping, headers)
  const lastWords = (which: string) => `
    select resource_key, ${holderSql(holders)} as holder, substr(max(type), 2) as type,
      min(first_day) as first_day, max(last_day) as last_day,
      ${['service', 'region'].map((name) => last(name, `concat(type, said_at, ${name})`)).join(', ')}
      ${details.map((name) => `, ${last(name, `concat(said_at, ${name})`)}`).join('')}
    from told join billed_days using (id) where ${which} group by all`
  const [found] = await duck.rows<{ count: string }>('select approx_count_distinct(resource_key) as count from told')
  const parts = Math.ceil(Number(found!.count) / resourcesAtOnce) || 1
  await duck.run(`create table billed_resources as ${lastWords('false')}`)
  for (let part = 0; part < parts; part++)
    await duck.run(`insert into billed_resources ${lastWords(`hash(resource_key) % ${parts} = ${part}`)}`)
  await duck.run('drop table billed_days')
}
