import { reviewFacts } from '../review.ts'
import { action } from './action.ts'

/** Opens the review: one recommendation after the other. `arg` says which ones (`reviewArgument`). */
export default action({
  verb: 'review',
  on: null,
  effect: 'none',
  opens: { modal: { name: 'review-recommendations' }, facts: ({ arg }) => reviewFacts(arg) },
})
