import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { duplicateCheck } from './duplicate-check.ts'
import { duplicates } from './duplicates.ts'

/** Equal objects in buckets. */
export const duplicatePages = new Hono<WebEnv>()
for (const page of [duplicates, duplicateCheck]) duplicatePages.route('/', page)
