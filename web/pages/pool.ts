import { Hono } from 'hono'
import { z } from 'zod'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPoolPolicies } from '../../db/queries/pools.ts'
import type { PoolPolicy } from '../../db/schema/pools.ts'
import { deletePool } from '../../engine/pools/delete-pool.ts'
import { SetPoolLimit, setPoolLimit } from '../../engine/pools/limits.ts'
import { CreatePool, createPool, UpdatePool, updatePool } from '../../engine/pools/pool.ts'
import { SetPoolPolicy, setPoolPolicy } from '../../engine/pools/policies.ts'
import { readPool, readPools, type PoolFacts } from '../../engine/pools/tree.ts'
import { formatMoney } from '../../engine/money.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, readForm, select } from '../form-parts.ts'
import { show } from '../layout.ts'
import { columns, facts, fold, linkButton, money, section, stats, type Content } from '../parts.ts'
import { forecastOf, hasLimit, limitBar, poolBadge } from '../pool-parts.ts'
import { poolTable } from './pools.ts'
import { spendFigure } from './spend-figure.ts'

const Limit = SetPoolLimit.omit({ poolId: true })
const Below = CreatePool.pick({ name: true, monthlyLimit: true, purpose: true })
const Change = UpdatePool.pick({ name: true, purpose: true })
const policyWords = { ttl: 'Lifetime of resources', daily_expense_limit: 'Daily limit of a resource' } as const

/** One budget: its month, what it spends on, its limits, and what may be changed. */
export const pool = new Hono<WebEnv>()
  .get('/pools/:id', async (c) => {
    const { ctx, view } = c.var
    const all = await readPools(ctx)
    const found = all.find(({ id }) => id === c.req.param('id')) ?? (await readPool(ctx, c.req.param('id')))
    const [figure, policies, people] = await Promise.all([
      spendFigure(ctx, { scope: { poolId: found.id }, view }),
      listPoolPolicies(ctx.db, { orgId: ctx.orgId, poolId: found.id }),
      listPeople(ctx.db, ctx.orgId),
    ])
    const below = all.filter(({ parentId }) => parentId === found.id)
    const owners = people.map(({ id, name }) => ({ value: id, label: name }))
    return show(
      c,
      found.name,
      [
        figures(found, view),
        columns(
          [
            [section('Cost by service, last 30 days', figure), section('Pools in it', poolTable(below, { view }))],
            [
              section('Limit', limitForm(found, view)),
              section('Policies', policyForms(found, { view, policies })),
              section('Change', changes(found, { view, owners })),
            ],
          ],
          'wide',
        ),
      ],
      {
        trail: [['/pools', 'Pools'], ...parents(all, found)],
        lead: found.ownerName ? `Owner: ${found.ownerName}` : 'Nobody owns it.',
        actions: [
          linkButton(`/spend?pool=${found.id}&range=month`, 'Spend'),
          linkButton(`/resources?pool=${found.id}`, 'Resources'),
          linkButton(`/events?kind=pool&id=${found.id}`, 'Events'),
        ],
      },
    )
  })
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
  .post('/pools/:id/policies', async (c) => {
    const { id } = await readPool(c.get('ctx'), c.req.param('id'))
    return act(c, {
      back: `/pools/${id}`,
      run: async (ctx, values) => {
        const { type } = SetPoolPolicy.pick({ type: true }).parse(values)
        await setPoolPolicy(ctx, { poolId: id, type, limit: values['limit'] ?? '', active: values['active'] === 'on' })
        return `${policyWords[type]}: the policy was saved.`
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

function parents(all: PoolFacts[], { parentId }: PoolFacts): [string, string][] {
  const parent = all.find(({ id }) => id === parentId)
  return parent ? [...parents(all, parent), [`/pools/${parent.id}`, parent.name]] : []
}

function figures(found: PoolFacts, view: View): Content {
  const { currency } = view.organization
  return stats([
    {
      name: 'This month',
      value: money(found.cost, currency),
      note: `${formatMoney(found.ownCost, currency)} directly in it`,
    },
    { name: 'Forecast', value: forecastOf(found, view), note: `${formatMoney(found.daily, currency)} a day` },
    { name: 'Limit', value: hasLimit(found) ? money(found.limit, currency) : 'none', note: limitBar(found) },
    {
      name: 'State',
      value: poolBadge(found),
      note: found.violations ? `${found.violations} constraint violations` : 'no constraint violated',
    },
  ])
}

const limitForm = (found: PoolFacts, view: View): Content =>
  form(view, {
    name: 'limit',
    action: `/pools/${found.id}/limit`,
    submit: 'Set limit',
    schema: Limit,
    values: { monthlyLimit: found.limit },
  })

function policyForms(found: PoolFacts, { view, policies }: { view: View; policies: PoolPolicy[] }): Content {
  const one = (type: keyof typeof policyWords, unit: string) => {
    const policy = policies.find((row) => row.type === type)
    const schema = z.object({
      limit: z.number().int().min(0).meta({ label: policyWords[type], unit }),
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
  return [one('ttl', 'hours, 1 to 720'), one('daily_expense_limit', `${view.organization.currency} a day`)]
}

function changes(
  found: PoolFacts,
  { view, owners }: { view: View; owners: { value: string; label: string }[] },
): Content {
  const owner = select('owner', 'Owner', { any: 'nobody', choices: owners, value: found.ownerId ?? '' })
  const own = { name: found.name, purpose: found.purpose }
  return [
    facts([['Path', found.path]]),
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
        more: owner,
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
