/** A bill's lines in our columns, and their sums per day and resource. One pass over the files makes all of it. */
import { BillError } from '../bill.ts'
import { isTorn, joined, parted } from './copy-text.ts'
import { isOutOfMemory, named, quoted, type Duck } from './duck.ts'
import type { Header } from './header.ts'
import { fields, type Mapping } from './mapping.ts'
import { amount, badSql, moment, reasonSql } from './quarantine.ts'
import { settleUsage } from './unused-commitments.ts'
import { collectUsed, usedColumns, usedOfLine, usedSums } from './usage-lines.ts'

/** What makes two lines the same row. */
const keys = [
  'resource_key',
  'sub_account',
  'service',
  'region',
  'category',
  'class',
  'commitment',
  'commitment_status',
]
const nothing = 'null::decimal(38, 18)'
/** What may be about an earlier period. */
const late = `class = 'Correction' or category in ('Credit', 'Adjustment', 'Tax')`
const amounts = ['billed', 'effective', 'list', 'contracted']
const sums = [...amounts, 'committed']

/**
 * SQL of one file's lines with the stored fields, their usage, the days they are charged on, and whether they are `bad`: cannot be true.
 * A charge counts in the billing period that bills it: it is spread over its days within the period; a day next to the
 * period (providers' clocks differ) and corrections of earlier ones count on the nearest day of it. What nobody asks for is
 * not worked out. `numbered` adds `line`, the number of the record in the file, and `reason` instead of `bad`; `again` says
 * that the file was read before, so that lines that cannot be split are not noted twice; `only` is one part of the lines, by
 * resource and day.
 */
export function linesSql(
  mapping: Mapping,
  header: Header,
  { numbered = false, again = false, only }: { numbered?: boolean; again?: boolean; only?: Part } = {},
): string {
  const { texts, money, usage: used } = mapping
  const details = mapping.details(header)
  const raw = [
    ...Object.entries({ ...texts, ...used.texts }).map(([short, column]) => `${header.text(column)} as ${short}`),
    ...Object.entries(used.numbers).map(([short, column]) => `${header.text(column)} as ${short}_text`),
    ...Object.entries(money).map(([short, { column }]) => `${header.text(column)} as ${short}_text`),
    ...Object.entries(details).map(([name, { column }]) => `${column} as ${named(`raw ${name}`)}`),
  ]
  const values = [
    ...Object.entries(money).map(
      ([short, kind]) => `${header.has(kind.column) ? amount(short, kind) : nothing} as ${short}`,
    ),
    ...Object.entries(used.numbers).map(
      ([short, column]) => `${header.has(column) ? amount(short, { when: isNumber(short) }) : nothing} as ${short}`,
    ),
    ...['period_from', 'period_to', 'starts', 'ends'].map((short) => `${moment(short)} as ${short}_at`),
  ]
  const rest = Object.entries(details).map(
    ([name, { when }]) => `if(${when ?? 'true'}, ${named(`raw ${name}`)}, null) as ${named(`its ${name}`)}`,
  )
  return `
    select *, ${numbered ? `${reasonSql(mapping, header)} as reason` : `${badSql(mapping, header)} as bad`} from (
      select *, case when overlap_from <= overlap_to then overlap_from
        when first_charged between period_start - (if(${late}, 1100, 1))::integer and period_start then period_start
        when first_charged = period_end then period_end - 1 end as first_day,
        greatest(1, overlap_to - overlap_from + 1) as days
      from (
        select * replace (${cut} as resource_key), greatest(first_charged, period_start) as overlap_from,
          least(last_charged, period_end - 1) as overlap_to
        from (
          select *, ${[...fields.map((field) => `${mapping.fields[field]} as ${field}`), ...rest].join(', ')},
            date_trunc('month', period_from_at)::date as period, period_from_at::date as period_start,
            coalesce(period_to_at::date, (period_from_at + interval 1 month)::date) as period_end,
            starts_at::date as first_charged,
            if(ends_at > starts_at, (ends_at - interval 1 second)::date, starts_at::date) as last_charged
          from (
            select *, ${values.join(', ')} from (
              select *, ${used.kind} as kind from (
                select ${numbered ? 'row_number() over () as line, ' : ''}${raw.join(', ')} from ${header.from({ keepRejects: !numbered && !again })} ${only ? `where ${inPart(`${header.text(texts['resource']!)}, left(${header.text(texts['starts']!)}, 10)`, only)}` : ''}
              )
            )
          )
        )
      )
    )`
}

/** Names of resources are cut to what the database indexes; asking for the length first is five times cheaper. */
const cut = 'if(strlen(resource_key) > 512, left(resource_key, 512), resource_key)'

/** `1_000` is a number to DuckDB, to nobody else; and casting is worth it only where something is kept. */
const isNumber = (short: string) => `kind is not null and not contains(${short}_text, '_')`

/** One of so many parts of what is grouped. */
export type Part = { part: number; parts: number }
const inPart = (by: string, { part, parts }: Part) => `hash(${by}) % ${parts} = ${part}`

/** More memory than a part of this many needs nobody has. */
const mostParts = 64

/**
 * Reads all files into `groups`: sums and line counts per period, first day, length and keys; and into `used`, what the
 * lines used. Both come from one pass that tells lines apart by two texts: every column more that a group has costs the
 * memory of each core. Where the groups do not fit into memory all the same, the files are read part by part, in twice as
 * many parts until they do. `begins` hears of each part.
 */
export async function groupLines(
  duck: Duck,
  { mapping, headers, begins = () => {} }: { mapping: Mapping; headers: Header[]; begins?: (part: Part) => void },
): Promise<void> {
  for (let parts = 1; ; parts *= 2)
    try {
      await collectGroups(duck, { mapping, headers, parts, begins })
      break
    } catch (error) {
      if (!isOutOfMemory(error) || parts >= mostParts) throw error
      for (const table of ['grouped', 'used', 'groups']) await duck.run(`drop table if exists ${table}`)
    }
}

type Grouping = { mapping: Mapping; headers: Header[]; parts: number; begins: (part: Part) => void }

async function collectGroups(duck: Duck, { mapping, headers, parts, begins }: Grouping): Promise<void> {
  const grouped = (only: Part) => `
    select bad, period, first_day, days, currency, texts, used,
      ${sums.map((name) => `sum(if(bad, 0, ${name})) as ${name}`).join(', ')}, ${usedSums.join(', ')}, count(*) as lines
    from (${headers.map((header) => groupedColumns(mapping, header, only)).join(' union all ')}) group by all`
  const all = Array.from({ length: parts }, (_, part) => ({ part, parts }))
  for (const only of all) {
    begins(only)
    await duck.run(`${only.part === 0 ? 'create table grouped as' : 'insert into grouped'} ${grouped(only)}`)
  }
  await demandWhole(duck, headers)
  const keyed = `select *, ${parted('texts', keys)} from grouped`
  for (const only of all) await collectUsed(duck, `${keyed} where ${inPart('texts', only)}`)
  await settleUsage(duck)
  await duck.run(`
    create table groups as
    select bad, period, first_day, days, currency, ${[...sums, 'lines'].join(', ')}, ${parted('texts', keys)} from grouped`)
  await duck.run('drop table grouped')
}

const groupedColumns = (mapping: Mapping, header: Header, { part, parts }: Part): string => `
  select bad, period, first_day, days, currency, ${joined(keys)} as texts, starts_at, ends_at,
    ${[...sums, ...usedOfLine(mapping)].join(', ')}
  from (${linesSql(mapping, header, { again: part > 0, ...(parts > 1 ? { only: { part, parts } } : {}) })})`

/** A CSV file with NUL bytes was refused before; Parquet may hold them in its texts, no database takes them. */
async function demandWhole(duck: Duck, headers: Header[]): Promise<void> {
  const torn = await duck.rows(`select 1 as torn from grouped
    where ${isTorn('texts', keys)} or used <> '' and ${isTorn('used', usedColumns)} limit 1`)
  const { name } = headers[0]!.file
  if (torn.length) throw new BillError(`${name} holds NUL bytes in its texts. Nothing was imported.`, name)
}

/** Which of the asked accounts inside the bill has the resource of a line; '' for the account of the bill. */
const holderSql = (holders: readonly string[]): string =>
  holders.length ? `if(sub_account in (${holders.map(quoted).join(', ')}), sub_account, '')` : `''`

/** Text that is aggregated cannot spill, so resources get their last word so many at a time. */
const resourcesAtOnce = 20_000

/**
 * Reads the files again, for what they say about resources: the newest name and tags, the type of the highest rank.
 * First to all that is said, which can spill; then to the last word, some resources at a time. Two of `holders` that have a resource of
 * one name (a bill's sum of something, a tax) have two.
 */
export async function describeResources(
  duck: Duck,
  { mapping, headers, holders }: { mapping: Mapping; headers: Header[]; holders: readonly string[] },
): Promise<void> {
  const holder = holderSql(holders)
  const details = [...new Set(headers.flatMap((header) => Object.keys(mapping.details(header))))]
  const own = details.map((name) => named(`its ${name}`))
  const lines = headers.map((header) => {
    const has = mapping.details(header)
    const columns = details.map((name) => `${has[name] ? '' : 'null::varchar as '}${named(`its ${name}`)}`)
    return `select ${[`resource_key, ${holder} as holder, type, service, region, starts_at`, ...columns].join(', ')}
      from (${linesSql(mapping, header, { again: true })}) where starts_at is not null`
  })
  await duck.run(`
    create table said as
    select ${['resource_key, holder, type, service, region', ...own].join(', ')}, max(starts_at) as said_at
    from (${lines.join(' union all ')}) group by all`)
  await duck.run(`
    create table billed_days as
    select resource_key, ${holder} as holder, min(first_day) as first_day, max(first_day + (days - 1)::integer) as last_day
    from groups where not bad group by all`)
  const last = (name: string, by: string) => `arg_max(${name}, ${by}) filter (${name} <> '') as ${name}`
  const lastWords = (which: string) => `
    select resource_key, holder, substr(max(type), 2) as type, any_value(first_day) as first_day,
      any_value(last_day) as last_day,
      ${['service', 'region'].map((name) => last(name, `concat(type, said_at, ${name})`)).join(', ')}
      ${own.map((name) => `, ${last(name, `concat(said_at, ${name})`)}`).join('')}
    from (from said where ${which}) join (from billed_days where ${which}) using (resource_key, holder)
    group by resource_key, holder`
  const [{ count }] = (await duck.rows<{ count: string }>('select count(*) as count from billed_days')) as [
    { count: string },
  ]
  const parts = Math.ceil(Number(count) / resourcesAtOnce) || 1
  await duck.run(`create table billed_resources as ${lastWords('false')}`)
  for (let part = 0; part < parts; part++)
    await duck.run(`insert into billed_resources ${lastWords(`hash(resource_key) % ${parts} = ${part}`)}`)
  await duck.run('drop table billed_days')
  await duck.run('drop table said')
}

/**
 * Spreads what lasts several days evenly over them, to ten decimals; the last day takes the rest, so that no digit is
 * lost. Makes `charges`, unique per day and keys, out of `groups`.
 */
export async function spreadGroups(duck: Duck): Promise<void> {
  const share = (name: string) => `cast(cast(${name} as double) / days as decimal(28, 10))`
  const spread = amounts.map(
    (name) => `case when days = 1 then ${name} when nth < days - 1 then ${share(name)}
      else cast(${name} - ${share(name)} * cast(days - 1 as decimal(4, 0)) as decimal(38, 18)) end as ${name}`,
  )
  await duck.run(`
    create table charges as
    select period, day, ${keys.join(', ')}, ${amounts.map((name) => `sum(${name}) as ${name}`).join(', ')}, sum(lines) as lines
    from (
      select period, first_day + nth::integer as day, ${keys.join(', ')}, ${spread.join(', ')}, lines
      from (select *, unnest(range(days)) as nth from groups where not bad)
    )
    group by all`)
  await duck.run('drop table groups')
}
