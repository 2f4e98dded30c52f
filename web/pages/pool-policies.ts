import { Hono } from 'hono'
import { z } from 'zod'
import { listPoolPolicies } from '../../db/queries/pools.ts'
import { countResources } from '../../db/queries/resources.ts'
import type { PoolPolicy } from '../../db/schema/pools.ts'
import { can } from '../../engine/access.ts'
import type { Context } from '../../engine/context.ts'
import { maxTtlHours, SetPoolPolicy, setPoolPolicy } from '../../engine/pools/policies.ts'
import { readPool, type PoolFacts } from '../../engine/pools/tree.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form } from '../form-parts.ts'
import { facts, plural, quiet, type Content } from '../parts.ts'

type Type = PoolPolicy['type']
const words = { ttl: 'Lifetime of resources', daily_expense_limit: 'Daily limit of a resource' } as const
const unitOf = (type: Type, { organization }: View): string =>
  type === 'ttl' ? 'hours' : `${organization.currency} a day`

/** The act behind the policies of a pool. */
export const poolPolicyActs = new Hono<WebEnv>().post('/pools/:id/policies', async (c) => {
  const { id, name } = await readPool(c.get('ctx'), c.req.param('id'))
  const view = c.get('view')
  const { type: sent } = z
    .object({ type: z.string() })
    .catch({ type: '' })
    .parse(await c.req.parseBody())
  return act(c, {
    back: `/pools/${id}`,
    form: `policy-${sent}`,
    run: async (ctx, values) => {
      const { type } = SetPoolPolicy.pick({ type: true }).parse(values)
      const set = { poolId: id, type, limit: values['limit'] ?? '', active: values['active'] === 'on' }
      const policy = await setPoolPolicy(ctx, set)
      if (!policy.active) return `${words[type]}: nothing is asked of the resources in ${name} any more.`
      return `${words[type]}: ${Number(policy.limit)} ${unitOf(type, view)} now hold for resources in ${name} without one of their own.`
    },
  })
})

/** What every resource of a pool lives under, and for those who may change it the forms and what a change does. */
export async function policyPart(ctx: Context, { found, view }: { found: PoolFacts; view: View }): Promise<Content> {
  const [policies, may, count] = await Promise.all([
    listPoolPolicies(ctx.db, { orgId: ctx.orgId, poolId: found.id }),
    can(ctx, 'manage_pools', { poolId: found.id }),
    countResources(ctx.db, { orgId: ctx.orgId, directlyIn: found.id }),
  ])
  const of = (type: Type) => policies.find((row) => row.type === type)
  const effect = quiet(
    `Holds at once for the ${plural(count, 'resource')} directly in this pool, new and old, unless one has a constraint of its own; a lifetime counts from the day it was first seen. What is beyond is reported to its owner within five minutes; nothing is stopped. Pools below have their own policies.`,
  )
  if (!may) return [facts(types.map((type) => [words[type], sayPolicy(of(type), view)])), effect]
  return [effect, ...types.map((type) => policyForm(type, { found, view, policy: of(type) }))]
}

const types = ['ttl', 'daily_expense_limit'] as const

const sayPolicy = (policy: PoolPolicy | undefined, view: View): string =>
  policy?.active && Number(policy.limit) > 0 ? `${Number(policy.limit)} ${unitOf(policy.type, view)}` : 'none'

function policyForm(
  type: (typeof types)[number],
  { found, view, policy }: { found: PoolFacts; view: View; policy: PoolPolicy | undefined },
): Content {
  const unit = type === 'ttl' ? `hours, 1 to ${maxTtlHours}` : unitOf(type, view)
  const schema = z.object({
    limit: z.number().int().min(0).meta({ label: words[type], unit }),
    active: z.boolean().meta({ label: 'Switched on' }),
  })
  return form(view, {
    name: `policy-${type}`,
    action: `/pools/${found.id}/policies`,
    submit: 'Save',
    tone: 'plain',
    schema,
    hidden: { type },
    values: { limit: policy?.limit ?? (type === 'ttl' ? 72 : 0), active: policy?.active ?? false },
  })
}
