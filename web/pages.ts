import { Hono } from 'hono'
import type { WebEnv } from './env.ts'
import { files } from './files.ts'
import { events } from './pages/events.ts'
import { home } from './pages/home.ts'
import { signOutPage } from './pages/sign-in.ts'
import { spend } from './pages/spend.ts'
import { accountPages } from './pages/account-pages.ts'
import { environmentPages } from './pages/environment-pages.ts'
import { powerPages } from './pages/power-pages.ts'
import { peoplePages } from './pages/people-pages.ts'
import { poolPages } from './pages/pool-pages.ts'
import { resourcePages } from './pages/resource-pages.ts'
import { rulePages } from './pages/rule-pages.ts'
import { savingPages } from './pages/saving-pages.ts'

const all = [
  home,
  spend,
  resourcePages,
  poolPages,
  rulePages,
  savingPages,
  environmentPages,
  powerPages,
  accountPages,
  peoplePages,
  events,
  files,
  signOutPage,
]

/** Every page of the signed-in site. */
export const pages = new Hono<WebEnv>()
for (const page of all) pages.route('/', page)
