import inactiveUsers from '../../engine/recommendations/inactive-users.ts'
import { daysAgo, testRecommendation, type Beside } from './tester.ts'

const seconds = (days: number) => daysAgo(days).getTime() / 1000
type User = {
  password?: number | null
  console?: boolean
  keys?: { active: boolean; used: number | null }[]
  made?: number
  active?: boolean
}

/** A user made 200 days ago; what was used, by days ago, null for never. */
const user = ({ password = null, console = true, keys = [], made = 200, active = true }: User = {}): Beside => ({
  ...{ kind: 'user', cloudId: 'AIDA1', name: 'old-admin', region: '', active, cloudCreatedAt: daysAgo(made) },
  facts: {
    hasConsole: console,
    passwordLastUsedAt: password === null ? null : seconds(password),
    keys: keys.map(({ active, used }, n) => ({
      id: `AKIA${n}`,
      active,
      lastUsedAt: used === null ? null : seconds(used),
    })),
  },
})
const given = { type: 'Instance' }
const reported = { given, key: 'AIDA1', saving: null }

testRecommendation(inactiveUsers, {
  reports: [
    {
      name: 'a user that never did anything',
      ...reported,
      beside: [user()],
      evidence: { user_id: 'AIDA1', user_name: 'old-admin', name: 'old-admin', last_used: 0 },
    },
    {
      name: 'one whose password and key were last used 91 and 120 days ago, with the later of both',
      ...reported,
      beside: [user({ password: 120, keys: [{ active: true, used: 91 }] })],
      evidence: { last_used: seconds(91) },
    },
    {
      name: 'one whose only used key is switched off',
      ...reported,
      beside: [user({ keys: [{ active: false, used: 1 }] })],
      evidence: { last_used: 0 },
    },
    {
      name: 'one unused for 31 days when 30 are enough',
      ...reported,
      options: { days_threshold: 30 },
      beside: [user({ password: 31 })],
    },
  ],
  ignores: [
    { name: 'one whose password was used 89 days ago', given, beside: [user({ password: 89 })] },
    { name: 'one used exactly 90 days ago', given, beside: [user({ password: 90 })] },
    {
      name: 'one of whose keys was used yesterday',
      given,
      beside: [
        user({
          password: 200,
          keys: [
            { active: true, used: null },
            { active: true, used: 1 },
          ],
        }),
      ],
    },
    { name: 'one made 89 days ago', given, beside: [user({ made: 89 })] },
    { name: 'one that is gone', given, beside: [user({ active: false })] },
  ],
  ends: [
    {
      name: 'as applied when the user was deleted',
      given,
      beside: [user()],
      becomes: {},
      besides: [user({ active: false })],
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when its password was used',
      given,
      beside: [user()],
      becomes: {},
      besides: [user({ password: 1 })],
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as irrelevant when its key was used',
      given,
      beside: [user()],
      becomes: {},
      besides: [user({ keys: [{ active: true, used: 1 }] })],
      reason: 'recommendation_irrelevant',
    },
    {
      name: 'as changed settings when the threshold was raised',
      given,
      beside: [user({ password: 100 })],
      becomes: {},
      laterOptions: { days_threshold: 120 },
      reason: 'options_changed',
    },
  ],
})
