/** When a clean-up needs a second person. */
import { z } from 'zod'
import { findOption, setOption } from '../../db/queries/organizations.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { record } from '../events.ts'
import { formatMoney } from '../money.ts'

const name = 'clean_up_approval'
const most = 2_147_483_647

/** Nobody chose: above this a second person is asked. */
const usual = 200

/** Said beside the field, in every door. */
export const policyHint = '0 = no limit: nobody is asked. Organization managers never need anybody.'

/** `over`: savings per month above which a manager approves, in the organization's currency; 0 is no limit, so it asks nobody. */
export const CleanUpPolicy = z.object({ over: z.number().min(0).max(most) })
export type CleanUpPolicy = z.infer<typeof CleanUpPolicy>

/** The field a form asks for, in the currency of the organization. */
export const policyForm = (currency: string) =>
  z.object({
    over: CleanUpPolicy.shape.over.meta({ label: 'Approval above', unit: `${currency} a month`, hint: policyHint }),
  })

/** The policy in force; 200 a month when nobody chose. Rows of before 0 was no limit say null for it. */
export async function readCleanUpPolicy(ctx: Context): Promise<CleanUpPolicy> {
  const stored = (await findOption(ctx.db, { orgId: ctx.orgId, name })) ?? {}
  if (stored['over'] === null) return { over: 0 }
  const parsed = CleanUpPolicy.safeParse(stored)
  return parsed.success ? parsed.data : { over: usual }
}

/** Changes the policy; requests under way keep theirs. Invalid when it is no amount. */
export async function setCleanUpPolicy(
  ctx: Context,
  input: CleanUpPolicy,
): Promise<{ before: CleanUpPolicy; after: CleanUpPolicy }> {
  await assertCan(ctx, 'manage_organization')
  const parsed = CleanUpPolicy.safeParse(input)
  if (!parsed.success)
    throw invalid(`The amount must be a number from 0 to ${most.toLocaleString('en-US')}. Nothing was changed.`, {
      field: 'over',
    })
  const after = parsed.data
  return inTransaction(ctx, async (ctx) => {
    const before = await readCleanUpPolicy(ctx)
    if (before.over === after.over) return { before, after }
    await setOption(ctx.db, { orgId: ctx.orgId, name, value: after })
    await record(ctx, 'clean_up.policy-set', { subject: { kind: 'organization', id: ctx.orgId }, before, after })
    return { before, after }
  })
}

/** The policy in one sentence, for every door. */
export const sayPolicy = ({ over }: CleanUpPolicy, currency: string): string =>
  over > 0
    ? `A clean-up that saves more than ${formatMoney(over, currency)} a month waits for the approval of a manager.`
    : 'A clean-up of any size is handed over without approval.'
