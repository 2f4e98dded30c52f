/** The revision a subject has now, so that a click on a stale card is recognised. */
import { findCleanUp } from '../db/queries/clean-ups.ts'
import { findBooking, findEnvironment } from '../db/queries/environments.ts'
import { findJoinRequest } from '../db/queries/join-requests.ts'
import { findSchedule } from '../db/queries/power.ts'
import { findPool } from '../db/queries/pools.ts'
import { findFinding } from '../db/queries/recommendations.ts'
import { findResource } from '../db/queries/resources.ts'
import type { Subject } from '../engine/events.ts'
import type { BotContext } from './context.ts'

type Reader = (ctx: BotContext, id: string) => Promise<{ rev: number } | null>

const readers: Partial<Record<Subject['kind'], Reader>> = {
  pool: ({ db, orgId }, id) => findPool(db, { orgId, id }),
  resource: ({ db, orgId }, id) => findResource(db, { orgId, id }),
  environment: ({ db, orgId }, id) => findEnvironment(db, { orgId, id }),
  booking: ({ db, orgId }, id) => findBooking(db, { orgId, id }),
  clean_up: ({ db, orgId }, id) => findCleanUp(db, { orgId, id }),
  schedule: ({ db, orgId }, id) => findSchedule(db, { orgId, id }),
  join_request: ({ db, orgId }, id) => findJoinRequest(db, { orgId, id }),
  finding: ({ db, orgId, now }, id) => findFinding(db, { orgId, id, now: now() }),
}

/** The revision, or null when this kind has none or the thing is gone (the verb will say so). */
export async function currentRevision(ctx: BotContext, { kind, id }: Subject): Promise<number | null> {
  const found = await readers[kind]?.(ctx, id)
  return found?.rev ?? null
}
