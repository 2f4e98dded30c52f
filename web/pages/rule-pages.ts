import { Hono } from 'hono'
import type { WebEnv } from '../env.ts'
import { rule } from './rule.ts'
import { ruleActs } from './rule-acts.ts'
import { ruleApply } from './rule-apply.ts'
import { ruleNew } from './rule-new.ts'
import { rules } from './rules.ts'

/** Assignment rules. Fixed addresses come before those with an id. */
export const rulePages = new Hono<WebEnv>()
for (const page of [rules, ruleNew, ruleApply, rule, ruleActs]) rulePages.route('/', page)
