import { z } from 'zod'
import { can, whoCan } from '../../engine/access.ts'
import { cleanOptions, getRecommendation, readOptions, setOptions } from '../../engine/recommendations/options.ts'
import { enteredSettings, saySettings, typedSettings } from '../../engine/recommendations/settings.ts'
import { actions, context, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { poolsOf, settingChoices, settingInputs, settingsReceipt } from '../recommendation-settings.ts'
import { lines, linkTo, md } from '../rich.ts'
import { modal } from './modal.ts'

/** The settings of one recommendation. `defaults` fills in how they are without anybody's change; Save makes them so. */
export default modal({
  name: 'recommendation-settings',
  title: 'Settings',
  submit: 'Save',
  fields: z.looseObject({}),
  more: settingInputs,
  async load(ctx, { recommendation = '', defaults }) {
    const one = getRecommendation(recommendation)
    const [options, may] = await Promise.all([readOptions(ctx, one), can(ctx, 'change_options')])
    const page = linkTo(`${ctx.publicUrl}/savings/${one.id}`, 'Open in web')
    if (!may) {
      const people = (await whoCan(ctx, 'change_options')).slice(0, 3).map(({ name }) => name)
      const said = saySettings(one, options).map(({ label, value }) => `${label}: ${value}`)
      const ask = `Organization managers change them${people.length ? `: ask ${people.join(' or ')}` : ''}.`
      return { blocks: [section(lines(md`*${one.title}*`, ...said)), context(ask, page)], closed: true }
    }
    const shown = defaults ? cleanOptions(one, {}) : options
    const pools = await poolsOf(ctx, shown)
    const note = defaults ? 'These are the defaults; Save keeps them.' : 'Changes count from the next check on.'
    const skipped = options.skip_cloud_accounts.length
    return {
      blocks: [
        section(md`*${one.title}* · ${one.advice}`),
        actions(button({ label: 'Reset to Defaults', verb: 'reset-settings', id: one.id })),
        context(
          note,
          skipped > 0 && `Accounts skipped: ${skipped}, chosen on the web`,
          pools.more ? 'The first 100 pools are listed; the web has all' : page,
        ),
      ],
      values: { ...typedSettings(one, shown), excluded_pools: Object.keys(shown.excluded_pools) },
      choices: await settingChoices(ctx, one, shown),
    }
  },
  async run(ctx, { facts, values }) {
    const one = getRecommendation(facts['recommendation'] ?? '')
    const { hidden } = await poolsOf(ctx, await readOptions(ctx, one))
    const chosen = [...((values['excluded_pools'] as string[] | undefined) ?? []), ...hidden.map(({ id }) => id)]
    const pools = { excluded_pools: Object.fromEntries(chosen.map((id) => [id, true])) }
    const change = await setOptions(ctx, {
      recommendation: one.id,
      options: { ...enteredSettings(one, values), ...(one.excludable ? pools : {}) },
    })
    return settingsReceipt(one, change)
  },
})
