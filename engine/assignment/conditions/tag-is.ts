import { sql } from 'drizzle-orm'
import { condition, tagValueInput } from '../condition.ts'

/** The tag has exactly this value. */
export default condition({
  kind: 'tag-is',
  label: 'Tag is',
  input: tagValueInput,
  sql: ({ tags }, { key = '', value }) => sql`coalesce(${tags} ->> ${key} = ${value}, false)`,
})
