import { Hono } from 'hono'
import type { WebEnv } from './env.ts'
import { events } from './pages/events.ts'
import { signOutPage } from './pages/sign-in.ts'

/** Every page of the signed-in site. */
export const pages = new Hono<WebEnv>().route('/', events).route('/', signOutPage)
