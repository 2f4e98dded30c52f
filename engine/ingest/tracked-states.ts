/**
 * Clouds say how a resource is, not since when. Three states are therefore tracked: whenever a resource is seen in its
 * good state that moment is kept; otherwise the older moment stays; null means it was never seen so.
 */
import type { SeenRow } from '../../db/queries/discoveries.ts'
import type { SeenResource } from '../../integrations/cloud.ts'

/** What discovery saw at `now` as it is stored: good are attached, in use (not available), and running. */
export function toSeenRow(seen: SeenResource, now: Date): SeenRow {
  const { cloudResourceId, name, type, service, region, tags, facts, cloudCreatedAt } = seen
  const when = (good: boolean | undefined) => (good ? now : null)
  return {
    cloudResourceId,
    name,
    type,
    service,
    region,
    tags,
    facts,
    firstSeenAt: cloudCreatedAt && cloudCreatedAt < now ? cloudCreatedAt : now,
    cloudCreatedAt,
    attached: seen.attached ?? null,
    lastAttachedAt: when(seen.attached),
    available: seen.available ?? null,
    lastUsedAt: when(seen.available === false),
    stoppedAllocated: seen.stoppedAllocated ?? null,
    lastNotStoppedAt: when(seen.running),
    spot: seen.spot ?? false,
  }
}
