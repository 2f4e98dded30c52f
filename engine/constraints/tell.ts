import { listHitsSince, listHitTellings, type Telling } from '../../db/queries/constraint-hits.ts'
import type { ConstraintHit } from '../../db/schema/constraints.ts'
import type { ConstraintType } from '../../db/vocabulary.ts'
import type { Context } from '../context.ts'
import type { Amount } from '../money.ts'
import { notify } from '../notifications/notify.ts'
import { readResources, type ResourceFacts } from '../resources/resource.ts'

/** A resource as alerts about constraints show it: frozen at the moment of the alert. Instants are ISO text. */
export type ToldResource = {
  id: string
  rev: number
  title: string
  type: string
  region: string
  owner: { id: string; name: string } | null
  perDay: Amount
  month: Amount
  endsAt: string | null
  /** Where the TTL comes from: the pool's policy in hours, or null for an own one. */
  policyHours: string | null
}

/** Facts of `ttl-ending`: the ten dearest resources of one person, and how many there are. */
export type TtlEndingFacts = { resources: ToldResource[]; count: number }

/** A violation: limit and value are money, or for a TTL epoch seconds of its end and of the check. */
export type ToldHit = {
  resourceId: string
  constraint: ConstraintType
  limit: string
  value: string
  resource: ToldResource
}

/** Facts of `limit-hit`: what one person's run found. `count` is the number of resources. */
export type LimitHitFacts = { hits: ToldHit[]; count: number }

/** One notification per person about TTLs that end soon. */
export async function tellEndings(ctx: Context, tellings: Telling[]): Promise<void> {
  const facts = await factsOf(ctx, tellings)
  for (const telling of tellings) {
    const resources = telling.resourceIds.flatMap((id) => facts.get(id) ?? [])
    await tell(ctx, telling, {
      kind: 'ttl-ending',
      facts: { resources, count: telling.count } satisfies TtlEndingFacts,
    })
  }
}

/** One notification per person about the violations written since `firstId`. */
export async function tellHits(ctx: Context, firstId: number): Promise<void> {
  const { orgId } = ctx
  const tellings = await listHitTellings(ctx.db, { orgId, firstId })
  const facts = await factsOf(ctx, tellings)
  const hits = await listHitsSince(ctx.db, { orgId, firstId, resourceIds: [...facts.keys()] })
  const told = (hit: ConstraintHit): ToldHit[] => {
    const { resourceId, type: constraint, limit, value } = hit
    const resource = facts.get(resourceId)
    return resource ? [{ resourceId, constraint, limit, value, resource }] : []
  }
  for (const telling of tellings) {
    const mine = hits.filter(({ resourceId }) => telling.resourceIds.includes(resourceId)).flatMap(told)
    await tell(ctx, telling, { kind: 'limit-hit', facts: { hits: mine, count: telling.count } satisfies LimitHitFacts })
  }
}

async function tell(
  ctx: Context,
  { personId, upTo }: Telling,
  { kind, facts }: { kind: string; facts: Record<string, unknown> },
): Promise<void> {
  await notify(ctx, { kind, key: `${kind} ${personId} ${upTo}`, personIds: [personId], facts })
}

async function factsOf(ctx: Context, tellings: Telling[]): Promise<Map<string, ToldResource>> {
  const ids = [...new Set(tellings.flatMap(({ resourceIds }) => resourceIds))]
  const facts = ids.length ? await readResources(ctx, ids) : []
  return new Map(facts.map((one) => [one.resource.id, toldOf(one)]))
}

function toldOf({ resource, title, owner, perDay, month, ttl }: ResourceFacts): ToldResource {
  const { id, rev, type, region } = resource
  const endsAt = ttl.endsAt?.toISOString() ?? null
  return {
    id,
    rev,
    title,
    type,
    region,
    owner,
    perDay,
    month,
    endsAt,
    policyHours: ttl.source === 'policy' ? ttl.policy : null,
  }
}
