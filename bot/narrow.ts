/** Whose recommendations are meant. */
import { findPerson } from '../db/queries/organizations.ts'
import { findPool, findPoolsByName } from '../db/queries/pools.ts'
import { invalid } from '../engine/errors.ts'
import type { Amount } from '../engine/money.ts'
import type { BotContext } from './context.ts'
import { quote } from './grammar.ts'
import { UnclearError } from './reply.ts'
import type { Scope } from './slots.ts'

export type Narrow = { poolId?: string; ownerId?: string; over?: Amount }

/** The pool or owner that is meant: as asked, else the pool of this channel. */
export async function whose(ctx: BotContext, asked: Scope | undefined): Promise<Narrow> {
  if (!asked) return ctx.pool ? { poolId: ctx.pool } : {}
  if (asked.kind === 'everything') return {}
  if (asked.kind === 'user') return { ownerId: personBehind(ctx, asked.slackUserId) }
  if (asked.kind === 'pool') return { poolId: await poolCalled(ctx, asked.name) }
  throw invalid('Recommendations can be narrowed by pool or by owner.', { next: 'Try: recs for payments' })
}

function personBehind(ctx: BotContext, slackUserId: string): string {
  const [personId] = [...ctx.slackUsers].find(([, user]) => user === slackUserId) ?? []
  if (!personId)
    throw invalid('That person is not linked to anybody in FinOps.', { next: 'Ask them to say hello to me.' })
  return personId
}

async function poolCalled(ctx: BotContext, text: string): Promise<string> {
  const [first, ...more] = await findPoolsByName(ctx.db, { orgId: ctx.orgId, text })
  if (!first) throw invalid(`There is no pool “${text}”.`, { next: 'The pools page lists them all.' })
  if (more.length === 0 || first.name.toLowerCase() === text.toLowerCase()) return first.id
  throw new UnclearError(
    `Which pool is “${text}”?`,
    [first, ...more].slice(0, 5).map(({ name, path }) => ({ label: path, command: `recs for ${quote(name)}` })),
  )
}

/** " for payments", or nothing. */
export async function scopeWords(
  ctx: BotContext,
  { poolId, ownerId }: { poolId?: string; ownerId?: string },
): Promise<string> {
  const pool = poolId ? await findPool(ctx.db, { orgId: ctx.orgId, id: poolId }) : null
  const owner = ownerId ? await findPerson(ctx.db, { orgId: ctx.orgId, id: ownerId }) : null
  const who = pool?.name ?? owner?.name
  return who ? ` for ${who}` : ''
}
