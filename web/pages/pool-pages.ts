import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { pools } from './pools.ts'
import { pool } from './pool.ts'
import { poolActs } from './pool-forms.ts'
import { poolPolicyActs } from './pool-policies.ts'

/** Budgets. */
export const poolPages = new Hono<WebEnv>()
for (const page of [pools, pool, poolActs, poolPolicyActs]) poolPages.route('/', page)
