/** Options of recommendations: defaults, cleaning, and the verb that changes them. Changes act from the next check on. */
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { findOption, lockOption, replaceOption, setOption } from '../../db/queries/organizations.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { recommendations } from './catalog.ts'
import type { Recommendation } from './recommendation.ts'
import { isPattern, isPatternField, usableLists } from './usable-options.ts'

/** Options every recommendation has: pools (not their sub-pools) and accounts to leave out. */
const everywhere = z.object({
  excluded_pools: z.record(z.uuid(), z.boolean()).default({}).meta({ label: 'Leave out pools' }),
  skip_cloud_accounts: z.array(z.uuid()).default([]).meta({ label: 'Skip accounts' }),
})

export type Options = z.infer<typeof everywhere> & Record<string, unknown>

const nameOf = (id: string) => `recommendation_${id}`

/** The recommendation of that id, or throws. */
export function getRecommendation(id: string): Recommendation {
  const found = recommendations.find((one) => one.id === id)
  if (!found) throw notFound(`There is no recommendation "${id}". Nothing was changed.`)
  return found
}

/** The whole schema of a recommendation's options. */
export const optionsSchema = (one: Recommendation): z.ZodObject => one.options.extend(everywhere.shape)

/** Stored options with defaults for what is missing or unusable; unknown names are dropped. */
export function cleanOptions(one: Recommendation, stored: Record<string, unknown>): Options {
  const usable = usableLists(stored)
  const entries = Object.entries(optionsSchema(one).shape).map(([name, field]) => {
    const parsed = (field as z.ZodType).safeParse(usable[name])
    return [name, parsed.success ? parsed.data : (field as z.ZodType).parse(undefined)]
  })
  return Object.fromEntries(entries) as Options
}

/** The options in force. */
export async function readOptions(ctx: Context, one: Recommendation): Promise<Options> {
  return cleanOptions(one, (await findOption(ctx.db, { orgId: ctx.orgId, name: nameOf(one.id) })) ?? {})
}

/** The options for a check: cleaned, without pools that are gone or switched back on, and written back when that changed them
 * and nobody edited them meanwhile. */
export async function tidyOptions(ctx: Context, one: Recommendation): Promise<Options> {
  const stored = await findOption(ctx.db, { orgId: ctx.orgId, name: nameOf(one.id) })
  const options = await withoutBadPatterns(ctx, one, cleanOptions(one, stored ?? {}))
  const chosen = Object.keys(options.excluded_pools)
  const existing = chosen.length
    ? await ctx.db.execute<{ id: string }>(
        sql`select id from pools where org_id = ${ctx.orgId} and id = any(${sql.param(chosen)}::uuid[]) order by id`,
      )
    : []
  options.excluded_pools = Object.fromEntries(existing.map(({ id }) => [id, true]))
  if (stored && JSON.stringify(sorted(stored)) !== JSON.stringify(sorted(options)))
    await replaceOption(ctx.db, { orgId: ctx.orgId, name: nameOf(one.id), value: options, before: stored })
  return options
}

async function withoutBadPatterns(ctx: Context, one: Recommendation, options: Options): Promise<Options> {
  const entries = Object.entries(one.options.shape).filter(([, field]) => isPatternField(field as z.ZodType))
  const bad: string[] = []
  for (const [name] of entries) if (!(await isPattern(ctx.db, options[name] as string))) bad.push(name)
  return cleanOptions(one, Object.fromEntries(Object.entries(options).filter(([name]) => !bad.includes(name))))
}

const sorted = (value: Record<string, unknown>) => Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))

export const SetOptions = z.object({ recommendation: z.string(), options: z.record(z.string(), z.unknown()) })
export type SetOptions = z.infer<typeof SetOptions>

/** What a change of options did; both are the same when nothing was different. */
export type OptionsChange = { before: Options; after: Options }

/** Changes some options of a recommendation. Invalid names the field and what it may be; nothing is kept then. */
export async function setOptions(ctx: Context, input: SetOptions): Promise<OptionsChange> {
  await assertCan(ctx, 'change_options')
  const { recommendation: id, options: wanted } = SetOptions.parse(input)
  const one = getRecommendation(id)
  const known = optionsSchema(one).shape
  const stranger = Object.keys(wanted).find((name) => !(name in known))
  if (stranger) throw invalid(`${one.title} has no setting "${stranger}". Nothing was changed.`, { field: stranger })
  for (const [name, value] of Object.entries(wanted)) await assertUsable(ctx, known[name] as z.ZodType, { name, value })
  return inTransaction(ctx, async (ctx) => {
    await lockOption(ctx.db, { orgId: ctx.orgId, name: nameOf(id) })
    const before = await readOptions(ctx, one)
    const after = cleanOptions(one, { ...before, ...wanted })
    if (isDeepStrictEqual(before, after)) return { before, after }
    await setOption(ctx.db, { orgId: ctx.orgId, name: nameOf(id), value: after })
    await record(ctx, 'recommendation.options-changed', { subject: { kind: 'recommendation', id }, before, after })
    return { before, after }
  })
}

async function assertUsable(
  ctx: Context,
  field: z.ZodType,
  { name, value }: { name: string; value: unknown },
): Promise<void> {
  const { label = name, unit } = (field.meta() ?? {}) as { label?: string; unit?: string }
  const refuse = (why: string) => invalid(`${label} ${why}. Nothing was changed.`, { field: name })
  const parsed = field.safeParse(value)
  if (!parsed.success) throw refuse(allowed(field, unit) ?? parsed.error.issues[0]!.message)
  if (isPatternField(field) && !(await isPattern(ctx.db, parsed.data as string)))
    throw refuse('is not a regular expression')
}

/** What a field may hold, in words, from its JSON schema. */
function allowed(field: z.ZodType, unit?: string): string | null {
  const { type, minimum, maximum, enum: choices } = z.toJSONSchema(field, { io: 'input' })
  const of = unit ? ` of ${unit}` : ''
  if (type === 'integer') return `must be a whole number${of} from ${minimum} to ${maximum}`
  return choices ? `must be one of ${choices.join(', ')}` : null
}
