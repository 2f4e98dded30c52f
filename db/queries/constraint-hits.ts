import { and, eq, gte, inArray, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { wasDiscovered } from './discoveries.ts'
import { constraintHits, type ConstraintHit } from '../schema/constraints.ts'
import { constraintTypes, type ConstraintType } from '../vocabulary.ts'
import { ttlEnd } from './constraints.ts'
import { nearestManagers } from './pool-alerts.ts'

/** The log of a resource's violations, newest first. */
export async function listHits(
  db: Db,
  where: { orgId: string; resourceId: string; limit?: number },
): Promise<ConstraintHit[]> {
  return db
    .select()
    .from(constraintHits)
    .where(and(eq(constraintHits.orgId, where.orgId), eq(constraintHits.resourceId, where.resourceId)))
    .orderBy(sql`${constraintHits.id} desc`)
    .limit(where.limit ?? 20)
}

/** One check of an organization at a time, until the transaction ends. */
export async function lockConstraints(db: Db, orgId: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended('constraints ' || ${orgId}, 0))`)
}

/** Accounts with whether they were ever discovered; only then `active` and `last_seen_at` of their resources mean something. */
const accountsWithSight = (orgId: string): SQL => sql`(
  select a.id, ${wasDiscovered(sql`a.id`)} as discovered from accounts a where a.org_id = ${orgId})`

/**
 * Which `resources r` of accounts `a` are judged at `now`. Discovered accounts: active and seen within the last hour.
 * Accounts known from their bill only: something was charged yesterday or today, which is all that can be known.
 */
const isAlive = (now: string): SQL => sql`case when a.discovered
  then r.active and r.last_seen_at > ${now}::timestamptz - interval '1 hour'
  else r.last_expense_day >= (${now}::timestamptz at time zone 'utc')::date - 1 end`

/** Over for good: discovery says so, or the bill has been silent for a week (bills come late, so not sooner). */
const isGone = (now: string): SQL => sql`case when a.discovered
  then not r.active else coalesce(r.last_expense_day, '-infinity') < (${now}::timestamptz at time zone 'utc')::date - 7 end`

/**
 * How one type is judged, as SQL over `r`, `own` and `policy`. `over` is the cheap test that nearly every resource fails;
 * `limit` and `value` are what is written of those that pass it.
 */
type Judgement = { over: SQL; limit: SQL; value: SQL; judgeable: SQL; againDaily: boolean }

/** Did the TTL end while somebody had the machine by a booking that is not over at `now`? Then the booking wins. */
const isHeld = (now: string): SQL => sql`exists (
  select from environments e join bookings b on b.environment_id = e.id
  where e.resource_id = r.id and b.state in ('booked', 'active') and b.ends_at > ${now}::timestamptz
    and extract(epoch from b.starts_at) <= ${ttlEnd})`

/** The SQL of each type. A daily limit looks at the last day with expenses, when that is today or yesterday. */
function judgementOf(type: ConstraintType, now: string): Judgement {
  if (type === 'ttl') {
    const second = sql`floor(extract(epoch from ${now}::timestamptz))`
    return {
      over: sql`case when own.id is null then r.first_seen_at < policy.oldest else own."limit" < ${second} end and not ${isHeld(now)}`,
      limit: ttlEnd,
      value: second,
      judgeable: sql`true`,
      againDaily: false,
    }
  }
  return {
    over: sql`r.last_expense_cost > coalesce(own."limit", policy."limit")`,
    limit: sql`coalesce(own."limit", policy."limit")`,
    value: sql`coalesce(r.last_expense_cost, 0)`,
    judgeable: sql`r.last_expense_day >= (${now}::timestamptz at time zone 'utc')::date - 1`,
    againDaily: true,
  }
}

/**
 * Own constraints and active policies of `resources r`. `policy.oldest` is the first sight before which a policy's TTL is over:
 * worked out once per policy, since doing it once per resource was half the time of a check.
 */
const withDeadlines = (orgId: string, { type, now }: { type: ConstraintType; now: string }): SQL => sql`
  left join resource_constraints own on own.resource_id = r.id and own.type = ${type}
  left join (
    select id, pool_id, "limit", case type when 'ttl'
      then date_trunc('second', ${now}::timestamptz) - make_interval(hours => "limit"::int) end as oldest
    from pool_policies where org_id = ${orgId} and type = ${type} and active offset 0
  ) policy on policy.pool_id = r.pool_id`

/**
 * The last hit of each of the resources and type. One sort and not a look per resource: with a hundred thousand new hits,
 * which no statistics know yet, the planner would walk backwards through all of them for every single one.
 */
const latestHits = (resourceIds: SQL, types: SQL): SQL => sql`
  select distinct on (h.resource_id, h.type) h.resource_id, h.state, h.pool_id, h."limit", h.at
  from constraint_hits h where h.resource_id in (${resourceIds}) and ${types}
  order by h.resource_id, h.type, h.id desc`

/**
 * Judges one type for every resource of the organization in one statement and writes what is new: RED when a violation
 * begins (or its pool or limit changed; daily limits again on a new day), GREEN when it ended. Returns the first id written
 * and how many of each; nothing new writes nothing.
 */
export async function insertHits(
  db: Db,
  where: { orgId: string; now: Date; type: ConstraintType },
): Promise<{ firstId: number | null; red: number; green: number }> {
  const { orgId } = where
  const now = where.now.toISOString()
  const { type } = where
  const { over, limit, value, judgeable, againDaily } = judgementOf(type, now)
  const raw = sql`coalesce(own."limit", policy."limit", 0)`
  const isRed = sql`${over} and ${raw} > 0 and ${judgeable} and ${isAlive(now)}`
  const [row] = await db.execute<{ firstId: number | null; red: number; green: number }>(sql`
    with judged as materialized (
      select r.id as resource_id, case when own.id is null then policy.pool_id end as pool_id,
        case when ${raw} > 0 then ${limit} else 0 end as "limit", ${value} as value,
        case when ${isRed} then 'RED'
          when ${raw} <= 0 or ${isGone(now)} or (${judgeable} and ${isAlive(now)}) then 'GREEN' end as state
      from resources r join ${accountsWithSight(orgId)} a on a.id = r.account_id ${withDeadlines(orgId, { type, now })}
      where r.org_id = ${orgId} and (r.constraint_violated or (${isRed}))
    ), last as materialized (${latestHits(sql`select resource_id from judged`, sql`h.type = ${type}`)}
    ), news as (
      select judged.* from judged left join last using (resource_id)
      where (judged.state = 'RED' and (last.state is distinct from 'RED'
          or last."limit" is distinct from judged."limit"
          -- An own constraint that says what the policy said before is nothing new.
          or judged.pool_id is not null and last.pool_id is distinct from judged.pool_id
          or ${againDaily} and last.at < date_trunc('day', ${now}::timestamptz, 'utc')))
        or (judged.state = 'GREEN' and last.state = 'RED')
    ), written as (
      insert into constraint_hits (org_id, resource_id, pool_id, type, "limit", value, state, at)
      select ${orgId}, resource_id, pool_id, ${type}, "limit", value, state, ${now} from news returning id, state
    )
    select min(id)::float8 as "firstId", count(*) filter (where state = 'RED')::int as red,
      count(*) filter (where state = 'GREEN')::int as green from written`)
  return row!
}

/** Marks the resources of the hits written since `firstId`: violated while any type's last hit is RED. */
export async function setViolationMarks(db: Db, where: { orgId: string; firstId: number }): Promise<void> {
  await db.execute(sql`
    update resources r set constraint_violated = now.open from (
      select resource_id, bool_or(state = 'RED') as open from (${latestHits(
        sql`select resource_id from constraint_hits where org_id = ${where.orgId} and id >= ${where.firstId}`,
        sql`h.type in (select jsonb_array_elements_text(${JSON.stringify(constraintTypes)}::jsonb))`,
      )}) last group by 1
    ) now where r.id = now.resource_id and r.constraint_violated <> now.open`)
}

/** Everything one person is to be told: the ten dearest resources, and how many there are. `upTo` is the last id of the cause. */
export type Telling = { personId: string; count: number; upTo: string; resourceIds: string[] }

/** From a relation (person_id, id, resource_id), each person's share of it. */
const tellings = (said: SQL): SQL => sql`
  select person_id as "personId", count(*)::int as count, max(id)::text as "upTo",
    jsonb_agg(resource_id order by place) filter (where place <= 10) as "resourceIds"
  from (
    select said.person_id, said.resource_id, max(said.id) as id,
      row_number() over (partition by said.person_id order by max(coalesce(r.last_expense_cost, 0)) desc, said.resource_id) as place
    from (${said}) said join resources r on r.id = said.resource_id group by 1, 2
  ) numbered group by person_id order by person_id`

/**
 * Who hears of the violations written since `firstId`: owner and nearest managers of the pool, each once; of a resource
 * without an owner the managers of the organization.
 */
export async function listHitTellings(db: Db, where: { orgId: string; firstId: number }): Promise<Telling[]> {
  const { orgId } = where
  const hits = sql`
    select h.id, h.resource_id, r.owner_id, r.pool_id from constraint_hits h join resources r on r.id = h.resource_id
    where h.org_id = ${orgId} and h.id >= ${where.firstId} and h.state = 'RED'`
  const rows = await db.execute<Telling>(sql`
    with hits as materialized (${hits})
    ${tellings(sql`
      select owner_id as person_id, id, resource_id from hits where owner_id is not null
      union select m.person_id, hits.id, hits.resource_id from hits
        join ${nearestManagers(orgId, sql`select distinct pool_id from hits`)} m on m.pool_id = hits.pool_id
        where hits.owner_id is not null
      union select m.person_id, hits.id, hits.resource_id from hits
        join memberships m on m.org_id = ${orgId} and m.role = 'manager' and m.pool_id is null
        where hits.owner_id is null`)}`)
  return [...rows]
}

/**
 * Notes every TTL that ends before `until` and was not announced or let go yet, as one event per resource and end, and says
 * who is to hear of it: the owner, or without one the managers of the organization.
 */
export async function insertTtlAnnouncements(
  db: Db,
  where: { orgId: string; now: Date; until: Date; job: string },
): Promise<Telling[]> {
  const { orgId } = where
  const [now, until] = [where.now.toISOString(), where.until.toISOString()]
  const rows = await db.execute<Telling>(sql`
    with ends as (
      select r.id as resource_id, r.owner_id, trim_scale(${ttlEnd}) as ends_at
      from resources r join ${accountsWithSight(orgId)} a on a.id = r.account_id ${withDeadlines(orgId, { type: 'ttl', now })}
      where r.org_id = ${orgId}
        and (own.id is not null or r.first_seen_at between policy.oldest - interval '1 second' and policy.oldest + (${until}::timestamptz - ${now}::timestamptz) + interval '1 second')
        and coalesce(own."limit", policy."limit", 0) > 0 and ${isAlive(now)}
        and ${ttlEnd} > extract(epoch from ${now}::timestamptz) and ${ttlEnd} <= extract(epoch from ${until}::timestamptz)
    ), told as (
      insert into events (org_id, at, name, subject_kind, subject_id, door, job, after)
      select ${orgId}, ${now}, 'resource.ttl-announced', 'resource', resource_id::text, 'timer', ${where.job},
        jsonb_build_object('endsAt', ends_at)
      from ends where not exists (
        select 1 from events e where e.org_id = ${orgId} and e.subject_kind = 'resource' and e.subject_id = ends.resource_id::text
          and (e.name = 'resource.ttl-announced' and e.after ->> 'endsAt' = ends.ends_at::text
            or e.name = 'resource.let-go' and e.after ->> 'limit' = ends.ends_at::text))
      returning id, subject_id::uuid as resource_id
    ), said as materialized (select told.id, told.resource_id, ends.owner_id from told join ends using (resource_id))
    ${tellings(sql`
      select owner_id as person_id, id, resource_id from said where owner_id is not null
      union select m.person_id, said.id, said.resource_id from said
        join memberships m on m.org_id = ${orgId} and m.role = 'manager' and m.pool_id is null
        where said.owner_id is null`)}`)
  return [...rows]
}

/** Organizations with anything to check: an active policy or an own constraint. */
export async function listOrganizationsWithConstraints(db: Db): Promise<string[]> {
  const rows = await db.execute<{ orgId: string }>(sql`
    select org_id as "orgId" from pool_policies where active union select org_id from resource_constraints
    union select distinct org_id from resources where constraint_violated`)
  return rows.map(({ orgId }) => orgId)
}

/** The violations written since `firstId` for some resources, in the order they were found. */
export async function listHitsSince(
  db: Db,
  where: { orgId: string; firstId: number; resourceIds: string[] },
): Promise<ConstraintHit[]> {
  if (where.resourceIds.length === 0) return []
  return db
    .select()
    .from(constraintHits)
    .where(
      and(
        eq(constraintHits.orgId, where.orgId),
        gte(constraintHits.id, where.firstId),
        eq(constraintHits.state, 'RED'),
        inArray(constraintHits.resourceId, where.resourceIds),
      ),
    )
    .orderBy(constraintHits.id)
}
