import { sql } from 'drizzle-orm'
import { condition, tagValueInput } from '../condition.ts'

/** The tag's value begins with this. */
export default condition({
  kind: 'tag-value-starts-with',
  label: 'Tag value starts with',
  input: tagValueInput,
  sql: ({ tags }, { key = '', value }) => sql`coalesce(starts_with(${tags} ->> ${key}, ${value}), false)`,
})
