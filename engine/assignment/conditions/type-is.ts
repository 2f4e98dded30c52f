import { sql } from 'drizzle-orm'
import { condition, textInput } from '../condition.ts'

/** The resource is of this type. */
export default condition({
  kind: 'type-is',
  label: 'Type is',
  input: textInput,
  sql: ({ type }, { value }) => sql`${type} = ${value}`,
})
