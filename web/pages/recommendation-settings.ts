import { Hono } from 'hono'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listPools } from '../../db/queries/pools.ts'
import type { Context } from '../../engine/context.ts'
import { getRecommendation, setOptions, type Options } from '../../engine/recommendations/options.ts'
import { sayPort, type Port } from '../../engine/recommendations/evidence.ts'
import { metaOf, readPorts } from '../../engine/recommendations/settings.ts'
import type { Recommendation } from '../../engine/recommendations/recommendation.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { form, readForm, tick, type Choice } from '../form-parts.ts'
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
      await setOptions(ctx, {
        recommendation: one.id,
        options: {
          ...readForm(one.options, values),
          ...portsOf(values),
          excluded_pools: Object.fromEntries(chosen('excluded_pools').map((id) => [id, true])),
          skip_cloud_accounts: chosen('skip_cloud_accounts'),
        },
      })
      return 'The settings are saved. They count from the next check on.'
    },
  })
})

/** The lines of ports, when this recommendation has them. */
const portsOf = (values: Record<string, string>): Record<string, unknown> =>
  values['insecure_ports'] === undefined ? {} : { insecure_ports: readPorts(values['insecure_ports'].split('\n')) }

/** Options as people type them: a port a line, with its name. */
const typed = (one: Recommendation, options: Options): Record<string, unknown> =>
  'insecure_ports' in one.options.shape
    ? { ...options, insecure_ports: (options['insecure_ports'] as Port[]).map(sayPort) }
    : options

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
  const left = pools.map(({ id, path }) =>
    tick(`excluded_pools.${id}`, sayPath(path), options.excluded_pools[id] === true),
  )
  const skipped = accounts.map(({ id, name }) =>
    tick(`skip_cloud_accounts.${id}`, name, options.skip_cloud_accounts.includes(id)),
  )
  return form(view, {
    name: 'options',
    action: `/savings/${one.id}/options`,
    submit: 'Save settings',
    schema: one.options,
    values: typed(one, options),
    choices: choicesOf(one),
    more: [one.excludable ? fold('Leave out pools', left) : '', fold('Skip accounts', skipped)],
  })
}
