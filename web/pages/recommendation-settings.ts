import { Hono } from 'hono'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listPools } from '../../db/queries/pools.ts'
import type { Context } from '../../engine/context.ts'
import { getRecommendation, setOptions, type Options } from '../../engine/recommendations/options.ts'
import {
  enteredSettings,
  metaOf,
  sayChange,
  settingsForm,
  typedSettings,
} from '../../engine/recommendations/settings.ts'
import type { Recommendation } from '../../engine/recommendations/recommendation.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, tick, ticked, type Choice, type Typed } from '../form-parts.ts'
import { fold, type Content } from '../parts.ts'
import { sayPath } from '../pool-parts.ts'

/** The act behind the settings of a recommendation. */
export const recommendationActs = new Hono<WebEnv>().post('/savings/:recommendation/options', (c) => {
  const one = getRecommendation(c.req.param('recommendation'))
  return act(c, {
    back: `/savings/${one.id}`,
    form: 'options',
    run: async (ctx, values) => {
      const chosen = (prefix: string) =>
        Object.keys(values).flatMap((name) => (name.startsWith(`${prefix}.`) ? [name.slice(prefix.length + 1)] : []))
      const change = await setOptions(ctx, {
        recommendation: one.id,
        options: {
          ...enteredSettings(one, values),
          excluded_pools: Object.fromEntries(chosen('excluded_pools').map((id) => [id, true])),
          skip_cloud_accounts: chosen('skip_cloud_accounts'),
        },
      })
      return sayChange(one, change)
    },
  })
})

/** The words of choices. */
const choicesOf = (one: Recommendation): Record<string, Choice[]> =>
  Object.fromEntries(
    Object.entries(one.options.shape).flatMap(([name, field]) => {
      const { words } = metaOf(field)
      return words ? [[name, Object.entries(words).map(([value, label]) => ({ value, label }))]] : []
    }),
  )

/** Asks for the options of a recommendation, and for pools and accounts to leave out. */
export async function settings(
  ctx: Context,
  { one, options, view }: { one: Recommendation; options: Options; view: View },
): Promise<Content> {
  const [pools, accounts] = await Promise.all([
    listPools(ctx.db, ctx.orgId),
    listAccounts(ctx.db, { orgId: ctx.orgId }),
  ])
  const left = (typed: Typed) =>
    pools.map(({ id, path }) => {
      const name = `excluded_pools.${id}`
      return tick(name, sayPath(path), ticked(typed, name, options.excluded_pools[id] === true))
    })
  const skipped = (typed: Typed) =>
    accounts.map(({ id, name }) => {
      const box = `skip_cloud_accounts.${id}`
      return tick(box, name, ticked(typed, box, options.skip_cloud_accounts.includes(id)))
    })
  // Skipped accounts are no matter of defaults.
  const kept = Object.fromEntries(options.skip_cloud_accounts.map((id) => [`skip_cloud_accounts.${id}`, 'on']))
  const asked = form(view, {
    name: 'options',
    action: `/savings/${one.id}/options`,
    submit: 'Save settings',
    schema: settingsForm(one),
    values: typedSettings(one, options),
    choices: choicesOf(one),
    more: (typed) => [
      one.excludable ? fold('Leave out pools', left(typed)) : '',
      fold('Skip accounts', skipped(typed)),
    ],
  })
  const reset = { action: `/savings/${one.id}/options`, submit: 'Reset to defaults', hidden: kept }
  return [asked, postButton(view, reset)]
}
