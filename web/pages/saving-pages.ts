import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { savings } from './savings.ts'
import { recommendation } from './recommendation.ts'
import { recommendationActs } from './recommendation-settings.ts'
import { cleanUpPages } from './clean-up.ts'
import { finding, findingActs } from './finding.ts'

/** Recommendations and what was decided about their findings. */
export const savingPages = new Hono<WebEnv>()
for (const page of [savings, recommendation, recommendationActs, finding, findingActs, cleanUpPages])
  savingPages.route('/', page)
