/** Users of a cloud account, as discovery keeps them in `inventory`: `i` is a user, `k` one of its access keys. */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { ago, type Check } from '../recommendation.ts'

/** The users discovery sees now. Alias `i`. */
export const usersNow = (check: Check): SQL =>
  sql`i.org_id = ${check.orgId} and i.account_id = ${check.accountId} and i.kind = 'user' and i.active`

const epoch = (value: SQL): SQL => sql`to_timestamp(coalesce((${value})::float8, 0))`

/** When the password was last used; 1970 when never. */
export const passwordUsedAt: SQL = epoch(sql`i.facts->>'passwordLastUsedAt'`)

/** When an access key that still works was last used; 1970 when there is none or it never was. */
export const keyUsedAt: SQL = sql`(select ${epoch(sql`max((k->>'lastUsedAt')::float8)`)}
  from jsonb_array_elements(i.facts->'keys') k where (k->>'active')::boolean)`

/** Longer ago than `days`, to the second. */
export const longAgo = (check: Check, at: SQL, days: number): SQL => sql`${at} < ${ago(check, days)}`

/** The finding's user as it is now, as a lateral table `i` for `ended`: no row when it is gone or younger than `days`. */
export const sameUser = (check: Check, days: number): SQL => sql`(
  select i.* from inventory i where ${usersNow(check)} and i.cloud_id = f.key and i.cloud_created_at < ${ago(check, days)}
)`

/** Seconds since 1970, 0 for never. */
const asTime = (at: SQL): SQL => sql`extract(epoch from ${at})::bigint`

/** What is known about a user in every finding; names of the json list (spec recommendations 10.1). */
export const userEvidence = {
  cloud_resource_id: z.string().meta({ label: 'User id' }),
  name: z.string().meta({ label: 'User' }),
  region: z.string().meta({ label: 'Region' }),
  user_id: z.string().meta({ label: 'User id' }),
  user_name: z.string().meta({ label: 'User' }),
  last_used: z.number().meta({ label: 'Last used', unit: 'time' }),
}

/** The SELECT list of a finding about the user `i`, last used at `at`. */
export const userFinding = (at: SQL): SQL => sql`null::uuid as resource_id, i.cloud_id as key, null::numeric as saving,
  jsonb_build_object('cloud_resource_id', i.cloud_id, 'name', i.name, 'region', i.region, 'user_id', i.cloud_id,
    'user_name', i.name, 'last_used', ${asTime(at)}) as evidence`
