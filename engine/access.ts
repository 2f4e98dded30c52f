/**
 * Rights: one table, checked in the verb at click time. Doors may hide a button, they never decide.
 * A role on a pool covers its sub-pools; a role on the organization covers all. Source: spec governance 1.3, chat 2.9.
 */
import { findPerson, listMemberships, listManagers, listPoolAncestors } from '../db/queries/organizations.ts'
import { findPool } from '../db/queries/pools.ts'
import type { Role } from '../db/vocabulary.ts'
import type { Context } from './context.ts'
import { forbidden } from './errors.ts'

/** Which role may, and who may for what is their own: engineers, or anybody who is in. `organization` rights need the role on the organization itself. */
type Rule = {
  roles: Role[]
  own?: 'engineer' | 'anybody'
  organization?: boolean
  what: string
  /** The same with the name of what it is about. */
  named?: (name: string) => string
  /** The same with the name of the pool, where nothing else has a name. */
  inPool?: (pool: string) => string
}

const rightsTable = {
  see_costs: { roles: ['manager', 'engineer', 'member'], what: 'see costs' },
  manage_organization: { roles: ['manager'], organization: true, what: 'change the organization' },
  manage_accounts: { roles: ['manager'], organization: true, what: 'connect accounts and import bills' },
  manage_pools: { roles: ['manager'], what: 'change pools and limits', inPool: (pool) => `change the pool ${pool}` },
  manage_rules: {
    roles: ['manager'],
    what: 'change assignment rules',
    inPool: (pool) => `change assignment rules of ${pool}`,
  },
  assign_resources: {
    roles: ['manager'],
    own: 'engineer',
    what: 'assign this resource',
    named: (name) => `assign ${name}`,
  },
  set_constraints: {
    roles: ['manager'],
    own: 'engineer',
    what: 'set constraints on this resource',
    named: (name) => `set constraints on ${name}`,
  },
  pass_policy: {
    roles: ['manager'],
    what: 'go beyond the pool policy',
    named: (name) => `go beyond the pool policy for ${name}`,
  },
  dismiss_findings: { roles: ['manager'], own: 'engineer', what: 'dismiss this recommendation' },
  get_scripts: { roles: ['manager'], own: 'engineer', what: 'get clean-up scripts' },
  approve_clean_ups: {
    roles: ['manager'],
    what: 'approve this clean-up',
    inPool: (pool) => `approve this clean-up in ${pool}`,
  },
  follow_clean_ups: { roles: ['manager'], own: 'anybody', organization: true, what: 'follow up on this clean-up' },
  check_recommendations: { roles: ['manager'], organization: true, what: 'force a check' },
  check_duplicates: { roles: ['manager'], organization: true, what: 'look for duplicate objects' },
  change_options: { roles: ['manager'], organization: true, what: 'change recommendation settings' },
  manage_environments: {
    roles: ['manager'],
    what: 'manage environments',
    named: (name) => `manage the environment ${name}`,
  },
  book_environments: {
    roles: ['manager', 'engineer', 'member'],
    what: 'book this environment',
    named: (name) => `book ${name}`,
  },
  release_bookings: {
    roles: ['manager'],
    own: 'anybody',
    what: 'release this booking',
    named: (name) => `release this booking of ${name}`,
  },
  switch_power: {
    roles: ['manager'],
    own: 'engineer',
    what: 'switch this resource on or off',
    named: (name) => `switch ${name} on or off`,
  },
  manage_power: { roles: ['manager'], organization: true, what: 'change power schedules' },
  bind_channels: {
    roles: ['manager'],
    what: 'bind a channel to this pool',
    inPool: (pool) => `bind a channel to ${pool}`,
  },
} as const satisfies Record<string, Rule>

export type Right = keyof typeof rightsTable

/** What is acted on: its pool (null = the organization), its owner or holder, and what people call it. */
export type Target = { poolId?: string | null; ownerId?: string | null; name?: string | null }

/** May the actor do this? Jobs may; people by the table. */
export async function can(ctx: Context, right: Right, target: Target = {}): Promise<boolean> {
  const { personId } = ctx.actor
  if (personId === null) return true
  const rule: Rule = rightsTable[right]
  const held = await listMemberships(ctx.db, { orgId: ctx.orgId, personId })
  if (held.length === 0) return false
  if (target.ownerId === personId && isEnough(rule.own, held)) return true
  const above = target.poolId ? await listPoolAncestors(ctx.db, { orgId: ctx.orgId, poolId: target.poolId }) : []
  return held.some(({ role, poolId }) => {
    if (!rule.roles.includes(role)) return false
    if (poolId === null) return true
    if (rule.organization) return false
    return rule.roles.includes('member') || above.includes(poolId)
  })
}

/** Is owning something enough for a person with these roles? */
const isEnough = (own: Rule['own'], held: { role: Role }[]): boolean =>
  own === 'anybody' ? held.length > 0 : own === 'engineer' && held.some(({ role }) => role !== 'member')

/** Throws a Forbidden that names who may, or does nothing. */
export async function assertCan(ctx: Context, right: Right, target: Target = {}): Promise<void> {
  if (await can(ctx, right, target)) return
  const people = await whoCan(ctx, right, target)
  const names = people.slice(0, 3).map((person) => person.name)
  throw forbidden(`You cannot ${await wordsOf(ctx, right, target)}. Nothing was changed.`, {
    whoCan: people.map((person) => person.id),
    next: names.length ? `Ask ${names.join(' or ')}.` : 'Ask an organization manager.',
  })
}

/** What was refused, with the name of what it is about where there is one. */
async function wordsOf(ctx: Context, right: Right, { name, poolId }: Target): Promise<string> {
  const rule: Rule = rightsTable[right]
  if (name && rule.named) return rule.named(name)
  const pool = rule.inPool && poolId ? await findPool(ctx.db, { orgId: ctx.orgId, id: poolId }) : null
  return pool ? rule.inPool!(pool.name) : rule.what
}

/** The people who may do this: the owner where owning is enough, then managers from the nearest pool up. */
export async function whoCan(ctx: Context, right: Right, target: Target = {}): Promise<{ id: string; name: string }[]> {
  const rule: Rule = rightsTable[right]
  const { ownerId } = target
  const held = rule.own && ownerId ? await listMemberships(ctx.db, { orgId: ctx.orgId, personId: ownerId }) : []
  const owner = ownerId && isEnough(rule.own, held) ? await findPerson(ctx.db, { orgId: ctx.orgId, id: ownerId }) : null
  const managers = await listManagers(ctx.db, {
    orgId: ctx.orgId,
    poolId: rule.organization ? null : (target.poolId ?? null),
  })
  return [...(owner ? [owner] : []), ...managers.filter((manager) => manager.id !== owner?.id)]
}
