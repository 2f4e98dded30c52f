import { sql } from 'drizzle-orm'
import { condition, textInput } from '../condition.ts'

/** The resource's name or cloud id holds this, whatever the case. */
export default condition({
  kind: 'name-contains',
  label: 'Name or id contains',
  input: textInput,
  sql: ({ name, cloudResourceId }, { value }) =>
    sql`(strpos(lower(${name}), lower(${value})) > 0 or strpos(lower(${cloudResourceId}), lower(${value})) > 0)`,
})
