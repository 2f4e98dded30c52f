import { getRecommendation, setOptions } from '../../engine/recommendations/options.ts'
import { sayChange } from '../../engine/recommendations/settings.ts'
import recommendationSettings from '../modals/recommendation-settings.ts'
import { action } from './action.ts'

/** Opens the settings of a recommendation, and takes a change of them back. */
export default action({
  verb: 'recommendation-settings',
  on: 'recommendation',
  effect: 'none',
  opens: { modal: recommendationSettings, facts: ({ id }) => ({ recommendation: id }) },
  async undo(ctx, { id, kept }) {
    const options = kept['before'] as Record<string, unknown>
    return sayChange(getRecommendation(id), await setOptions(ctx, { recommendation: id, options }))
  },
})
