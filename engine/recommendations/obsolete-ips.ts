/**
 * A public address nobody uses still costs money.
 *
 * Reported when it is older than `days_threshold` days, was used by nothing that runs for as long, and is on the bill.
 * Saving: its cost per day since it was last seen in use, at most 31 days back, times 30. Ends as applied when the
 * address is released, as irrelevant when it is used again. Source: discovery (use) and the bill (cost).
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { ago, recommendation } from './recommendation.ts'
import { stuck, unstuck } from './shared/stuck.ts'

const state = { bad: sql`r.available`, good: sql`r.last_used_at` }

export default recommendation({
  id: 'obsolete_ips',
  title: 'Obsolete IPs',
  category: 'cost',
  advice: 'Release the address.',
  clouds: ['aws', 'azure', 'alibaba'],
  services: ['EC2 VPC', 'Azure Network', 'ECS VPC'],
  inputs: ['discovery IP Address', 'bill'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(7).meta({ label: 'Unused for', unit: 'days' }),
  }),
  evidence: z.object({
    cost_not_active_ip: z.string().meta({ label: 'Cost while unused', unit: 'money' }),
    last_seen_active: z.number().meta({ label: 'Last used', unit: 'time' }),
  }),
  find: (check, { days_threshold: days }) => sql`
    select s.* from (${stuck(check, {
      ...{ ...state, type: 'IP Address', days },
      ...{ cost: 'cost_not_active_ip', since: 'last_seen_active' },
    })}) s
    join resources r on r.id = s.resource_id
    where least(r.first_seen_at, r.cloud_created_at) < ${ago(check, days)}`,
  ended: (check, { days_threshold: days }) => unstuck(check, { ...state, days }),
})
