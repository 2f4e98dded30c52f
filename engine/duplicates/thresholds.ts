/** From which saving a month duplicates deserve attention: an option of the organization, and the colours it gives. */
import { z } from 'zod'
import { findOption, setOption } from '../../db/queries/organizations.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { record } from '../events.ts'
import { decimal, type Amount } from '../money.ts'

const name = 's3_duplicates_settings'
const level = z.number().min(0).max(1e12)

export const DuplicateThresholds = z.object({
  attention: level.default(50).meta({ label: 'Requires attention from', unit: 'a month' }),
  critical: level.default(200).meta({ label: 'Critical from', unit: 'a month' }),
})
export type DuplicateThresholds = z.infer<typeof DuplicateThresholds>

/** The thresholds in force: 50 and 200 unless changed. */
export async function readThresholds(ctx: Pick<Context, 'db' | 'orgId'>): Promise<DuplicateThresholds> {
  const stored = await findOption(ctx.db, { orgId: ctx.orgId, name })
  const parsed = DuplicateThresholds.safeParse(stored?.['thresholds'] ?? {})
  return parsed.success ? parsed.data : DuplicateThresholds.parse({})
}

/** Changes the thresholds. Invalid when critical lies below attention; nothing is kept then. */
export async function setThresholds(ctx: Context, input: z.input<typeof DuplicateThresholds>): Promise<void> {
  await assertCan(ctx, 'change_options')
  const after = DuplicateThresholds.parse(input)
  if (after.critical < after.attention)
    throw invalid('Critical must not lie below what requires attention. Nothing was changed.', { field: 'critical' })
  await inTransaction(ctx, async (ctx) => {
    const before = await readThresholds(ctx)
    await setOption(ctx.db, { orgId: ctx.orgId, name, value: { thresholds: after } })
    await record(ctx, 'duplicates.thresholds-changed', {
      ...{ subject: { kind: 'organization', id: ctx.orgId }, before, after },
    })
  })
}

export type DuplicateTone = 'unknown' | 'low' | 'attention' | 'critical'

/** The colour of a saving: exactly the threshold belongs to the higher one (F36); without a cost there is none. */
export function toneOf(saving: Amount | null, { attention, critical }: DuplicateThresholds): DuplicateTone {
  if (saving === null) return 'unknown'
  if (decimal(saving).gte(critical)) return 'critical'
  return decimal(saving).gte(attention) ? 'attention' : 'low'
}

/** The colours in words, for those who see none. */
export const toneWords: Record<DuplicateTone, string> = {
  unknown: 'cost unknown',
  low: 'low',
  attention: 'requires attention',
  critical: 'critical',
}
