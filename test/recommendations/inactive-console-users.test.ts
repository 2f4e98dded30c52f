import inactiveConsoleUsers from '../../engine/recommendations/inactive-console-users.ts'
import { daysAgo, testRecommendation, type Beside } from './tester.ts'

const seconds = (days: number) => daysAgo(days).getTime() / 1000

/** A user with a key used yesterday; the password by days ago, null for never. */
const user = ({ password = null as number | null, mayUseConsole = true, made = 200, active = true } = {}): Beside => ({
  ...{ kind: 'user', cloudId: 'AIDA1', name: 'deployer', region: '', active, cloudCreatedAt: daysAgo(made) },
  facts: {
    hasConsole: mayUseConsole,
    passwordLastUsedAt: password === null ? null : seconds(password),
    keys: [{ id: 'AKIA1', active: true, lastUsedAt: seconds(1) }],
  },
})
const given = { type: 'Instance' }
const reported = { given, key: 'AIDA1', saving: null }

testRecommendation(inactiveConsoleUsers, {
  reports: [
    {
      name: 'a user that works by its key and never signed in',
      ...reported,
      beside: [user()],
      evidence: { user_name: 'deployer', last_used: 0 },
    },
    {
      name: 'one that signed in 91 days ago',
      ...reported,
      beside: [user({ password: 91 })],
      evidence: { last_used: seconds(91) },
    },
  ],
  ignores: [
    { name: 'one that signed in 89 days ago', given, beside: [user({ password: 89 })] },
    { name: 'one that may not use the console', given, beside: [user({ mayUseConsole: false })] },
    { name: 'one made 89 days ago', given, beside: [user({ made: 89 })] },
    { name: 'one that is gone', given, beside: [user({ active: false })] },
  ],
  ends: [
    {
      name: 'as applied when it may not use the console any more',
      given,
      beside: [user()],
      becomes: {},
      besides: [user({ mayUseConsole: false })],
      reason: 'recommendation_applied',
    },
    {
      name: 'as applied when it is gone',
      given,
      beside: [user()],
      becomes: {},
      besides: [user({ active: false })],
      reason: 'recommendation_applied',
    },
    {
      name: 'as irrelevant when it signed in',
      given,
      beside: [user()],
      becomes: {},
      besides: [user({ password: 0 })],
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
