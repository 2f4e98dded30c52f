import { sql } from 'drizzle-orm'
import { condition, textInput } from '../condition.ts'

/** The resource's name or cloud id is exactly this, whatever the case. */
export default condition({
  kind: 'name-is',
  label: 'Name or id is',
  input: textInput,
  sql: ({ name, cloudResourceId }, { value }) => sql`lower(${value}) in (lower(${name}), lower(${cloudResourceId}))`,
})
