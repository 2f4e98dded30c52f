import { sql } from 'drizzle-orm'
import { condition, textInput } from '../condition.ts'

/** The resource's name or cloud id ends with this, whatever the case. */
export default condition({
  kind: 'name-ends-with',
  label: 'Name or id ends with',
  input: textInput,
  sql: ({ name, cloudResourceId }, { value }) =>
    sql`lower(${value}) in (lower(right(${name}, length(${value}))), lower(right(${cloudResourceId}, length(${value}))))`,
})
