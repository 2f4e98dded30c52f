/** What was read, as COPY text: resources by their keys; costs and usage by the ids that the store gave these. */
import type { BilledIds } from '../bill.ts'
import { copyRow, copyText, joined } from './copy-text.ts'
import { quoted, type Duck } from './duck.ts'
import type { Mapping } from './mapping.ts'

/** What the bill says about resources, columns `resourceCopyColumns`. */
export async function* resourceText(duck: Duck, mapping: Mapping): AsyncIterable<string> {
  const page = 1000
  for (let [after, holder] = ['', '']; ;) {
    const rows = await duck.rows<Record<string, string | null>>(`
      select *, ${mapping.formerKey ?? "''"} as former_key from billed_resources where resource_key > ${quoted(after)}
        or resource_key = ${quoted(after)} and holder > ${quoted(holder)}
      order by resource_key, holder limit ${page}`)
    if (rows.length) yield rows.map((row) => resourceRow(mapping, row)).join('')
    if (rows.length < page) return
    after = rows.at(-1)!['resource_key']!
    holder = rows.at(-1)!['holder']!
  }
}

function resourceRow(mapping: Mapping, row: Record<string, string | null>): string {
  const { resource_key: key, former_key: former, holder, type, service, region, ...rest } = row
  const { first_day: from, last_day: to, ...details } = rest
  const own = Object.fromEntries(
    Object.entries(details).map(([column, value]) => [column.replace(/^its /, ''), value ?? null]),
  )
  const { name, tags, facts } = mapping.describe(own, key ?? '')
  const strings = [
    key,
    former ?? '',
    holder ?? '',
    name,
    type,
    service,
    region,
    JSON.stringify(tags),
    JSON.stringify(facts),
    from,
    to,
  ]
  return copyRow(strings as (string | null)[])
}

/** Takes which resource of the store each key and holder is. */
export async function takeIds(duck: Duck, ids: BilledIds): Promise<void> {
  await duck.run('create or replace table ids (resource_key varchar, holder varchar, resource_id varchar)')
  for await (const rows of ids)
    await duck.append(
      'ids',
      rows.map(({ resourceKey, holder, id }) => [resourceKey, holder, id]),
    )
}

const moments = new Set(['day', 'starts_at', 'ends_at', 'lines'])
const amounts = new Set([
  ...['billed', 'effective', 'list', 'contracted'],
  ...['quantity', 'rate', 'normalization', 'committed', 'committed_units'],
])

type Rows = { table: string; columns: readonly string[]; period: string; before: readonly string[] }

/**
 * Rows of a period with `before` in front of each. Those of a resource follow each other, which the indexes of a database
 * like best. The text columns stand beside each other, so they are written as one.
 */
export async function* periodText(duck: Duck, { table, columns, period, before }: Rows): AsyncIterable<string> {
  const texts = columns.filter((name) => name !== 'resource_id' && !moments.has(name) && !amounts.has(name))
  const numbers = columns.filter((name) => amounts.has(name))
  const cells = columns
    .filter((name) => !texts.includes(name) || name === texts[0])
    .map((name) => {
      if (name === texts[0]) return copyText('texts')
      return `coalesce(${amounts.has(name) ? trimmed(name) : `${name}::varchar`}, '\\N')`
    })
  const sql = `
    select concat_ws(chr(9), ${[...before.map(quoted), ...cells].join(', ')}) || chr(10)
    from (
      select r.* replace (${numbers.map((name) => `r.${name}::varchar as ${name}`).join(', ')}),
        ${joined(texts)} as texts, i.resource_id
      from ${table} r left join (select distinct holder from ids where holder <> '') h on h.holder = r.sub_account
      join ids i on i.resource_key = r.resource_key and i.holder = coalesce(h.holder, '')
      where r.period = ${quoted(period)}
      order by i.resource_id, r.day
    )`
  for await (const chunk of duck.chunks(sql)) yield chunk.join('')
}

/** SQL of a decimal without the zeros after the last digit that counts. */
const trimmed = (amount: string): string => `if(contains(${amount}, '.'), rtrim(rtrim(${amount}, '0'), '.'), ${amount})`
