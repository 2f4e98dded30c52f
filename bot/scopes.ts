/** Whose money a question means: names and mentions become ids, and an unclear name becomes a question. */
import { findPoolsByName, listPools, type PoolRow } from '../db/queries/pools.ts'
import { listAccounts } from '../db/queries/cloud-accounts.ts'
import { listPeople } from '../db/queries/organizations.ts'
import { clouds } from '../db/vocabulary.ts'
import { notFound } from '../engine/errors.ts'
import { formatMoney } from '../engine/money.ts'
import type { SpendScope } from '../engine/spend/breakdown.ts'
import type { BotContext } from './context.ts'
import { quote } from './grammar.ts'
import { called, UnclearError } from './reply.ts'
import type { Scope } from './slots.ts'
import { closest } from './words.ts'

/** A scope with its name for sentences ("Payments", "Everything") and the pool behind it, if it is one. */
export type Scoped = { scope: SpendScope; label: string; poolId: string | null }

/**
 * The scope a question means. Without one it is the pool this channel is bound to, else everything. `command` makes the
 * corrected command when a name fits several things or none.
 */
export async function scoped(
  ctx: BotContext,
  given: Scope | undefined,
  command: (scope: string) => string,
): Promise<Scoped> {
  if (!given && ctx.pool) return poolScope(await poolById(ctx, ctx.pool))
  if (!given || given.kind === 'everything') return { scope: {}, label: 'Everything', poolId: null }
  if (given.kind === 'tag') {
    const { key, value } = given
    return { scope: { tag: { key, value } }, label: `${key}=${value}`, poolId: null }
  }
  if (given.kind === 'user') return userScope(ctx, given.slackUserId)
  if (given.kind === 'pool') return poolScope(await poolNamed(ctx, given.name, (path) => command(`for ${quote(path)}`)))
  return dimensionScope(ctx, given, command)
}

const poolScope = ({ id, name }: { id: string; name: string }): Scoped => ({
  scope: { poolId: id },
  label: name,
  poolId: id,
})

async function poolById(ctx: BotContext, id: string): Promise<PoolRow> {
  const pool = (await listPools(ctx.db, ctx.orgId)).find((one) => one.id === id)
  if (!pool) throw notFound('The pool of this channel is gone.', { next: 'Bind another one: `bind <pool>`.' })
  return pool
}

/** The pool that is named (null for `everything`), else the one this channel is bound to, else null: everything. */
export async function poolMeant(
  ctx: BotContext,
  text: string | undefined,
  command: (path: string) => string,
): Promise<string | null> {
  if (text && /^(all|everything|everyone)$/i.test(text)) return null
  if (text) return (await poolNamed(ctx, text, command)).id
  return ctx.pool && (await poolById(ctx, ctx.pool)).id
}

/** Is this its whole name or path? */
export const isCalled = ({ name, path }: Pick<PoolRow, 'name' | 'path'>, text: string): boolean =>
  [name, path].some((one) => one.toLowerCase() === text.trim().toLowerCase())

/** The pool of this name or path; several or none ask back with the corrected commands. */
export async function poolNamed(ctx: BotContext, text: string, command: (path: string) => string): Promise<PoolRow> {
  const found = await findPoolsByName(ctx.db, { orgId: ctx.orgId, text })
  const exact = found.filter((pool) => isCalled(pool, text))
  const fitting = exact.length ? exact : found
  if (fitting.length === 1) return fitting[0]!
  const all = fitting.length ? fitting : await listPools(ctx.db, ctx.orgId)
  const near = fitting.length ? all : nearest(text, all)
  throw new UnclearError(
    fitting.length
      ? `Several pools are called like “${text.slice(0, 60)}”.`
      : `I know no pool called “${text.slice(0, 60)}”.`,
    near.slice(0, 5).map(({ path, monthlyLimit }) => ({
      label: path,
      command: command(path),
      hint: Number(monthlyLimit) > 0 ? `limit ${formatMoney(monthlyLimit, ctx.currency)} a month` : 'no limit',
    })),
  )
}

/** The pool a change is meant for: only its whole name or path will do; what merely contains the words is asked back. */
export async function poolToChange(ctx: BotContext, text: string, command: (path: string) => string): Promise<PoolRow> {
  const found = await poolNamed(ctx, text, command)
  if (isCalled(found, text)) return found
  throw new UnclearError(`No pool is called exactly “${text.slice(0, 60)}”. Nothing was changed.`, [
    { label: found.path, command: command(found.path) },
  ])
}

/** People mistype the last name of a path, not the path: the three pools whose own names are nearest. */
function nearest(text: string, pools: PoolRow[]): PoolRow[] {
  const names = closest(
    text,
    pools.map(({ name }) => name),
  )
  return names.flatMap((name) => pools.filter((pool) => pool.name === name)).slice(0, 3)
}

async function userScope(ctx: BotContext, slackUserId: string): Promise<Scoped> {
  const [personId] = [...ctx.slackUsers].find(([, user]) => user === slackUserId) ?? []
  const person = personId && (await listPeople(ctx.db, ctx.orgId)).find(({ id }) => id === personId)
  if (!person)
    throw notFound('I do not know this person here yet.', { next: 'They can type /finops once and ask to join.' })
  return { scope: { ownerId: person.id }, label: person.name, poolId: null }
}

async function dimensionScope(
  ctx: BotContext,
  { kind, name }: { kind: 'owner' | 'cloud' | 'region' | 'account' | 'service'; name: string },
  command: (scope: string) => string,
): Promise<Scoped> {
  if (kind === 'region' || kind === 'service') return { scope: { [kind]: name }, label: name, poolId: null }
  if (kind === 'cloud') {
    const cloud = clouds.find((one) => one === name.toLowerCase())
    if (cloud) return { scope: { cloud }, label: cloud, poolId: null }
    throw new UnclearError(
      `I know no cloud called “${name.slice(0, 40)}”.`,
      closest(name, [...clouds]).map((one) => ({ label: one, command: command(`for cloud:${one}`) })),
    )
  }
  if (kind === 'owner' && name.toLowerCase() === 'me')
    return { scope: { ownerId: ctx.person.id }, label: 'You', poolId: null }
  const all: { id: string; name: string }[] =
    kind === 'owner' ? await listPeople(ctx.db, ctx.orgId) : await listAccounts(ctx.db, { orgId: ctx.orgId })
  const one = called(all, { name, kind: kind === 'owner' ? 'person' : 'account' }, (full) =>
    command(`for ${kind}: ${quote(full)}`),
  )
  return { scope: kind === 'owner' ? { ownerId: one.id } : { accountId: one.id }, label: one.name, poolId: null }
}
