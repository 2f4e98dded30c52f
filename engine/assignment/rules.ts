import { z } from 'zod'
import {
  deleteRuleRow,
  findRule,
  insertRule,
  listRules,
  lockRules,
  setRule,
  setRuleOrder,
} from '../../db/queries/assignments.ts'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import type { ConditionRow, Rule } from '../../db/schema/assignments.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, notFound, postgresError } from '../errors.ts'
import { record } from '../events.ts'
import { assertMayOwn } from '../pools/owners.ts'
import { getPool } from '../pools/pool.ts'
import { conditions } from './conditions/catalog.ts'

const kinds = new Map(conditions.map((condition) => [condition.kind, condition]))

/** One condition as it is stored; each kind checks its own fields. */
const RuleCondition = z
  .object({ kind: z.string(), value: z.string().default(''), key: z.string().optional() })
  .transform((given, checks): ConditionRow => {
    const fields = kinds.get(given.kind)?.input.safeParse(given)
    if (!fields?.success) {
      const why = fields ? needsOf(given.kind) : `There is no condition called ${given.kind}`
      checks.addIssue({ code: 'custom', message: why })
      return z.NEVER
    }
    return { kind: given.kind, value: '', ...fields.data }
  })

/** "“Tag is” needs Tag and Value, 1 to 255 characters each". */
function needsOf(kind: string): string {
  const { label, input } = kinds.get(kind)!
  const names = Object.values(input.shape).map(
    (field) => ((field as z.ZodType).meta()?.['label'] as string | undefined) ?? '',
  )
  return `“${label}” needs ${names.join(' and ')}, 1 to 255 characters each`
}

export const CreateRule = z.object({
  name: z.string().trim().min(1).max(255).meta({ label: 'Name' }),
  conditions: z
    .array(RuleCondition)
    .min(1, 'A rule needs at least one condition')
    .max(20)
    .meta({ label: 'Conditions' }),
  poolId: z.uuid().meta({ label: 'Pool' }),
  ownerId: z.uuid().nullable().default(null).meta({ label: 'Owner' }),
  active: z.boolean().default(true),
})
export type CreateRule = z.input<typeof CreateRule>

/** Makes a rule on top of all others: it is checked first. All its conditions must hold. Without an owner the pool's default owner gets the resources. */
export async function createRule(ctx: Context, input: CreateRule): Promise<Rule> {
  const rule = CreateRule.parse(input)
  await assertCan(ctx, 'manage_rules', { poolId: rule.poolId })
  return inTransaction(ctx, async (ctx) => {
    await lockRules(ctx.db, ctx.orgId)
    await checkTarget(ctx, rule)
    const row = { ...rule, orgId: ctx.orgId, priority: 0, createdBy: ctx.actor.personId }
    const { id } = await insertRule(ctx.db, row).catch(takenName(rule.name))
    await setRuleOrder(ctx.db, { orgId: ctx.orgId })
    await record(ctx, 'rule.created', { subject: { kind: 'rule', id }, after: rule })
    return getRule(ctx, id)
  })
}

export const UpdateRule = CreateRule.partial().extend({
  ruleId: z.uuid(),
  active: z.boolean().optional(),
  ownerId: z.uuid().nullable().optional(),
})
export type UpdateRule = z.input<typeof UpdateRule>

/** Changes a rule; what it assigned stays until the rules are applied again. */
export async function updateRule(ctx: Context, input: UpdateRule): Promise<Rule> {
  const { ruleId, ...set } = UpdateRule.parse(input)
  const before = await getRule(ctx, ruleId)
  await assertCan(ctx, 'manage_rules', { poolId: before.poolId })
  if (set.poolId) await assertCan(ctx, 'manage_rules', { poolId: set.poolId })
  return inTransaction(ctx, async (ctx) => {
    await lockRules(ctx.db, ctx.orgId)
    const { poolId = before.poolId, ownerId = before.ownerId } = set
    await checkTarget(ctx, { poolId, ownerId, conditions: set.conditions ?? [] })
    const change = { orgId: ctx.orgId, id: ruleId, set }
    const rule = await setRule(ctx.db, change).catch(takenName(set.name ?? before.name))
    await record(ctx, 'rule.changed', { subject: { kind: 'rule', id: ruleId }, before, after: set })
    return rule
  })
}

export const MoveRule = z.object({ ruleId: z.uuid(), to: z.enum(['top', 'up', 'down', 'bottom']) })
export type MoveRule = z.input<typeof MoveRule>

/** Moves a rule to the top, one up, one down, or to the bottom; at the edge nothing happens. Organization managers only: order concerns every pool. */
export async function moveRule(ctx: Context, input: MoveRule): Promise<{ before: number; after: number }> {
  const { ruleId, to } = MoveRule.parse(input)
  await assertCan(ctx, 'manage_rules')
  return inTransaction(ctx, async (ctx) => {
    await lockRules(ctx.db, ctx.orgId)
    const ids = (await listRules(ctx.db, { orgId: ctx.orgId })).map(({ id }) => id)
    const from = ids.indexOf(ruleId)
    if (from < 0) throw missing()
    const place = {
      top: 0,
      up: Math.max(0, from - 1),
      down: Math.min(ids.length - 1, from + 1),
      bottom: ids.length - 1,
    }[to]
    const others = ids.filter((id) => id !== ruleId)
    await setRuleOrder(ctx.db, { orgId: ctx.orgId, ids: others.toSpliced(place, 0, ruleId) })
    const [before, after] = [from + 1, place + 1]
    await record(ctx, 'rule.moved', {
      subject: { kind: 'rule', id: ruleId },
      before: { priority: before },
      after: { priority: after },
    })
    return { before, after }
  })
}

/** Deletes a rule and closes the gap; what it assigned stays. */
export async function deleteRule(ctx: Context, { ruleId }: { ruleId: string }): Promise<void> {
  const rule = await getRule(ctx, ruleId)
  await assertCan(ctx, 'manage_rules', { poolId: rule.poolId })
  await inTransaction(ctx, async (ctx) => {
    await lockRules(ctx.db, ctx.orgId)
    await deleteRuleRow(ctx.db, { orgId: ctx.orgId, id: ruleId })
    await setRuleOrder(ctx.db, { orgId: ctx.orgId })
    await record(ctx, 'rule.deleted', { subject: { kind: 'rule', id: ruleId }, before: rule })
  })
}

/** A condition in words: "Tag is env = prod". `names` says what accounts are called, by id. */
export function conditionInWords({ kind, key, value }: ConditionRow, names?: ReadonlyMap<string, string>): string {
  const what = [key, names?.get(value) ?? value].filter(Boolean).join(' = ')
  return `${kinds.get(kind)?.label ?? kind} ${what}`
}

async function getRule(ctx: Context, id: string): Promise<Rule> {
  const rule = await findRule(ctx.db, { orgId: ctx.orgId, id })
  if (!rule) throw missing()
  return rule
}

const missing = () => notFound('There is no such rule in this organization. Nothing was changed.')

async function checkTarget(
  ctx: Context,
  { poolId, ownerId, conditions: rows }: { poolId: string; ownerId: string | null; conditions: ConditionRow[] },
): Promise<void> {
  await getPool(ctx, poolId)
  if (ownerId) await assertMayOwn(ctx, { personId: ownerId, poolId })
  for (const { value } of rows.filter(({ kind }) => kind === 'source-is'))
    if (!(await findAccount(ctx.db, { orgId: ctx.orgId, id: value })))
      throw notFound('There is no such account in this organization. Nothing was changed.', { field: 'conditions' })
}

const takenName = (name: string) => (error: unknown) => {
  if (postgresError(error)?.constraint !== 'rules_name') throw error
  throw conflict(`There is already a rule called ${name}. Nothing was changed.`, {
    field: 'name',
    next: 'Choose another name.',
  })
}
