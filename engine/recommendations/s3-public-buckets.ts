/**
 * A bucket the whole internet may read or write is either meant to be, or a leak.
 *
 * Reported when the bucket's policy is public, or its access list grants something to everybody or to every AWS user, and
 * no public access block of the bucket or of the whole account stands in between. Saving: none, it is about safety. Ends as applied when the bucket is gone or closed.
 * Source: discovery.
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { recommendation, seenNow } from './recommendation.ts'

const is = (fact: string) => sql`coalesce((r.facts->>${fact}::text)::boolean, false)`
const isPublic = sql`(${is('isPublicPolicy')} or ${is('isPublicAcls')})`

export default recommendation({
  id: 's3_public_buckets',
  title: 'Public S3 buckets',
  category: 'security',
  advice: 'Block public access, or dismiss the bucket if it is meant to be public.',
  clouds: ['aws'],
  services: ['S3'],
  inputs: ['discovery Bucket'],
  dismissable: true,
  excludable: true,
  options: z.object({}),
  evidence: z.object({
    is_public_policy: z.boolean().meta({ label: 'Public by policy' }),
    is_public_acls: z.boolean().meta({ label: 'Public by access list' }),
  }),
  find: (check) => sql`
    select r.id as resource_id, null::numeric as saving,
      jsonb_build_object('is_public_policy', ${is('isPublicPolicy')}, 'is_public_acls', ${is('isPublicAcls')}) as evidence
    from resources r where ${seenNow(check, 'Bucket')} and ${isPublic}`,
  ended: () => sql`case
    when r.active is not true then 'resource_deleted'
    when not ${isPublic} then 'recommendation_applied'
    else 'options_changed' end`,
})
