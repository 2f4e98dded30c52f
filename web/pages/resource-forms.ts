import { z } from 'zod'
import type { ConstraintState } from '../../db/queries/constraints.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import type { Context } from '../../engine/context.ts'
import type { ResourceFacts } from '../../engine/resources/resource.ts'
import { localOf } from '../../engine/time.ts'
import type { View } from '../env.ts'
import { form, postButton, select, textInput, type Typed } from '../form-parts.ts'
import { fold, type Content } from '../parts.ts'
import { sayPath } from '../pool-parts.ts'
import { powerForms } from './resource-power.ts'

const about = { submit: 'Save', tone: 'plain' } as const

/** What may be changed about a resource: where it belongs, how long it lives, what it may cost. */
export async function resourceForms(
  ctx: Context,
  { found, view }: { found: ResourceFacts; view: View },
): Promise<Content> {
  const { resource, pool, owner } = found
  const [pools, people] = await Promise.all([listPools(ctx.db, ctx.orgId), listPeople(ctx.db, ctx.orgId)])
  const at = `/resources/${resource.id}`
  const owners = people.map(({ id, name }) => ({ value: id, label: name }))
  const shareable = resource.type === 'Instance' && resource.active && !found.environment
  return [
    form(view, {
      ...about,
      name: 'assign',
      action: `${at}/assign`,
      submit: 'Assign',
      more: (typed) => [
        select('pool', 'Pool', {
          choices: pools.map(({ id, path }) => ({ value: id, label: sayPath(path) })),
          value: typed?.['pool'] ?? pool.id,
        }),
        select('owner', 'Owner', { any: 'nobody', choices: owners, value: typed?.['owner'] ?? owner?.id ?? '' }),
      ],
    }),
    fold('Lifetime', lifetime(found, { view, at }), view.flash?.form === 'ttl'),
    fold('Daily limit', dailyLimit(found, { view, at }), view.flash?.form === 'limit'),
    powerForms(found, view),
    shareable ? fold('Share', postButton(view, { action: `${at}/share`, submit: 'Let people book it' })) : null,
  ]
}

type Where = { view: View; at: string }

function lifetime({ ttl }: ResourceFacts, { view, at }: Where): Content {
  const { zone } = view.person
  const end = ttl.endsAt && localOf(ttl.endsAt, zone)
  const value = end ? `${end.day}T${end.time}` : ''
  const until = (typed: Typed) =>
    textInput('until', `Lives until (${zone}; empty means no end)`, {
      type: 'datetime-local',
      value: typed?.['until'] ?? value,
    })
  return [form(view, { ...about, name: 'ttl', action: `${at}/ttl`, more: until }), follow(ttl, { view, at })]
}

function dailyLimit({ dailyLimit: state }: ResourceFacts, { view, at }: Where): Content {
  const unit = view.organization.currency
  const limit = z.number().int().min(0).meta({ label: 'Limit a day', unit, hint: '0 means none' })
  const values = { limit: state.limit ?? 0 }
  return [
    form(view, { ...about, name: 'limit', action: `${at}/limit`, schema: z.object({ limit }), values }),
    follow(state, { view, at }),
  ]
}

const follow = ({ type, source }: ConstraintState, { view, at }: Where): Content =>
  source === 'own'
    ? postButton(view, { action: `${at}/follow-policy`, submit: 'Follow the pool again', hidden: { type } })
    : null
