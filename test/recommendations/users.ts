/** Users of an account for the two recommendations about them, and the cases both have in common. */
import { daysAgo, type Beside, type Cases } from './tester.ts'

export const seconds = (days: number) => daysAgo(days).getTime() / 1000

/** What was used, by days ago, null for never; made 200 days ago unless said. */
export type User = {
  password?: number | null
  console?: boolean
  keys?: { active: boolean; used: number | null }[]
  made?: number
  active?: boolean
}

export const user = ({ password = null, console = true, keys = [], made = 200, active = true }: User = {}): Beside => ({
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

/** Users are no resources; the account has something else. */
export const given = { type: 'Instance' }
export const reported = { given, key: 'AIDA1', saving: null }

/** What both judge alike about a user whose keys are `keys`: the password, the age, and how the advice ends. */
export const commonCases = (keys: User['keys'] = []): Pick<Cases, 'ignores' | 'ends'> => {
  const of = (more: User = {}) => user({ keys, ...more })
  return {
    ignores: [
      { name: 'one whose password was used 89 days ago', given, beside: [of({ password: 89 })] },
      { name: 'one whose password was used exactly 90 days ago', given, beside: [of({ password: 90 })] },
      { name: 'one made 89 days ago', given, beside: [of({ made: 89 })] },
      { name: 'one that is gone', given, beside: [of({ active: false })] },
    ],
    ends: [
      {
        ...{ name: 'as applied when the user was deleted', given, beside: [of()], becomes: {} },
        ...{ besides: [of({ active: false })], reason: 'recommendation_applied' },
      },
      {
        ...{ name: 'as irrelevant when its password was used', given, beside: [of()], becomes: {} },
        ...{ besides: [of({ password: 1 })], reason: 'recommendation_irrelevant' },
      },
      {
        ...{ name: 'as changed settings when the threshold was raised', given, beside: [of({ password: 100 })] },
        ...{ becomes: {}, laterOptions: { days_threshold: 120 }, reason: 'options_changed' },
      },
    ],
  }
}
