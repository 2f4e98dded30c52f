import { Hono } from 'hono'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { getRootPool, listPools } from '../../db/queries/pools.ts'
import { findResource } from '../../db/queries/resources.ts'
import { suggestConditions } from '../../engine/assignment/suggest.ts'
import type { Context } from '../../engine/context.ts'
import type { WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import { section } from '../parts.ts'
import { ruleForm, type Choices, type Draft } from '../rule-parts.ts'

const id = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** A new rule: empty, for a pool, or filled with what a resource has. */
export const ruleNew = new Hono<WebEnv>().get('/rules/new', async (c) => {
  const { ctx, view } = c.var
  const { resource, pool } = c.req.query()
  const from = await choicesOf(ctx)
  const start = { resourceId: isId(resource) ? resource : null, poolId: from.pools.find((one) => one.id === pool)?.id }
  const draft = await draftOf(ctx, start)
  return show(
    c,
    'New rule',
    section(
      'Where resources like these go',
      ruleForm(view, { action: '/rules/new', submit: 'Make rule', draft, from }),
    ),
    {
      trail: [['/rules', 'Rules']],
      lead: draft.conditions.length
        ? 'Everything the resource has is filled in. Empty what should not matter: fewer conditions, more resources.'
        : 'It comes on top: it is checked before all other rules. Resources that are there already stay until rules are applied again.',
    },
  )
})

const isId = (text: string | undefined): text is string => id.test(text ?? '')

async function draftOf(
  ctx: Context,
  { resourceId, poolId }: { resourceId: string | null; poolId: string | undefined },
): Promise<Draft> {
  const resource = resourceId ? await findResource(ctx.db, { orgId: ctx.orgId, id: resourceId }) : null
  const empty = { name: '', conditions: [], ownerId: null, active: true }
  if (!resource) return { ...empty, poolId: poolId ?? (await getRootPool(ctx.db, ctx.orgId)).id }
  const name = `Like ${resource.name || resource.cloudResourceId}`.slice(0, 255)
  return { ...empty, name, conditions: suggestConditions(resource), poolId: resource.poolId, ownerId: resource.ownerId }
}

/** What the form of a rule offers. */
export async function choicesOf(ctx: Context): Promise<Choices> {
  const [pools, people, accounts] = await Promise.all([
    listPools(ctx.db, ctx.orgId),
    listPeople(ctx.db, ctx.orgId),
    listAccounts(ctx.db, { orgId: ctx.orgId }),
  ])
  return { pools, people, accounts }
}
