import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { people } from './people.ts'
import { person } from './person.ts'
import { personActs } from './person-acts.ts'

/** People and their roles. */
export const peoplePages = new Hono<WebEnv>()
for (const page of [people, person, personActs]) peoplePages.route('/', page)
