import s3PublicBuckets from '../../engine/recommendations/s3-public-buckets.ts'
import { testRecommendation, type Thing } from './tester.ts'

const bucket = (isPublicPolicy: boolean, isPublicAcls: boolean, more: Thing = {}): Thing => ({
  ...{ type: 'Bucket', cloudResourceId: 'site', facts: { isPublicPolicy, isPublicAcls }, ...more },
})

testRecommendation(s3PublicBuckets, {
  reports: [
    {
      name: 'a bucket whose policy is public',
      given: bucket(true, false),
      saving: null,
      evidence: { is_public_policy: true, is_public_acls: false },
    },
    {
      name: 'one whose access list names everybody',
      given: bucket(false, true),
      saving: null,
      evidence: { is_public_policy: false, is_public_acls: true },
    },
  ],
  ignores: [
    { name: 'one that is closed', given: bucket(false, false) },
    { name: 'one whose state nobody knows', given: bucket(false, false, { facts: {} }) },
    { name: 'one that is gone', given: bucket(true, true, { active: false }) },
  ],
  ends: [
    {
      name: 'as deleted when it is gone',
      given: bucket(true, false),
      becomes: { active: false },
      reason: 'resource_deleted',
    },
    {
      name: 'as applied when it was closed',
      given: bucket(true, true),
      becomes: { facts: { isPublicPolicy: false, isPublicAcls: false } },
      reason: 'recommendation_applied',
    },
  ],
})
