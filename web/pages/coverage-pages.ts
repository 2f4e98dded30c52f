import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { coverage } from './coverage.ts'
import { coverageFiles } from './coverage-files.ts'

/** What commitments cover, as a page and as files. */
export const coveragePages = new Hono<WebEnv>()
for (const page of [coverage, coverageFiles]) coveragePages.route('/', page)
