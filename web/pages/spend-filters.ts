import { html } from 'hono/html'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import type { Context } from '../../engine/context.ts'
import { chosen } from '../act.ts'
import { askForm, select, textInput, titleOf } from '../form-parts.ts'
import { address, fold, link, type Content } from '../parts.ts'
import { asQuery, groupings, ranges, type Asked } from '../spend-query.ts'

/** What a grouping is called. */
export const groupName = (by: string): string => chosen(groupings, by) ?? titleOf(by)

/** Lists to choose from. */
export type Lists = {
  pools: { value: string; label: string }[]
  people: { value: string; label: string }[]
  accounts: { value: string; label: string }[]
}

/** What can be chosen from. */
export async function readLists(ctx: Context): Promise<Lists> {
  const [pools, people, accounts] = await Promise.all([
    listPools(ctx.db, ctx.orgId),
    listPeople(ctx.db, ctx.orgId),
    listAccounts(ctx.db, { orgId: ctx.orgId }),
  ])
  const choice = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name })
  return {
    pools: pools.map(({ id, name, depth }) => ({
      value: id,
      label: `${' '.repeat(Math.max(0, depth - 1) * 2)}${name}`,
    })),
    people: people.map(choice),
    accounts: accounts.map(choice),
  }
}

const choices = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

/** The questions above the answer. */
export function filters(ask: Asked, { pools, people, accounts }: Lists): Content {
  const kept = (['service', 'region', 'cloud', 'tag', 'resource'] as const).filter((name) => ask[name])
  const grouping = chosen(groupings, ask.by) ? groupings : { ...groupings, [ask.by]: groupName(ask.by) }
  const asked = askForm('/spend', [
    select('by', 'Group by', { choices: choices(grouping), value: ask.by }),
    select('range', 'Time', {
      choices: choices(ranges),
      value: ask.from ? '' : ask.range,
      ...(ask.from ? { any: 'Own days' } : {}),
    }),
    select('grain', 'Steps', {
      any: 'Automatic',
      choices: choices({ day: 'Days', week: 'Weeks', month: 'Months' }),
      value: ask.grain,
    }),
    select('pool', 'Pool', { any: 'All pools', choices: pools, value: ask.pool }),
    select('owner', 'Owner', { any: 'Everybody', choices: people, value: ask.owner }),
    select('account', 'Account', { any: 'All accounts', choices: accounts, value: ask.account }),
    kept.map((name) => html`<input type="hidden" name="${name}" value="${ask[name]!}" />`),
  ])
  const { from, to, range: _, ...rest } = asQuery(ask)
  const days = askForm('/spend', [
    textInput('from', 'From', { type: 'date', value: from, required: true }),
    textInput('to', 'To', { type: 'date', value: to }),
    Object.entries(rest).map(([name, value]) =>
      value ? html`<input type="hidden" name="${name}" value="${value}" />` : '',
    ),
  ])
  return [asked, fold('Own days', days, Boolean(from))]
}

/** What the answer is limited to, each with a way out. */
export function narrowed(ask: Asked, lists: Lists): Content {
  const names = ['service', 'region', 'cloud', 'tag', 'resource', 'pool', 'owner', 'account'] as const
  const word = (name: (typeof names)[number]) =>
    [...lists.pools, ...lists.people, ...lists.accounts].find((one) => one.value === ask[name])?.label.trim() ??
    ask[name]
  const limits = names.filter((name) => ask[name])
  if (limits.length === 0) return null
  return html`<p>
    Only
    ${limits.map((name, index) => html`${index ? ', ' : ''}${name} <b>${word(name)}</b> (${link(address('/spend', { ...asQuery(ask), [name]: undefined }), 'remove')})`)}.
  </p>`
}
