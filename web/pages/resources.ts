import { Hono } from 'hono'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import { countResources, listResources, type ResourceFilter } from '../../db/queries/resources.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { resourceTypes } from '../../db/vocabulary.ts'
import type { Context } from '../../engine/context.ts'
import { findResources } from '../../engine/resources/search.ts'
import { readFilter } from '../resource-query.ts'
import type { View, WebEnv } from '../env.ts'
import { askForm, select, textInput, type Choice } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  address,
  badge,
  link,
  money,
  pager,
  plural,
  quiet,
  sayDay,
  section,
  table,
  twoLines,
  type Content,
} from '../parts.ts'

const pageSize = 50

/** Everything that costs or was discovered: searched, filtered, the dearest first. */
export const resources = new Hono<WebEnv>().get('/resources', async (c) => {
  const { ctx, view } = c.var
  const { filter, text, after, query } = readFilter(ctx.orgId, c.req.query())
  const lists = await readLists(ctx)
  const [count, rows] = text
    ? [null, await findResources(ctx, { text, limit: pageSize })]
    : await Promise.all([
        countResources(ctx.db, filter),
        listResources(ctx.db, { ...filter, ...(after ? { after } : {}), limit: pageSize + 1 }),
      ])
  const page = rows.slice(0, pageSize)
  const last = page.at(-1)
  const next =
    rows.length > pageSize && last ? address('/resources', { ...query, after: `${last.totalCost}~${last.id}` }) : null
  const found = count === null ? `${plural(page.length, 'match', 'matches')}, best first` : plural(count, 'resource')
  return show(c, 'Resources', [
    asked({ filter, text, lists }),
    section(found, list(page, { lists, view }), quiet('most expensive first')),
    pager({ first: after ? address('/resources', query) : null, next }),
  ])
})

type Lists = { pools: Choice[]; people: Choice[]; accounts: Choice[] }

async function readLists(ctx: Context): Promise<Lists> {
  const [pools, people, accounts] = await Promise.all([
    listPools(ctx.db, ctx.orgId),
    listPeople(ctx.db, ctx.orgId),
    listAccounts(ctx.db, { orgId: ctx.orgId, removed: true }),
  ])
  const choice = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name })
  return { pools: pools.map(choice), people: people.map(choice), accounts: accounts.map(choice) }
}

function asked({ filter, text, lists }: { filter: ResourceFilter; text: string; lists: Lists }): Content {
  const owner = filter.ownerId === null ? 'none' : filter.ownerId
  const active = filter.active === undefined ? undefined : filter.active ? 'yes' : 'no'
  return askForm(
    '/resources',
    [
      textInput('q', 'Find', { value: text, type: 'search', placeholder: 'name, id or ARN' }),
      select('pool', 'Pool', { any: 'All pools', choices: lists.pools, value: filter.poolId }),
      select('owner', 'Owner', {
        any: 'Everybody',
        choices: [{ value: 'none', label: 'Nobody' }, ...lists.people],
        value: owner,
      }),
      select('account', 'Account', { any: 'All accounts', choices: lists.accounts, value: filter.accountId }),
      select('type', 'Type', {
        any: 'All types',
        choices: resourceTypes.map((type) => ({ value: type, label: type })),
        value: filter.type,
      }),
      select('active', 'State', {
        any: 'All',
        choices: [
          { value: 'yes', label: 'Active' },
          { value: 'no', label: 'Gone or only billed' },
        ],
        value: active,
      }),
      textInput('region', 'Region', { value: filter.region }),
      textInput('tag', 'Tag', {
        value: filter.tag ? `${filter.tag.key}=${filter.tag.value}` : '',
        placeholder: 'key=value',
      }),
    ],
    'Find',
  )
}

function list(rows: Resource[], { lists, view }: { lists: Lists; view: View }): Content {
  const { currency } = view.organization
  const name = (choices: Choice[], id: string | null) => choices.find(({ value }) => value === id)?.label ?? '–'
  return table<Resource>(
    [
      {
        title: 'Resource',
        head: true,
        cell: (one) =>
          twoLines(link(`/resources/${one.id}`, one.name || one.cloudResourceId), one.name ? one.cloudResourceId : ''),
      },
      { title: 'Type', cell: (one) => twoLines(one.type || '–', one.service) },
      { title: 'Pool', cell: (one) => twoLines(name(lists.pools, one.poolId), name(lists.people, one.ownerId)) },
      { title: 'Where', cell: (one) => twoLines(name(lists.accounts, one.accountId), one.region) },
      { title: 'State', cell: stateOf },
      {
        title: 'Last day',
        number: true,
        cell: (one) =>
          twoLines(money(one.lastExpenseCost, currency), one.lastExpenseDay ? sayDay(one.lastExpenseDay) : ''),
      },
      { title: 'Effective cost, all time', number: true, cell: (one) => money(one.totalCost, currency) },
    ],
    rows,
    {
      caption: 'Resources, the most expensive first',
      empty: 'No resource is like this. Remove a filter, or connect an account.',
    },
  )
}

/** Whether discovery sees it, and whether it breaks a constraint. */
export function stateOf(one: Pick<Resource, 'active' | 'constraintViolated'>): Content {
  if (one.constraintViolated) return badge('violates a constraint', 'bad')
  return one.active ? badge('active', 'good') : badge('not seen')
}
