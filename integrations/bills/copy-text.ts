/** Rows as PostgreSQL COPY text: tab between columns, newline after rows, backslash before what would be mistaken. */

/** SQL of a text column, escaped. */
export const copyText = (column: string): string =>
  `replace(replace(replace(replace(coalesce(${column}, ''), '\\', '\\\\'), chr(9), '\\t'), chr(10), '\\n'), chr(13), '\\r')`

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One row; null is an empty text. */
export const copyRow = (values: (string | null)[]): string =>
  `${values.map((value) => (value ?? '').replaceAll(/[\\\t\n\r]/g, (sign) => escapes[sign]!)).join('\t')}\n`
