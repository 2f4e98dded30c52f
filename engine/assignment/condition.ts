/** One kind of condition of an assignment rule: a file of `conditions/`, and the SQL that says whether a resource meets it. */
import type { SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { ConditionRow } from '../../db/schema/assignments.ts'

/** The columns of a resource as a condition may use them. */
export type ResourceColumns = Record<'name' | 'cloudResourceId' | 'type' | 'region' | 'accountId' | 'tags', SQL>

export type Condition = {
  /** The file's name; stored in the rule. */
  kind: string
  label: string
  /** What a person fills in: fields with labels, for dialog, form and check. */
  input: z.ZodObject
  /** True for resources that meet the condition. */
  sql: (resource: ResourceColumns, condition: ConditionRow) => SQL
}

const text = z.string().trim().min(1).max(255)

/** One text to compare with. */
export const textInput = z.object({ value: text.meta({ label: 'Text' }) })
/** The key of a tag. */
export const tagInput = z.object({ key: text.meta({ label: 'Tag' }) })
/** The key of a tag and what its value is compared with. */
export const tagValueInput = z.object({ key: text.meta({ label: 'Tag' }), value: text.meta({ label: 'Value' }) })

/** Declares a kind of condition. */
export const condition = (kind: Condition): Condition => kind
