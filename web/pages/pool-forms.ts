import { Hono } from 'hono'
import { z } from 'zod'
import { formatMoney } from '../../engine/money.ts'
import { deletePool } from '../../engine/pools/delete-pool.ts'
import { SetPoolLimit, setPoolLimit } from '../../engine/pools/limits.ts'
import { CreatePool, createPool, UpdatePool, updatePool } from '../../engine/pools/pool.ts'
import { readPool, type PoolFacts } from '../../engine/pools/tree.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, readForm, select } from '../form-parts.ts'
import { facts, fold, type Content } from '../parts.ts'
import { sayPath } from '../pool-parts.ts'

const Limit = SetPoolLimit.omit({ poolId: true })
const Below = CreatePool.pick({ name: true, monthlyLimit: true, purpose: true })
const Change = UpdatePool.pick({ name: true, purpose: true })

/** The acts behind the forms of a pool. */
export const poolActs = new Hono<WebEnv>()
  .post('/pools/:id/limit', async (c) => {
    const { id, name } = await readPool(c.get('ctx'), c.req.param('id'))
    const { currency } = c.get('view').organization
    return act(c, {
      back: `/pools/${id}`,
      form: 'limit',
      run: async (ctx, values) => {
        const { monthlyLimit, extendParents } = Limit.parse(readForm(Limit, values))
        const { before, after } = await setPoolLimit(ctx, { poolId: id, monthlyLimit, extendParents })
        return `The monthly limit of ${name} is now ${sayLimit(after, currency)}; it was ${sayLimit(before, currency)}.`
      },
    })
  })
  .post('/pools/:id/pools', async (c) => {
    const { id, name } = await readPool(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/pools/${id}`,
      form: 'below',
      run: async (ctx, values) => {
        const made = await createPool(ctx, { parentId: id, ...Below.parse(readForm(Below, values)) })
        return { say: `${made.name} was made in ${name}.`, goTo: `/pools/${made.id}` }
      },
    })
  })
  .post('/pools/:id/change', async (c) => {
    const found = await readPool(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/pools/${found.id}`,
      form: 'change',
      run: async (ctx, values) => {
        const owner = z
          .uuid()
          .nullable()
          .parse(values['owner'] || null)
        const change = found.parentId ? Change.parse(readForm(Change, values)) : {}
        const changed = await updatePool(ctx, { poolId: found.id, ...change, defaultOwnerId: owner })
        return `${changed.name} was changed.`
      },
    })
  })
  .post('/pools/:id/delete', async (c) => {
    const { id, name } = await readPool(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/pools/${id}`,
      run: async (ctx) => {
        const { parentId, resources, rules } = await deletePool(ctx, { poolId: id })
        return {
          say: `${name} was deleted. ${resources} resources moved to the pool above, ${rules} rules to the root.`,
          goTo: `/pools/${parentId}`,
        }
      },
    })
  })

const sayLimit = (limit: number, currency: string) => (limit === 0 ? 'none' : formatMoney(limit, currency))

/** Asks for the monthly limit. */
export const limitForm = (found: PoolFacts, view: View): Content =>
  form(view, {
    name: 'limit',
    action: `/pools/${found.id}/limit`,
    submit: 'Set limit',
    schema: Limit,
    values: { monthlyLimit: found.limit },
  })

/** Everything else that may be changed about a pool. */
export function changes(
  found: PoolFacts,
  { view, owners }: { view: View; owners: { value: string; label: string }[] },
): Content {
  const own = { name: found.name, purpose: found.purpose }
  return [
    facts([['Path', sayPath(found.path)]]),
    fold(
      'New pool in it',
      form(view, { name: 'below', action: `/pools/${found.id}/pools`, submit: 'Create pool', schema: Below }),
      view.flash?.form === 'below',
    ),
    fold(
      'Name, purpose and owner',
      form(view, {
        name: 'change',
        action: `/pools/${found.id}/change`,
        submit: 'Save',
        ...(found.parentId ? { schema: Change, values: own } : {}),
        more: (typed) =>
          select('owner', 'Owner', {
            any: 'nobody',
            choices: owners,
            value: typed?.['owner'] ?? found.ownerId ?? '',
          }),
      }),
      view.flash?.form === 'change',
    ),
    found.parentId
      ? fold('Delete', [
          'Its resources move to the pool above, rules that point here go to the root. This cannot be taken back.',
          postButton(view, { action: `/pools/${found.id}/delete`, submit: `Delete ${found.name}`, tone: 'danger' }),
        ])
      : null,
  ]
}
