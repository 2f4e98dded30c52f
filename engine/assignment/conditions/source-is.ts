import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { condition } from '../condition.ts'

/** The resource belongs to this connected account. */
export default condition({
  kind: 'source-is',
  label: 'Account is',
  input: z.object({ value: z.uuid().meta({ label: 'Account' }) }),
  sql: ({ accountId }, { value }) => sql`${accountId} = ${value}::uuid`,
})
