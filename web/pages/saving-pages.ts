import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { archive } from './archive.ts'
import { archiveFiles } from './archive-files.ts'
import { savings } from './savings.ts'
import { recommendation } from './recommendation.ts'
import { recommendationActs } from './recommendation-settings.ts'
import { coveragePages } from './coverage-pages.ts'
import { duplicatePages } from './duplicate-pages.ts'
import { cleanUpPages } from './clean-up.ts'
import { cleanUpPolicyActs } from './clean-up-policy.ts'
import { finding, findingActs } from './finding.ts'

/** Recommendations and what was decided about their findings; what commitments cover; equal objects. */
export const savingPages = new Hono<WebEnv>()
for (const page of [
  // The archive first: its address would be that of a recommendation too.
  ...[archive, archiveFiles, savings, recommendation, recommendationActs, finding, findingActs],
  ...[cleanUpPages, cleanUpPolicyActs],
  ...[coveragePages, duplicatePages],
])
  savingPages.route('/', page)
