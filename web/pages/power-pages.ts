import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { power } from './power.ts'
import { powerActs } from './power-forms.ts'
import { powerSchedule } from './power-schedule.ts'

/** Power schedules. */
export const powerPages = new Hono<WebEnv>()
for (const page of [power, powerSchedule, powerActs]) powerPages.route('/', page)
