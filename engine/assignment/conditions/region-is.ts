import { sql } from 'drizzle-orm'
import { condition, textInput } from '../condition.ts'

/** The resource lies in this region. */
export default condition({
  kind: 'region-is',
  label: 'Region is',
  input: textInput,
  sql: ({ region }, { value }) => sql`${region} = ${value}`,
})
