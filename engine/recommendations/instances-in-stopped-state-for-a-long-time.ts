/**
 * An instance that is stopped but not deallocated is charged as if it ran.
 *
 * Reported when it was not seen running for more than `days_threshold` days and keeps its hardware: an Azure machine
 * that is stopped but not deallocated, an Alibaba one stopped in the mode that keeps charging. Saving: its cost per day
 * since it last ran, at most 31 days back, times 30. Ends as applied when the instance is gone, as irrelevant when it
 * runs or is deallocated. Source: discovery (state) and the bill (cost).
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { recommendation } from './recommendation.ts'
import { stuck, unstuck } from './shared/stuck.ts'

const state = { bad: sql`r.stopped_allocated`, good: sql`r.last_not_stopped_at` }

export default recommendation({
  id: 'instances_in_stopped_state_for_a_long_time',
  title: 'Not deallocated instances',
  category: 'cost',
  advice: 'Deallocate the instance; its disks stay.',
  clouds: ['azure', 'alibaba'],
  services: ['Azure Compute', 'ECS'],
  inputs: ['discovery Instance', 'bill'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(1).meta({ label: 'Not running for', unit: 'days' }),
  }),
  evidence: z.object({
    cost_in_stopped_state: z.string().meta({ label: 'Cost while stopped', unit: 'money' }),
    last_seen_active: z.number().meta({ label: 'Last seen running', unit: 'time' }),
  }),
  find: (check, { days_threshold: days }) =>
    stuck(check, {
      ...{ ...state, type: 'Instance', days },
      ...{ cost: 'cost_in_stopped_state', since: 'last_seen_active' },
    }),
  ended: (check, { days_threshold: days }) => unstuck(check, { ...state, days }),
})
