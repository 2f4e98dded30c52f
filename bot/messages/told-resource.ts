import { z } from 'zod'

/** A resource as alerts carry it, frozen at the moment of the alert; made by `engine/constraints/tell.ts`. */
export const toldResource = z.object({
  id: z.string(),
  rev: z.number(),
  title: z.string(),
  type: z.string(),
  region: z.string(),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  perDay: z.string(),
  month: z.string(),
  endsAt: z.coerce.date().nullable(),
  policyHours: z.string().nullable(),
})
export type ToldResource = z.output<typeof toldResource>

/** One for the samples of messages. */
export const sampleResource = (more: Partial<ToldResource>): ToldResource => ({
  id: '8f2c0000-0000-4000-8000-000000000001',
  rev: 7,
  title: 'loadtest-db',
  type: 'RDS Instance',
  region: 'eu-west-1',
  owner: { id: 'p1', name: 'Max' },
  perDay: '14',
  month: '182',
  endsAt: new Date('2026-11-24T17:00:00Z'),
  policyHours: '168',
  ...more,
})
