import inactiveUsers from '../../engine/recommendations/inactive-users.ts'
import { testRecommendation } from './tester.ts'
import { commonCases, given, reported, seconds, user } from './users.ts'

const { ignores, ends } = commonCases()

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
    ...ignores,
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
  ],
  ends: [
    ...ends,
    {
      name: 'as irrelevant when its key was used',
      given,
      beside: [user()],
      becomes: {},
      besides: [user({ keys: [{ active: true, used: 1 }] })],
      reason: 'recommendation_irrelevant',
    },
  ],
})
