import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { environments } from './environments.ts'
import { environment } from './environment.ts'
import { environmentActs } from './environment-forms.ts'
import { bookingActs } from './bookings.ts'

/** Shared environments and their bookings. */
export const environmentPages = new Hono<WebEnv>()
for (const page of [environments, environment, environmentActs, bookingActs]) environmentPages.route('/', page)
