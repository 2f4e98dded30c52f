import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { resources } from './resources.ts'
import { resource } from './resource.ts'
import { resourceActs } from './resource-acts.ts'
import { resourcePowerActs } from './resource-power.ts'

/** Resources. */
export const resourcePages = new Hono<WebEnv>()
for (const page of [resources, resource, resourceActs, resourcePowerActs]) resourcePages.route('/', page)
