/** A bill's lines in our columns. */
import { named } from './duck.ts'
import type { Header } from './header.ts'
import { fields, type Mapping } from './mapping.ts'
import { amount, badSql, moment, reasonSql } from './quarantine.ts'

const nothing = 'null::decimal(38, 18)'
/** What may be about an earlier period. */
const late = `class = 'Correction' or category in ('Credit', 'Adjustment', 'Tax')`

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
    ...Object.entries(details).map(([name, { column }]) => `${column} as ${detailColumn(name, 'raw')}`),
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
    ([name, { when }]) => `if(${when ?? 'true'}, ${detailColumn(name, 'raw')}, null) as ${detailColumn(name)}`,
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
                select ${numbered ? 'row_number() over () as line, ' : ''}${raw.join(', ')} from ${header.from({ keepRejects: !numbered && !again })} ${only ? `where ${inPart(only, `hash(${header.text(texts['resource']!)}, left(${header.text(texts['starts']!)}, 10))`)}` : ''}
              )
            )
          )
        )
      )
    )`
}

/** The column of a detail: DuckDB takes names that differ in case for one, but the tags `Env` and `env` are two. */
export const detailColumn = (name: string, stage: 'raw' | 'its' = 'its'): string =>
  named(`${stage} ${name.replaceAll(/\^|\p{Lu}/gu, '^$&')}`)

/** The detail of a column, as `detailColumn` called it. */
export const detailOf = (column: string): string => column.replace(/^its /, '').replaceAll(/\^(.)/gsu, '$1')

/** Names of resources are cut to what the database indexes; asking for the length first is five times cheaper. */
const cut = 'if(strlen(resource_key) > 512, left(resource_key, 512), resource_key)'

/** `1_000` is a number to DuckDB, to nobody else; and casting is worth it only where something is kept. */
const isNumber = (short: string) => `kind is not null and not contains(${short}_text, '_')`

/** One of so many parts of the lines. */
export type Part = { part: number; parts: number }

/** SQL: whether what has this number is in that part. */
const inPart = ({ part, parts }: Part, number: string) => `${number} % ${parts} = ${part}`
