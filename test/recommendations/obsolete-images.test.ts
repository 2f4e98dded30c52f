import obsoleteImages from '../../engine/recommendations/obsolete-images.ts'
import { daily, daysAgo, testRecommendation, type Beside, type Thing } from './tester.ts'

/** A snapshot that costs 0.25 on each of the last 7 days: 0.25 a day, November has 30. */
const snapshot = (id = 'snap-1', cost = 0.25): Thing => ({
  ...{ type: 'Snapshot', cloudResourceId: id, costs: daily(cost, 7) },
})
const image = (
  cloudId = 'ami-1',
  snapshotIds = ['snap-1'],
  more: { cloudCreatedAt?: Date; active?: boolean } = {},
): Beside => ({
  kind: 'image',
  cloudId,
  name: `image ${cloudId}`,
  region: 'eu-west-1',
  facts: { snapshotIds, state: 'available' },
  cloudCreatedAt: daysAgo(30),
  ...more,
})
const instance = (lastSeenAt: Date, imageId = 'ami-1'): Beside => ({
  ...{ type: 'Instance', cloudResourceId: `i-of-${imageId}`, facts: { imageId }, lastSeenAt, active: false },
})

testRecommendation(obsoleteImages, {
  reports: [
    {
      name: 'an image nothing was ever started from, with what its snapshot costs in 30 days of November',
      given: snapshot(),
      beside: [image()],
      key: 'ami-1',
      saving: '7.5',
      evidence: {
        ...{ cloud_resource_id: 'ami-1', name: 'image ami-1', region: 'eu-west-1', last_used: 0 },
        first_seen: daysAgo(30).getTime() / 1000,
        snapshots: [{ cloud_resource_id: 'snap-1', cost: '7.5' }],
      },
    },
    {
      name: 'all its snapshots that cost something',
      given: snapshot(),
      beside: [
        image('ami-1', ['snap-1', 'snap-2', 'snap-3', 'snap-unknown']),
        snapshot('snap-2', 0.1),
        snapshot('snap-3', 0),
      ],
      key: 'ami-1',
      saving: '10.5',
      evidence: {
        snapshots: [
          { cloud_resource_id: 'snap-1', cost: '7.5' },
          { cloud_resource_id: 'snap-2', cost: '3' },
        ],
      },
    },
    {
      name: 'one whose last instance was seen 8 days ago',
      given: snapshot(),
      beside: [image(), instance(daysAgo(8))],
      key: 'ami-1',
      saving: '7.5',
      evidence: { last_used: daysAgo(8).getTime() / 1000 },
    },
    {
      name: 'a snapshot it shares with an image in use saves nothing',
      given: snapshot(),
      beside: [
        image('ami-1', ['snap-1', 'snap-2']),
        snapshot('snap-2', 0.1),
        image('ami-2'),
        instance(daysAgo(1), 'ami-2'),
      ],
      key: 'ami-1',
      saving: '3',
    },
    {
      name: 'one without snapshots beside it does no harm',
      given: snapshot(),
      beside: [image(), image('ami-empty', [])],
      key: 'ami-1',
      saving: '7.5',
    },
  ],
  ignores: [
    {
      name: 'one made 6 days ago',
      given: snapshot(),
      beside: [image('ami-1', ['snap-1'], { cloudCreatedAt: daysAgo(6) })],
    },
    {
      name: 'one an instance of which was seen 6 days ago',
      given: snapshot(),
      beside: [image(), instance(daysAgo(6))],
    },
    { name: 'one whose snapshots cost nothing', given: snapshot('snap-1', 0), beside: [image()] },
    { name: 'one that is gone', given: snapshot(), beside: [image('ami-1', ['snap-1'], { active: false })] },
  ],
  ends: [
    {
      name: 'as applied when the image was deregistered',
      given: snapshot(),
      beside: [image()],
      becomes: {},
      besides: [image('ami-1', ['snap-1'], { active: false })],
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when an instance was started from it',
      given: snapshot(),
      beside: [image()],
      becomes: {},
      besides: [instance(daysAgo(0))],
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when the threshold was raised',
      given: snapshot(),
      beside: [image()],
      becomes: {},
      laterOptions: { days_threshold: 31 },
      reason: 'options_changed',
    },
  ],
})
