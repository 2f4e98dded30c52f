/** Rows as PostgreSQL COPY text: tab between columns, newline after rows, backslash before what would be mistaken. */

/** Between texts while they are one; no text holds it: `verify.ts` refuses it, and no database takes it. */
const separator = 'chr(0)'

/** SQL of several text columns as one text, null as empty. */
export const joined = (columns: readonly string[]): string =>
  `concat_ws(${separator}, ${columns.map((column) => `coalesce(${column}, '')`).join(', ')})`

/** SQL of the list of columns that `joined` made one: splitting once is many times faster than asking for each. */
export const split = (text: string): string => `string_split(${text}, ${separator})`

/** SQL of the columns of such a list; '' where it is shorter. */
export const parted = (list: string, columns: readonly string[]): string =>
  columns.map((column, at) => `coalesce(${list}[${at + 1}], '') as ${column}`).join(', ')

/** SQL of so many columns that are empty, as `joined` would make them. */
export const joinedEmpty = (columns: readonly string[]): string => `repeat(${separator}, ${columns.length - 1})`

/** SQL over what `joined` made of `columns`: whether one of them held the separator itself. */
export const isTorn = (text: string, columns: readonly string[]): string => `len(${split(text)}) <> ${columns.length}`

/** SQL of COPY text from what `joined` made: one look for what must be escaped serves all columns. */
export const copyText = (texts: string): string =>
  `replace(if(regexp_matches(${texts}, '[\\\\\\t\\n\\r]'),
    replace(replace(replace(replace(${texts}, '\\', '\\\\'), chr(9), '\\t'), chr(10), '\\n'), chr(13), '\\r'),
    ${texts}), ${separator}, chr(9))`

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One row; null is an empty text. */
export const copyRow = (values: (string | null)[]): string =>
  `${values.map((value) => (value ?? '').replaceAll(/[\\\t\n\r]/g, (sign) => escapes[sign]!)).join('\t')}\n`
