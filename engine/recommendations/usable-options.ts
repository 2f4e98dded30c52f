/** What of stored or wanted options can be used, so that one bad entry takes nothing else along. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { postgresError } from '../errors.ts'

const isId = (value: unknown) => z.uuid().safeParse(value).success

/** Pools switched on and accounts, both by id; whatever else is in their lists is left out. */
export function usableLists(stored: Record<string, unknown>): Record<string, unknown> {
  const { excluded_pools: pools, skip_cloud_accounts: accounts } = stored
  const chosen = Object.entries(typeof pools === 'object' ? (pools ?? {}) : {}).filter(
    ([id, on]) => on === true && isId(id),
  )
  return {
    ...stored,
    excluded_pools: Object.fromEntries(chosen),
    skip_cloud_accounts: Array.isArray(accounts) ? accounts.filter(isId) : [],
  }
}

/** Fields that hold a regular expression say so in their meta. */
export const isPatternField = (field: z.ZodType): boolean => field.meta()?.['regex'] === true

/** 2201B: no regular expression, or one too complex; 22021: a character no text can hold. */
const unusable = ['2201B', '22021']

/** Can Postgres match with this? It does the matching, and its expressions are not JavaScript's. */
export async function isPattern(db: Db, pattern: string): Promise<boolean> {
  try {
    await db.transaction((tx) => tx.execute(sql`select '' ~ ${pattern}`))
    return true
  } catch (error) {
    if (unusable.includes(postgresError(error)?.code ?? '')) return false
    throw error
  }
}
