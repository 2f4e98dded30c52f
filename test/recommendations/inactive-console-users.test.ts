import inactiveConsoleUsers from '../../engine/recommendations/inactive-console-users.ts'
import { testRecommendation } from './tester.ts'
import { commonCases, given, reported, seconds, user, type User } from './users.ts'

/** Their key was used yesterday, so only the console is idle. */
const keys = [{ active: true, used: 1 }]
const working = (more: User = {}) => user({ keys, ...more })
const { ignores, ends } = commonCases(keys)

testRecommendation(inactiveConsoleUsers, {
  reports: [
    {
      name: 'a user that works by its key and never signed in',
      ...reported,
      beside: [working()],
      evidence: { user_name: 'old-admin', last_used: 0 },
    },
    {
      name: 'one that signed in 91 days ago',
      ...reported,
      beside: [working({ password: 91 })],
      evidence: { last_used: seconds(91) },
    },
  ],
  ignores: [...ignores, { name: 'one that may not use the console', given, beside: [working({ console: false })] }],
  ends: [
    ...ends,
    {
      name: 'as applied when it may not use the console any more',
      given,
      beside: [working()],
      becomes: {},
      besides: [working({ console: false })],
      reason: 'recommendation_applied',
    },
  ],
})
