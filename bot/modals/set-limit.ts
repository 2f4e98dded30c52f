import { z } from 'zod'
import { setDailyLimit } from '../../engine/constraints/daily-limit.ts'
import { formatMoney } from '../../engine/money.ts'
import { readResource } from '../../engine/resources/resource.ts'
import { section } from '../blocks.ts'
import { constraintReceipt, limitInWords } from '../resources.ts'
import { md } from '../rich.ts'
import { modal } from './modal.ts'

/** What a resource may cost a day. */
export default modal({
  name: 'set-limit',
  title: 'Set Daily Limit',
  submit: 'Set Limit',
  fields: z.object({
    limit: z
      .number()
      .int()
      .min(0)
      .max(2_147_483_647)
      .meta({ label: 'Limit per day', hint: 'Whole units of the currency; 0 = no limit' }),
  }),
  async load(ctx, { resourceId = '' }) {
    const { title, perDay, dailyLimit } = await readResource(ctx, resourceId)
    const today = limitInWords(dailyLimit, ctx.currency) ?? 'none'
    return {
      blocks: [section(md`*${title}* costs ${formatMoney(perDay, ctx.currency)} a day. Limit: ${today}.`)],
      values: dailyLimit.limit === null ? {} : { limit: Number(dailyLimit.limit) },
      hints:
        dailyLimit.policy === null
          ? {}
          : {
              limit: `The pool's policy is ${formatMoney(dailyLimit.policy, ctx.currency)}; more needs a manager. 0 = no limit`,
            },
    }
  },
  async run(ctx, { facts, values }) {
    const resourceId = facts['resourceId'] ?? ''
    const change = await setDailyLimit(ctx, { resourceId, limit: values.limit })
    const { title } = await readResource(ctx, resourceId)
    return constraintReceipt(
      change,
      `${title}: ${(limitInWords(change.after, ctx.currency) ?? 'no limit').toLowerCase()} from now on.`,
    )
  },
})
