import { z } from 'zod'
import { can } from '../../engine/access.ts'
import { policyHint, readCleanUpPolicy, sayPolicy } from '../../engine/clean-ups/policy.ts'
import { setApprovalLimit } from '../approval-limit.ts'
import { context, section } from '../blocks.ts'
import { modal } from './modal.ts'

/** Above which saving a clean-up needs a second person. The verb judges the amount, in the words every door says. */
export default modal({
  name: 'approval-limit',
  title: 'Approval of Clean-Ups',
  submit: 'Save',
  fields: z.object({ over: z.number().meta({ label: 'Approval above', hint: policyHint }) }),
  async load(ctx) {
    const [policy, may] = await Promise.all([readCleanUpPolicy(ctx), can(ctx, 'manage_organization')])
    return {
      blocks: [
        section(sayPolicy(policy, ctx.currency)),
        context(
          may
            ? `Savings a month, in ${ctx.currency}; requests under way keep their amount`
            : 'Organization managers change this',
        ),
      ],
      values: { over: policy.over },
      closed: !may,
    }
  },
  run: (ctx, { values }) => setApprovalLimit(ctx, values.over),
})
