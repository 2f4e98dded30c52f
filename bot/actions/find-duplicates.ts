import findDuplicates from '../modals/find-duplicates.ts'
import { action } from './action.ts'

/** Opens the dialog in which buckets are chosen. */
export default action({
  verb: 'find-duplicates',
  on: null,
  effect: 'none',
  opens: { modal: findDuplicates, facts: () => ({}) },
})
