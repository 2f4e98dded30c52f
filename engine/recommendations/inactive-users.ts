/**
 * A user nobody works as is a door nobody watches.
 *
 * Reported when an IAM user was made more than `days_threshold` days ago and neither its password nor an access key that
 * still works was used for as long; what was never used counts as long ago, keys that are switched off do not count.
 * Saving: none, it is about safety. Ends as applied when the user is gone, as irrelevant when its password or a key was used. Source: discovery.
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { ago, recommendation } from './recommendation.ts'
import { keyUsedAt, longAgo, passwordUsedAt, sameUser, userEvidence, userFinding, usersNow } from './shared/users.ts'

export default recommendation({
  id: 'inactive_users',
  title: 'Inactive IAM users',
  category: 'security',
  advice: 'Switch off the keys and the password of the user; delete it when nobody asks.',
  clouds: ['aws'],
  services: ['IAM'],
  inputs: ['discovery user'],
  dismissable: false,
  excludable: false,
  ownKey: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(90).meta({ label: 'Unused for', unit: 'days' }),
  }),
  evidence: z.object(userEvidence),
  find: (check, { days_threshold: days }) => sql`
    select ${userFinding(sql`greatest(${passwordUsedAt}, ${keyUsedAt})`)}
    from inventory i
    where ${usersNow(check)} and i.cloud_created_at < ${ago(check, days)}
      and ${longAgo(check, passwordUsedAt, days)} and ${longAgo(check, keyUsedAt, days)}`,
  ended: (check, { days_threshold: days }) => sql`coalesce((
    select case when not ${longAgo(check, passwordUsedAt, days)} or not ${longAgo(check, keyUsedAt, days)}
      then 'recommendation_irrelevant' else 'options_changed' end
    from ${sameUser(check, days)} i), 'recommendation_applied')`,
})
