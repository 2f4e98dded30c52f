import { Hono } from 'hono'
import type { WebEnv } from './env.ts'
import { files } from './files.ts'
import { events } from './pages/events.ts'
import { pool } from './pages/pool.ts'
import { pools } from './pages/pools.ts'
import { signOutPage } from './pages/sign-in.ts'
import { spend } from './pages/spend.ts'

const all = [spend, pools, pool, events, files, signOutPage]

/** Every page of the signed-in site. */
export const pages = new Hono<WebEnv>()
for (const page of all) pages.route('/', page)
