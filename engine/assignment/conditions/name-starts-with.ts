import { sql } from 'drizzle-orm'
import { condition, textInput } from '../condition.ts'

/** The resource's name or cloud id begins with this, whatever the case. */
export default condition({
  kind: 'name-starts-with',
  label: 'Name or id starts with',
  input: textInput,
  sql: ({ name, cloudResourceId }, { value }) =>
    sql`(starts_with(lower(${name}), lower(${value})) or starts_with(lower(${cloudResourceId}), lower(${value})))`,
})
