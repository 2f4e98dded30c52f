import { sql } from 'drizzle-orm'
import { condition, tagInput } from '../condition.ts'

/** The resource has the tag, whatever its value. */
export default condition({
  kind: 'tag-exists',
  label: 'Tag exists',
  input: tagInput,
  sql: ({ tags }, { key = '' }) => sql`jsonb_exists(${tags}, ${key})`,
})
