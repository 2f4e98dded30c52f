/** The settings of a recommendation as a dialog asks for them, and the receipt of a change. */
import { z } from 'zod'
import { listPools } from '../db/queries/pools.ts'
import { can } from '../engine/access.ts'
import { recommendations } from '../engine/recommendations/catalog.ts'
import type { Options, OptionsChange } from '../engine/recommendations/options.ts'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import { changedOptions, entryOf, metaOf, sayChange, settingsForm } from '../engine/recommendations/settings.ts'
import type { BotContext } from './context.ts'
import type { Choice } from './modals/modal.ts'
import { kindCalled } from './findings.ts'
import { quote } from './grammar.ts'
import { done, open, UnclearError, type Done, type Reply } from './reply.ts'

/** Slack's menu holds so many. */
const mostPools = 100

/** The id of a recommendation whose settings the person may change, else null: their button is shown then. */
export const changeableBy = async (ctx: BotContext, { id }: Recommendation): Promise<string | null> =>
  (await can(ctx, 'change_options')) ? id : null

/** The settings of the kind with this name; without one the question whose. */
export function openSettings(kind: string | undefined): Reply {
  if (kind !== undefined)
    return open({ name: 'recommendation-settings' }, { recommendation: kindCalled(kind, 'recs settings').id })
  const some = recommendations
    .slice(0, 5)
    .map(({ title }) => ({ label: title, command: `recs settings ${quote(title)}` }))
  throw new UnclearError('Whose settings? Write the name behind, like `recs settings volumes`.', some)
}

/** An input for each setting, not stricter than a keyboard: the verb judges, so that every door refuses in the same words. */
export function settingInputs(_: unknown, { recommendation = '' }: Record<string, string>): z.ZodObject {
  const one = recommendations.find(({ id }) => id === recommendation)
  if (!one) return z.object({})
  const own = Object.entries(settingsForm(one).shape).map(([name, field]) => {
    const { label, unit, hint } = metaOf(field)
    const named = unit && entryOf(field) === 'number' ? `${label} (${unit})` : label
    return [
      name,
      z
        .unknown()
        .optional()
        .meta({ label: named, hint, input: entryOf(field) }),
    ]
  })
  const pools = z
    .array(z.string())
    .optional()
    .meta({
      ...{ label: 'Leave out pools', input: 'several', hint: 'Only these pools, not those below them' },
      placeholder: 'None',
    })
  return z.object({ ...Object.fromEntries(own), ...(one.excludable ? { excluded_pools: pools } : {}) })
}

/** What can be chosen, by field: the words of menus, and the pools. */
export async function settingChoices(
  ctx: BotContext,
  one: Recommendation,
  options: Options,
): Promise<Record<string, Choice[]>> {
  const menus = Object.entries(one.options.shape).flatMap(([name, field]) => {
    const { words } = metaOf(field)
    return words ? [[name, Object.entries(words).map(([value, label]) => ({ value, label }))] as const] : []
  })
  const { listed } = await poolsOf(ctx, options)
  return { ...Object.fromEntries(menus), excluded_pools: listed.map(({ id, path }) => ({ value: id, label: path })) }
}

/** The pools a menu can hold, those left out first; `hidden` are left out and do not fit. */
export async function poolsOf(ctx: BotContext, { excluded_pools: out }: Options) {
  const all = await listPools(ctx.db, ctx.orgId)
  const sorted = all.toSorted((a, b) => Number(out[b.id] ?? false) - Number(out[a.id] ?? false))
  const hidden = sorted.slice(mostPools).filter(({ id }) => out[id])
  return { listed: sorted.slice(0, mostPools), hidden, more: sorted.length > mostPools }
}

/** What is different now; taken back by `recommendation-settings`. */
export function settingsReceipt(one: Recommendation, change: OptionsChange): Done {
  const names = changedOptions(change)
  const of = (options: Record<string, unknown>) => Object.fromEntries(names.map((name) => [name, options[name]]))
  const kept = { before: of(change.before), after: of(change.after) }
  return done(sayChange(one, change), {
    subject: { kind: 'recommendation', id: one.id },
    ...(names.length ? { undo: { verb: 'recommendation-settings', kept } } : {}),
  })
}
