import { findFinding } from '../db/queries/recommendations.ts'
import type { Context } from '../engine/context.ts'
import { suggestTriggers } from '../engine/power/suggest.ts'
import { sayTriggers } from '../engine/power/trigger-lines.ts'
import type { InactivePeriod } from '../engine/recommendations/evidence.ts'
import type { View } from './env.ts'

/** A schedule for the machine of a finding about inactive hours; null without one. */
export async function suggestion(ctx: Context, { view, findingId }: { view: View; findingId: string | undefined }) {
  const finding = findingId ? await findFinding(ctx.db, { orgId: ctx.orgId, id: findingId, now: view.now }) : null
  const periods = finding?.evidence['inactivity_periods'] as InactivePeriod[] | undefined
  if (!finding?.resourceId || !periods) return null
  const triggers = sayTriggers(suggestTriggers(periods, { zone: view.person.zone, now: view.now }))
  const { id, resourceId, resourceName, key } = finding
  return triggers ? { findingId: id, resourceId, title: resourceName ?? key, triggers } : null
}
