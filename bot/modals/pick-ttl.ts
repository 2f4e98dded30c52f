import { z } from 'zod'
import { setTtl } from '../../engine/constraints/ttl.ts'
import { invalid } from '../../engine/errors.ts'
import { formatMoney } from '../../engine/money.ts'
import { readResource } from '../../engine/resources/resource.ts'
import { dayMs } from '../../engine/time.ts'
import { section } from '../blocks.ts'
import { priceOf, ttlInWords, ttlReceipt } from '../resources.ts'
import { lines, md, moment } from '../rich.ts'
import { modal } from './modal.ts'

/** Until when a resource may live. The price follows the date that is picked. */
export default modal({
  name: 'pick-ttl',
  title: 'Pick a TTL',
  submit: 'Set TTL',
  fields: z.object({
    until: z.date().optional().meta({ label: 'Lives until', live: true }),
    endless: z
      .boolean()
      .default(false)
      .meta({ label: 'Without an end', hint: 'Where the pool asks for a TTL this needs a manager' }),
  }),
  async load(ctx, { resourceId = '' }, values) {
    const { title, ttl, perDay } = await readResource(ctx, resourceId)
    const now = ctx.now().getTime()
    const until = values?.until ?? ttl.endsAt
    const days = until ? (until.getTime() - now) / dayMs : 0
    const price = formatMoney(priceOf(perDay, Math.max(days, 0)), ctx.currency)
    const today = ttlInWords({ endsAt: ttl.endsAt, source: ttl.source, policyHours: ttl.policy })
    return {
      blocks: [
        section(
          lines(
            md`*${title}* costs ${formatMoney(perDay, ctx.currency)} a day. TTL: ${today ?? 'none'}.`,
            days > 0 && until ? md`Until ${moment(until)} that is about *${price}*.` : null,
          ),
        ),
      ],
      values: { until: ttl.endsAt && ttl.endsAt.getTime() > now ? ttl.endsAt : new Date(now + 3 * dayMs) },
      hints: { until: '720 hours from now is the most; longer needs a manager' },
    }
  },
  async run(ctx, { facts, values }) {
    const resourceId = facts['resourceId'] ?? ''
    if (!values.until && !values.endless) throw invalid('Pick a date, or say that it has no end.', { field: 'until' })
    const change = await setTtl(ctx, { resourceId, until: values.endless ? null : values.until! })
    return ttlReceipt(ctx, await readResource(ctx, resourceId), change)
  },
})
