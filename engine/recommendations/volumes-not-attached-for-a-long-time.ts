/**
 * A volume nothing is attached to still costs money.
 *
 * Reported when it was attached to nothing for more than `days_threshold` days. Saving: its cost per day since it was
 * last seen attached, at most 31 days back, times 30. Ends as applied when the volume is gone, as irrelevant when it
 * is attached again. Source: discovery (attachment) and the bill (cost).
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { recommendation } from './recommendation.ts'
import { stuck, unstuck } from './shared/stuck.ts'

const state = { bad: sql`r.attached = false`, good: sql`r.last_attached_at` }

export default recommendation({
  id: 'volumes_not_attached_for_a_long_time',
  title: 'Not attached volumes',
  category: 'cost',
  advice: 'Delete the volume, after a snapshot if its data may be needed.',
  clouds: ['aws', 'azure', 'gcp', 'alibaba'],
  services: ['EC2 EBS', 'Azure Compute', 'Compute Engine', 'Alibaba EBS'],
  inputs: ['discovery Volume', 'bill'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(1).meta({ label: 'Not attached for', unit: 'days' }),
  }),
  evidence: z.object({
    cost_in_detached_state: z.string().meta({ label: 'Cost while not attached', unit: 'money' }),
    last_seen_in_attached_state: z.number().meta({ label: 'Last attached', unit: 'time' }),
  }),
  find: (check, { days_threshold: days }) =>
    stuck(check, {
      ...{ ...state, type: 'Volume', days },
      ...{ cost: 'cost_in_detached_state', since: 'last_seen_in_attached_state' },
    }),
  ended: (check, { days_threshold: days }) => unstuck(check, { ...state, days }),
})
