import { Hono } from 'hono'
import { can } from '../../engine/access.ts'
import { policyForm, readCleanUpPolicy, sayPolicy, setCleanUpPolicy } from '../../engine/clean-ups/policy.ts'
import type { Context } from '../../engine/context.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form } from '../form-parts.ts'
import { fold, section, type Content } from '../parts.ts'

/** The act behind the amount above which clean-ups need a second person. */
export const cleanUpPolicyActs = new Hono<WebEnv>().post('/savings/approval', (c) =>
  act(c, {
    back: '/savings',
    form: 'approval',
    run: async (ctx, { over = '' }) => {
      // An empty input is no amount; 0 must be meant.
      const { after } = await setCleanUpPolicy(ctx, { over: over.trim() === '' ? Number.NaN : Number(over) })
      return sayPolicy(after, c.var.view.organization.currency)
    },
  }),
)

/** When a clean-up is approved, and for those who may the form that changes it. */
export async function cleanUpPolicy(ctx: Context, view: View): Promise<Content> {
  const [policy, may] = await Promise.all([readCleanUpPolicy(ctx), can(ctx, 'manage_organization')])
  const { currency } = view.organization
  const change = form(view, {
    ...{ name: 'approval', action: '/savings/approval', submit: 'Save', tone: 'plain' },
    schema: policyForm(currency),
    values: policy,
  })
  return section('Approval of clean-ups', [
    sayPolicy(policy, currency),
    may ? fold('Change', change, view.flash?.form === 'approval') : null,
  ])
}
