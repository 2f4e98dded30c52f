import { getRecommendation, readOptions, setOptions } from '../../engine/recommendations/options.ts'
import { sayChange } from '../../engine/recommendations/settings.ts'
import recommendationSettings from '../modals/recommendation-settings.ts'
import { assertStill } from '../../engine/still.ts'
import { action } from './action.ts'

/** Opens the settings of a recommendation, and takes a change of them back. */
export default action({
  verb: 'recommendation-settings',
  on: 'recommendation',
  effect: 'none',
  opens: { modal: recommendationSettings, facts: ({ id }) => ({ recommendation: id }) },
  async undo(ctx, { id, kept }) {
    const [options, left] = [kept['before'], kept['after']] as [Record<string, unknown>, Record<string, unknown>]
    const one = getRecommendation(id)
    const now: Record<string, unknown> = await readOptions(ctx, one)
    assertStill(Object.fromEntries(Object.keys(left).map((name) => [name, now[name]])), left)
    return sayChange(one, await setOptions(ctx, { recommendation: id, options }))
  },
})
