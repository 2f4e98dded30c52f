/** Lines that cannot be true are set aside one by one with a reason; too many of them, and the whole file is refused. */
import { basename } from 'node:path'
import { BillError, costColumns, CurrencyError, type RejectedLine } from '../bill.ts'
import { quoted, type Duck } from './duck.ts'
import type { Header } from './header.ts'
import type { Mapping, Money } from './mapping.ts'

/** One line in a thousand may be bad. */
export const tolerated = 0.001
/** How many bad lines are told one by one. */
const told = 1000
/** No line of a bill costs a billion. */
const implausible = 1_000_000_000

/** SQL of a moment: `T`, `Z`, fractions and offsets as they come; anything else is null. */
export const moment = (text: string): string =>
  `case when strlen(${text}) > 24 then cast(try_cast(${text} as timestamptz) as timestamp) else try_cast(${text} as timestamp) end`

/**
 * SQL of the amount `<short>_text`, exact to 18 decimals, null when it is no number. Up to ten decimals, as AWS writes
 * them, take a short cut of half the time.
 */
export function amount(short: string, { like, when }: Pick<Money, 'like' | 'when'>): string {
  const text = `${short}_text`
  const exact = `try_cast(${text} as decimal(38, 18))`
  const isShort = `strlen(${text}) <= 18 and instr(${text}, '.') > strlen(${text}) - 11 and instr(${text}, '.') > 0
    and not contains(${text}, 'e') and not contains(${text}, 'E')`
  const value = `case ${like ? `when ${text} = ${like}_text then ${like}` : ''}
    when ${isShort} then coalesce(cast(try_cast(${text} as decimal(18, 10)) as decimal(38, 18)), ${exact}) else ${exact} end`
  return when ? `case when ${when} then ${value} end` : value
}

type Reason = { when: string; why: string }

/** Why a line cannot be true: conditions over it, and what to say. `1_000` is a number to DuckDB, to nobody else. */
function reasons({ texts, money }: Mapping, { has, called }: Header): Reason[] {
  const shown = (text: string) => `'"' || left(coalesce(${text}, ''), 60) || '"'`
  const dates = (['period_from', 'starts', 'period_to', 'ends'] as const).filter((name) => has(texts[name]!))
  const optional = ['period_to', 'ends']
  const century = `between timestamp '2000-01-01' and timestamp '2100-12-31 23:59:59.999999'`
  return [
    ...dates.map((name) => ({
      when: `${optional.includes(name) ? `${name} is not null and ` : ''}(${name}_at is null or ${name}_at not ${century})`,
      why: `${quoted(called(texts[name]!))} || ' is ' || ${shown(name)} || ', not a date of this century'`,
    })),
    ...Object.entries(money)
      .filter(([, { column }]) => has(column))
      .map(([short, { column, when, demanded }]) => ({
        when: [
          ...(when ? [`(${when})`] : []),
          ...(demanded ? [] : [`${short}_text is not null`]),
          `(${short} is null or contains(${short}_text, '_'))`,
        ].join(' and '),
        why: `${quoted(called(column))} || ' is ' || ${shown(`${short}_text`)} || ', not a number'`,
      })),
    {
      when: costColumns.map((name) => `${name} >= ${implausible} or ${name} <= -${implausible}`).join(' or '),
      why: `'a single line of a billion or more (' || rtrim(rtrim(greatest(abs(billed), abs(effective))::varchar, '0'), '.') || ') cannot be true'`,
    },
    {
      when: `category is null or category not in ('Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment')`,
      why: `'the charge category ' || ${shown('category')} || ' is not one of Usage, Purchase, Tax, Credit, Adjustment'`,
    },
    {
      when: 'resource_key is null',
      why: `'nothing says what was paid for: resource, service and category are empty'`,
    },
    {
      when: 'period_end <= period_start or period_end - period_start > 366',
      why: `'the billing period ends on ' || period_end || ', begun on ' || period_start`,
    },
    { when: 'ends_at < starts_at', why: `'it ends before it starts (' || starts_at || ', ' || ends_at || ')'` },
    {
      when: 'last_charged - first_charged > 2200',
      why: `'it lasts from ' || first_charged || ' to ' || last_charged`,
    },
    {
      when: 'first_day is null',
      why: `'it was charged on ' || first_charged || ', outside the billing period ' || period_start || ' to ' || period_end`,
    },
  ]
}

/** SQL over a line: whether it cannot be true. */
export const badSql = (mapping: Mapping, header: Header): string =>
  `coalesce(${reasons(mapping, header)
    .map(({ when }) => `(${when})`)
    .join('\n or ')}, false)`

/** SQL over a line: why it cannot be true, as the end of a sentence, or null. */
export const reasonSql = (mapping: Mapping, header: Header): string =>
  `case ${reasons(mapping, header)
    .map(({ when, why }) => `when ${when} then ${why}`)
    .join('\n')} end`

/** What was set aside: ragged lines DuckDB could not split, and lines with a reason. Throws `BillError` when it is too much. */
export async function inspectRejects(
  duck: Duck,
  { lines, kept, headers }: { lines: (header: Header) => string; kept: number; headers: Header[] },
): Promise<{ rejected: RejectedLine[]; count: number }> {
  const ragged = headers.some(({ file }) => file.kind === 'csv') ? await raggedLines(duck) : []
  const [bad] = await duck.rows<{ lines: string | null }>('select sum(lines) as lines from groups where bad')
  const doubtful = Number(bad?.lines ?? 0)
  const count = ragged.length + doubtful
  const rejected = ragged.map((one) => one.told)
  for (const header of doubtful ? headers : []) {
    const skipped = ragged.filter(({ path }) => path === header.file.path).map((one) => one.told.line)
    rejected.push(...(await doubtfulLines(duck, { header, lines: lines(header), skipped })))
  }
  rejected.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
  if (count > (kept + count) * tolerated) throw tooManyBad(rejected[0]!, count, kept + count)
  return { rejected: rejected.slice(0, told), count }
}

function tooManyBad(first: RejectedLine, bad: number, all: number): BillError {
  const share = `${bad.toLocaleString('en')} of ${all.toLocaleString('en')} lines are not usable`
  return new BillError(
    `${first.file}: ${share}. The first is line ${first.line}: ${first.reason}. Nothing was imported.`,
    first.file,
    first.line,
  )
}

type RaggedRow = { file: string; line: string; types: string; sample: string; message: string }

async function raggedLines(duck: Duck): Promise<{ path: string; told: RejectedLine }[]> {
  const rows = await duck.rows<RaggedRow>(`
    select file_path as file, line, string_agg(error_type, ' ') as types, left(any_value(csv_line), 200) as sample,
      any_value(error_message) as message
    from reject_errors join reject_scans using (scan_id, file_id)
    group by file_path, line order by file_path, line`)
  return rows.map(({ file, line, types, sample, message }) => {
    const name = fileName(file)
    if (/UNQUOTED|LINE SIZE|INVALID/.test(types)) {
      const why = types.includes('UNQUOTED') ? 'a quote is never closed' : message
      throw new BillError(`${name}, line ${line}: ${why}. Nothing was imported.`, name, Number(line))
    }
    const [wanted, found] = [...message.matchAll(/\d+/g)].map(([digits]) => digits)
    const reason = `it has ${found} columns, the header ${wanted}`
    return { path: file, told: { file: name, line: Number(line), reason, sample: sample.trim() } }
  })
}

/**
 * Line numbers count records in file order; a record that spans lines counts once. `skipped`: the numbers of the ragged lines
 * of the file, in order, which are not among `lines` and count all the same.
 */
async function doubtfulLines(
  duck: Duck,
  { header, lines, skipped }: { header: Header; lines: string; skipped: number[] },
): Promise<RejectedLine[]> {
  const rows = await duck.rows<{ line: string; reason: string; sample: string }>(`
    select line + 1 as line, reason, left(concat_ws(' · ', resource_key, service, category, period_from, starts), 200) as sample
    from (${lines}) where reason is not null order by line limit ${told}`)
  let before = 0
  return rows.map(({ line: kept, reason, sample }) => {
    while (before < skipped.length && skipped[before]! <= Number(kept) + before) before += 1
    return { file: header.file.name, line: Number(kept) + before, reason, sample }
  })
}

/** What a person called the file whose unpacked copy DuckDB read. */
const fileName = (path: string): string => basename(path).replace(/^\d+-(.*)\.unpacked\.csv$/, '$1')

/** Throws unless the whole bill is in the organization's currency. */
export async function demandCurrency(duck: Duck, wanted: string, file: string): Promise<void> {
  const found = await duck.rows<{ currency: string | null }>(
    `select distinct nullif(currency, '') as currency from told where id in (select id from groups where not bad)`,
  )
  const others = found.map((row) => row.currency).filter((currency) => currency !== wanted)
  if (others.length === 0) return
  const named = others.map((currency) => currency || 'no currency at all').join(', ')
  throw new CurrencyError(
    `${file} has costs in ${named}; this organization counts in ${wanted} and nothing is converted. Nothing was imported.`,
    file,
    named,
  )
}
