import { Hono } from 'hono'
import { findResource } from '../../db/queries/resources.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { assignResources } from '../../engine/assignment/assign.ts'
import { followPolicy, setDailyLimit } from '../../engine/constraints/daily-limit.ts'
import { setTtl } from '../../engine/constraints/ttl.ts'
import type { Context } from '../../engine/context.ts'
import { markShared } from '../../engine/environments/environment.ts'
import { invalid, notFound } from '../../engine/errors.ts'
import { act } from '../act.ts'
import type { WebEnv } from '../env.ts'
import { sayMoment } from '../parts.ts'
import { typedMoment } from '../times.ts'

/** The acts behind the forms of a resource. */
export const resourceActs = new Hono<WebEnv>()
  .post('/resources/:id/assign', async (c) => {
    const { id } = await find(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/resources/${id}`,
      form: 'assign',
      run: async (ctx, values) => {
        await assignResources(ctx, { resourceIds: [id], poolId: values['pool'], ownerId: values['owner'] || null })
        return 'It was assigned; its cost moved along.'
      },
    })
  })
  .post('/resources/:id/ttl', async (c) => {
    const { id } = await find(c.get('ctx'), c.req.param('id'))
    const { zone } = c.get('view').person
    return act(c, {
      back: `/resources/${id}`,
      form: 'ttl',
      run: async (ctx, { until = '' }) => {
        const end = typedMoment(until, { zone, field: 'until' })
        await setTtl(ctx, { resourceId: id, until: end })
        return end ? `It lives until ${sayMoment(end, zone)}.` : 'It has no end now.'
      },
    })
  })
  .post('/resources/:id/limit', async (c) => {
    const { id } = await find(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/resources/${id}`,
      form: 'limit',
      run: async (ctx, { limit = '' }) => {
        await setDailyLimit(ctx, { resourceId: id, limit: limit === '' ? null : Number(limit) })
        return Number(limit) > 0 ? `It may cost ${limit} a day.` : 'It has no daily limit now.'
      },
    })
  })
  .post('/resources/:id/follow-policy', async (c) => {
    const { id } = await find(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/resources/${id}`,
      run: async (ctx, { type = '' }) => {
        if (type !== 'ttl' && type !== 'daily_expense_limit')
          throw invalid('This constraint is not known. Nothing was changed.')
        await followPolicy(ctx, { resourceId: id, type })
        return 'The policy of its pool holds again.'
      },
    })
  })
  .post('/resources/:id/share', async (c) => {
    const { id } = await find(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/resources/${id}`,
      run: async (ctx) => {
        const made = await markShared(ctx, { resourceId: id })
        return { say: `${made.name} can be booked now.`, goTo: `/environments/${made.id}` }
      },
    })
  })

async function find(ctx: Context, id: string): Promise<Resource> {
  const found = await findResource(ctx.db, { orgId: ctx.orgId, id })
  if (!found) throw notFound('There is no such resource in this organization.')
  return found
}
