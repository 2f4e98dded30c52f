/**
 * The sums of a bill's lines per day and resource. One pass over the files makes all of it: what lines are about is told
 * once (`told`), however many days it goes on; groups of lines (`groups`) know which of that they are about by its `id`.
 */
import { BillError, chargeTexts, costColumns } from '../bill.ts'
import { isTorn, joined, joinedEmpty, parted, split } from './copy-text.ts'
import { isOutOfMemory, type Duck } from './duck.ts'
import type { Header } from './header.ts'
import { detailColumn, linesSql, type Part } from './lines.ts'
import type { Mapping } from './mapping.ts'
import { promised, promises, promisesOfGroup, settleUsage } from './unused-commitments.ts'
import { collectUsed, usedColumns, usedNumbers, usedOfLine, usedSums, usedTexts } from './usage-lines.ts'

/** What makes two lines the same row of costs, but for the day. */
const keys = ['resource_key', ...chargeTexts]
/** The same for usage. */
const useKeys = ['resource_key', 'sub_account', 'region', ...usedColumns]

/** What lines say about their resource beside its keys: its type and the details of the format. */
export const aboutColumns = (mapping: Mapping, headers: Header[]): string[] => [
  'type',
  ...new Set(headers.flatMap((header) => Object.keys(mapping.details(header)).map((name) => detailColumn(name)))),
]

const toldColumns = (about: string[]) => [...keys, 'currency', ...about, ...promises, ...usedColumns]

/** More memory than a part of this many needs nobody has. */
const mostParts = 64

type Bill = { mapping: Mapping; headers: Header[] }

/**
 * Reads all files into `told`, what lines are about; `groups`, sums and line counts per period, first day and length of
 * that; and `used`, what the lines used. A group keeps nothing but numbers, so that many fit into memory and can spill to
 * disk. Where they do not fit all the same, the files are read part by part, in twice as many parts until they do. `begins`
 * hears of each part.
 */
export async function groupLines(
  duck: Duck,
  { mapping, headers, begins = () => {} }: Bill & { begins?: (part: Part) => void },
): Promise<void> {
  for (let parts = 1; ; parts *= 2)
    try {
      await readLines(duck, { mapping, headers, parts, begins })
      break
    } catch (error) {
      if (!isOutOfMemory(error) || parts >= mostParts) throw error
      await duck.run('drop table if exists grouped')
    }
  await tell(duck, { mapping, headers })
  await duck.run(`
    create table groups as
    select g.* exclude (said), t.commitment, t.commitment_status, ${promisesOfGroup}
    from grouped g join told t using (id) where said is null`)
  await duck.run('drop table grouped')
  await collectUsed(duck)
  await settleUsage(duck)
}

async function readLines(
  duck: Duck,
  { mapping, headers, parts, begins }: Bill & { parts: number; begins: (part: Part) => void },
): Promise<void> {
  for (let part = 0; part < parts; part++) {
    begins({ part, parts })
    const lines = headers.map((header) => lineColumns({ mapping, headers }, header, { part, parts }))
    await duck.run(`${part === 0 ? 'create table grouped as' : 'insert into grouped'}
      select bad, period, first_day, days, id, said, ${costColumns.map((name) => `sum(if(bad, 0, ${name})) as ${name}`).join(', ')},
        ${usedSums.join(', ')}, count(*) as lines
      from (select *, hash(said) as id from (${lines.join(' union all ')}))
      group by grouping sets ((bad, period, first_day, days, id), (id, said))`)
  }
}

/** What is grouped of one file's lines: `said` is all they tell as one text, '' of those that cannot be true. */
function lineColumns({ mapping, headers }: Bill, header: Header, only: Part): string {
  const has = mapping.details(header)
  const own = new Set(['type', ...Object.keys(has).map((name) => detailColumn(name))])
  const about = aboutColumns(mapping, headers).map((name) => (own.has(name) ? name : `''`))
  const again = { again: only.part > 0, ...(only.parts > 1 ? { only } : {}) }
  return `
    select bad, period, first_day, days, starts_at, ends_at, ${[...costColumns, ...usedNumbers].join(', ')}, if(bad, '', concat(
      ${joined([...keys, 'currency', ...about, ...promised, `''`])}, if(kind is null, ${joinedEmpty(usedColumns)}, ${joined(usedTexts(mapping))}))) as said
    from (select *, ${usedOfLine(mapping)} from (${linesSql(mapping, header, again)}))`
}

/** Makes `told`: what lines say, with `charge` and `use`, which are the same for what is one row of costs or of usage. */
async function tell(duck: Duck, { mapping, headers }: Bill): Promise<void> {
  const { name } = headers[0]!.file
  const columns = toldColumns(aboutColumns(mapping, headers))
  // A CSV file with NUL bytes was refused before; Parquet may hold them in its texts, no database takes them.
  const torn = await duck.rows(`select 1 as torn from grouped where said <> '' and ${isTorn('said', columns)} limit 1`)
  if (torn.length) throw new BillError(`${name} holds NUL bytes in its texts. Nothing was imported.`, name)
  await duck.run(`
    create table told as
    select *, hash(${joined(keys)}) as charge, hash(${joined(useKeys)}) as use
    from (
      select id, ${parted('parts', columns)}
      from (select id, ${split('said')} as parts from (select distinct id, said from grouped where said is not null))
    )`)
  const [same] = await duck.rows<{ ids: string; charges: string; uses: string }>(`
    select count(*) - count(distinct id) as ids, count(distinct (${keys.join(', ')})) - count(distinct charge) as charges,
      count(distinct (${useKeys.join(', ')})) - count(distinct use) as uses from told`)
  // A chance of one in millions of millions; then sums would be wrong.
  if (Object.values(same!).some((number) => number !== '0'))
    throw new BillError(`Two lines of ${name} cannot be told apart. Send it in parts. Nothing was imported.`, name)
}

/**
 * Spreads what lasts several days evenly over them, to ten decimals; the last day takes the rest, so that no digit is
 * lost. Makes `charges`, unique per day and what is told, out of `groups`.
 */
export async function spreadGroups(duck: Duck): Promise<void> {
  const share = (name: string) => `cast(cast(${name} as double) / days as decimal(28, 10))`
  const spread = costColumns.map(
    (name) => `case when days = 1 then ${name} when nth < days - 1 then ${share(name)}
      else cast(${name} - ${share(name)} * cast(days - 1 as decimal(4, 0)) as decimal(38, 18)) end as ${name}`,
  )
  await duck.run(`
    create table charges as
    select period, day, charge, ${costColumns.map((name) => `sum(${name}) as ${name}`).join(', ')}, sum(lines) as lines
    from (
      select period, first_day + nth::integer as day, charge, ${spread.join(', ')}, lines
      from (select g.*, t.charge, unnest(range(days)) as nth from groups g join told t using (id) where not bad)
    )
    group by all`)
  await duck.run('drop table groups')
}
