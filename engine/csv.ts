/** A cell of a file: numbers, also negative ones, stay numbers. */
export type Cell = string | number | null

/**
 * One line of an RFC 4180 file. A text that a spreadsheet would run as a formula gets an apostrophe in front (ASVS 1.2.10);
 * an amount is recognised by its form, so a negative cost is not touched.
 */
export const csvLine = (cells: Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number' || /^-?\d+(\.\d+)?$/.test(cell)) return String(cell)
  const inert = /^[=+\-@\t\r\0]/.test(cell) ? `'${cell}` : cell
  // A semicolon separates cells where the comma is a decimal point, so it is quoted too.
  return /[",;\r\n]/.test(inert) || inert !== inert.trim() ? `"${inert.replaceAll('"', '""')}"` : inert
}
