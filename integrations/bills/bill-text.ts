/** What was read, as COPY text: resources by their keys; costs and usage by the ids that the store gave these. */
import { chargeCopyColumns, costColumns, usageCopyColumns, type BilledIds } from '../bill.ts'
import { copyRow, copyText, joined } from './copy-text.ts'
import { quoted, type Duck } from './duck.ts'
import { detailOf } from './lines.ts'
import type { Mapping } from './mapping.ts'
import { usedColumns } from './usage-lines.ts'

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
  const own = Object.fromEntries(Object.entries(details).map(([column, value]) => [detailOf(column), value ?? null]))
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

const moments = ['day', 'starts_at', 'ends_at', 'lines']
const costs: readonly string[] = costColumns
const amounts = [...costs, 'quantity', 'rate', 'normalization', 'committed', 'committed_units']

/** `told` names a column of `told` as the store calls it, `by` is the number that rows are told apart by. */
type Rows = {
  table: string
  by: 'charge' | 'use'
  columns: readonly string[]
  told: (column: string) => string
  period: string
  before: readonly string[]
}

export const chargeRows = {
  table: 'charges',
  by: 'charge',
  columns: chargeCopyColumns,
  told: (name: string) => name,
} as const
export const usageRows = {
  ...({ table: 'used', by: 'use', columns: usageCopyColumns } as const),
  told: (name: string) => (usedColumns.includes(`used_${name}`) ? `used_${name}` : name),
}

/**
 * Rows of a period with `before` in front of each. Those of a resource follow each other, which the indexes of a database
 * like best. What is told becomes COPY text once, its columns beside each other, however many days it is told of.
 */
export async function* periodText(
  duck: Duck,
  { table, by, columns, told, period, before }: Rows,
): AsyncIterable<string> {
  const texts = columns.filter((name) => name !== 'resource_id' && !moments.includes(name) && !amounts.includes(name))
  const cells = columns
    .filter((name) => !texts.includes(name) || name === texts[0])
    .map((name) => {
      if (name === texts[0]) return 'texts'
      if (name === 'billed') return 'billed_text'
      if (costs.includes(name)) return `if(${name} = billed, billed_text, ${amountText(name)})`
      return `coalesce(${amounts.includes(name) ? amountText(name) : `${name}::varchar`}, '\\N')`
    })
  const sql = `
    with texts as (
      select ${by}, resource_id, ${copyText(joined(texts.map(told)))} as texts from (
        select distinct ${[by, 'i.resource_id', ...texts.map((name) => `t.${told(name)}`)].join(', ')}
        from told t left join (select distinct holder from ids where holder <> '') h on h.holder = t.sub_account
        join ids i on i.resource_key = t.resource_key and i.holder = coalesce(h.holder, '')
      )
    )
    select concat_ws(chr(9), ${cells.join(', ')})
    from (
      select *, ${amountText('billed')} as billed_text from (
        select r.*, t.texts, t.resource_id from ${table} r join texts t using (${by}) where r.period = ${quoted(period)}
        order by t.resource_id, r.day
      )
    )`
  const start = before.map((text) => `${text}\t`).join('')
  for await (const chunk of duck.chunks(sql)) yield `${start}${chunk.join(`\n${start}`)}\n`
}

/**
 * SQL of an exact amount, which has 18 decimals, without the zeros after the last digit that counts. Writing it is what
 * making rows costs most; often all costs of a row are the same.
 */
const amountText = (amount: string): string => `rtrim(rtrim(${amount}::varchar, '0'), '.')`
