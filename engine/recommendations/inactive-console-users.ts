/**
 * A password nobody signs in with is a door to the console nobody needs.
 *
 * Reported when an IAM user was made more than `days_threshold` days ago, may sign in to the console, and did not for as
 * long; whether its access keys are used does not matter. Saving: none, it is about safety. Ends as applied when the user is gone or may not sign in any
 * more, as irrelevant when it signed in. Source: discovery.
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { ago, recommendation } from './recommendation.ts'
import { longAgo, passwordUsedAt, sameUser, userEvidence, userFinding, usersNow } from './shared/users.ts'

const maySignIn = sql`coalesce((i.facts->>'hasConsole')::boolean, false)`

export default recommendation({
  id: 'inactive_console_users',
  title: 'IAM users with unused console access',
  category: 'security',
  advice: "Take the user's console password away.",
  clouds: ['aws'],
  services: ['IAM'],
  inputs: ['discovery user'],
  dismissable: false,
  excludable: false,
  ownKey: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(90).meta({ label: 'Not signed in for', unit: 'days' }),
  }),
  evidence: z.object(userEvidence),
  find: (check, { days_threshold: days }) => sql`
    select ${userFinding(passwordUsedAt)}
    from inventory i
    where ${usersNow(check)} and i.cloud_created_at < ${ago(check, days)} and ${maySignIn}
      and ${longAgo(check, passwordUsedAt, days)}`,
  ended: (check, { days_threshold: days }) => sql`coalesce((
    select case when not ${maySignIn} then 'recommendation_applied'
      when not ${longAgo(check, passwordUsedAt, days)} then 'recommendation_irrelevant' else 'options_changed' end
    from ${sameUser(check, days)} i), 'recommendation_applied')`,
})
