/** When a clean-up needs a second person. */
import { z } from 'zod'
import { findOption, setOption } from '../../db/queries/organizations.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'

const name = 'clean_up_approval'

/** `over`: savings per month above which a manager approves, in the organization's currency; null asks nobody. */
export const CleanUpPolicy = z.object({
  over: z
    .number()
    .min(0)
    .max(2_147_483_647)
    .nullable()
    .default(200)
    .meta({ label: 'Approval above', unit: 'a month', hint: 'Empty asks nobody' }),
})
export type CleanUpPolicy = z.infer<typeof CleanUpPolicy>

/** The policy in force; 200 a month when nobody chose. */
export async function readCleanUpPolicy(ctx: Context): Promise<CleanUpPolicy> {
  const stored = CleanUpPolicy.safeParse((await findOption(ctx.db, { orgId: ctx.orgId, name })) ?? {})
  return stored.success ? stored.data : CleanUpPolicy.parse({})
}

/** Changes the policy; requests under way keep theirs. */
export async function setCleanUpPolicy(ctx: Context, input: CleanUpPolicy): Promise<CleanUpPolicy> {
  await assertCan(ctx, 'manage_organization')
  const after = CleanUpPolicy.parse(input)
  return inTransaction(ctx, async (ctx) => {
    const before = await readCleanUpPolicy(ctx)
    await setOption(ctx.db, { orgId: ctx.orgId, name, value: after })
    await record(ctx, 'clean_up.policy-set', { subject: { kind: 'organization', id: ctx.orgId }, before, after })
    return after
  })
}
