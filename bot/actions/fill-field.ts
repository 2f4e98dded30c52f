import { action } from './action.ts'

/** A button inside a dialog that fills a field, e.g. a free slot: `id` is the field, `arg` the value. The door loads the dialog again. */
export default action({ verb: 'fill-field', on: null, effect: 'none' })
