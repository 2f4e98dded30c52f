import { Hono } from 'hono'
import type { ConstraintState } from '../../db/queries/constraints.ts'
import { listHits } from '../../db/queries/constraint-hits.ts'
import { listEvents } from '../../db/queries/events.ts'
import { listFindings } from '../../db/queries/recommendations.ts'
import { formatMoney } from '../../engine/money.ts'
import { readResource, type ResourceFacts } from '../../engine/resources/resource.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import * as parts from '../parts.ts'
import { eventTable, findingTable, hitTable } from './resource-history.ts'
import { resourceForms } from './resource-forms.ts'
import { loadFigure } from './resource-load.ts'
import { spendFigure } from './spend-figure.ts'

/** One resource: what it is, what it costs, under which constraints it lives, what happened to it. */
export const resource = new Hono<WebEnv>().get('/resources/:id', async (c) => {
  const { ctx, view } = c.var
  const found = await readResource(ctx, c.req.param('id'))
  const { id } = found.resource
  const [figure, load, findings, hits, events, forms] = await Promise.all([
    spendFigure(ctx, { scope: { resourceId: id }, view, by: 'none' }),
    loadFigure(ctx, found.resource),
    listFindings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), resourceId: id }),
    listHits(ctx.db, { orgId: ctx.orgId, resourceId: id, limit: 10 }),
    listEvents(ctx.db, { orgId: ctx.orgId, subject: { kind: 'resource', id }, limit: 10 }),
    resourceForms(ctx, { found, view }),
  ])
  const { columns, section } = parts
  return show(
    c,
    found.title,
    [
      figures(found, view),
      columns(
        [
          [
            section('Effective cost per day, last 30 days', figure),
            load && section('Load, last 30 days', load),
            section('Recommendations', findingTable(findings, view)),
            section('Facts', about(found, view)),
          ],
          [
            section('Change', forms),
            section('Violations', hitTable(hits, view)),
            section('Events', eventTable(events, view), parts.link(`/events?kind=resource&id=${id}`, 'All events')),
          ],
        ],
        'wide',
      ),
    ],
    {
      trail: [['/resources', 'Resources']],
      lead: `${found.resource.type || 'Resource'} · ${found.account.name} · ${found.resource.region}`,
      actions: [
        parts.linkButton(`/spend?resource=${id}&by=none`, 'Spend'),
        parts.linkButton(`/rules/new?resource=${id}`, 'Make a rule from this resource'),
      ],
    },
  )
})

function figures(found: ResourceFacts, view: View): parts.Content {
  const { currency } = view.organization
  const { resource, ttl, dailyLimit, environment } = found
  return parts.stats([
    {
      name: 'Effective cost a day',
      value: parts.money(found.perDay, currency),
      note: 'average of the last 7 full days',
    },
    {
      name: 'Effective cost this month',
      value: parts.money(found.month, currency),
      note: `${formatMoney(resource.totalCost, currency)} in all`,
    },
    {
      name: 'Lives until',
      value: ttl.endsAt ? parts.sayMoment(ttl.endsAt, view.person.zone) : 'no end',
      note: sourceOf(ttl),
      tone: ttl.endsAt && ttl.endsAt < view.now ? 'bad' : 'plain',
    },
    {
      name: 'Daily limit',
      value: Number(dailyLimit.limit) > 0 ? parts.money(dailyLimit.limit, currency) : 'none',
      note: sourceOf(dailyLimit),
    },
    environment
      ? {
          name: 'Shared as',
          value: parts.link(`/environments/${environment.id}`, environment.name),
          note: holderOf(environment.heldBy, view),
        }
      : {
          name: 'State',
          value: found.present ? 'there' : 'gone',
          note: resource.constraintViolated ? parts.badge('violates a constraint', 'bad') : 'no constraint violated',
        },
  ])
}

const holderOf = (holder: { id: string; name: string } | null, view: View): string =>
  holder ? `held by ${holder.id === view.person.id ? 'you' : holder.name}` : 'free'

const sourceOf = ({ source }: ConstraintState): string =>
  source === 'own' ? 'set on it' : source === 'policy' ? 'policy of its pool' : 'nothing set'

const assigners = { account: 'the pool of its account', person: 'a person', rule: 'a rule' } as const
const assignerOf = ({ assignedBy, ruleId }: ResourceFacts['resource']): parts.Content =>
  ruleId ? parts.link(`/rules/${ruleId}`, assigners[assignedBy]) : assigners[assignedBy]

function about(found: ResourceFacts, view: View): parts.Content {
  const { resource, pool, owner, account } = found
  const tags = Object.entries(resource.tags)
  const known = Object.entries(resource.facts).filter(([, value]) => value !== null && value !== '')
  return [
    parts.facts([
      ['Id', parts.code(resource.cloudResourceId)],
      ['Service', resource.service || '–'],
      ['Account', parts.link(`/accounts/${resource.accountId}`, account.name)],
      ['Pool', parts.link(`/pools/${pool.id}`, pool.path.replaceAll('->', ' › '))],
      ['Owner', owner?.name ?? 'nobody'],
      ['Assigned by', assignerOf(resource)],
      ['First seen', parts.moment(resource.firstSeenAt, view)],
      ['Last seen', parts.moment(resource.lastSeenAt, view)],
      ['Made in the cloud', parts.moment(resource.cloudCreatedAt, view)],
    ]),
    tags.length ? parts.fold(`Tags (${tags.length})`, parts.facts(tags)) : parts.quiet('It has no tags.'),
    known.length
      ? parts.fold(
          'What the cloud says',
          parts.facts(known.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])),
        )
      : null,
  ]
}
