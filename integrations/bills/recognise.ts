import { BillError } from '../bill.ts'
import { awsCur } from './aws-cur.ts'
import { focus } from './focus.ts'
import { demand, type Header } from './header.ts'
import type { Mapping } from './mapping.ts'

/** Which format all files are in. Throws a `BillError` that says what was expected. */
export function recognise(headers: Header[]): Mapping {
  for (const mapping of [focus, awsCur]) {
    const known = headers.filter(({ has }) => mapping.required.filter(has).length * 2 >= mapping.required.length)
    if (known.length === 0) continue
    if (known.length < headers.length) {
      const other = headers.find((header) => !known.includes(header))!
      throw new BillError(
        `${other.file.name} is not ${mapping.title}, the other files are. Send one kind at a time.`,
        other.file.name,
      )
    }
    for (const header of headers) demand(header, mapping.title, mapping.required)
    return mapping
  }
  const { file, names } = headers[0]!
  const some = names
    .slice(0, 4)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ')
  throw new BillError(
    `${file.name} is no bill this product knows. Expected are FOCUS 1.0 to 1.2 (columns ${focus.required.slice(0, 4).join(', ')} …) ` +
      `or an AWS cost and usage report (columns ${awsCur.required.slice(0, 3).join(', ')} …). ` +
      `It has ${names.length} columns, beginning with ${some}. Nothing was imported.`,
    file.name,
    1,
  )
}
