import { getConnectForm, writeGrant } from '../../engine/accounts/forms.ts'
import { AppError } from '../../engine/errors.ts'
import { files, type File } from '../reply.ts'
import { action } from './action.ts'

/** The policies and roles that grant what is read of a cloud, as files. Those that cannot be made now are named. */
export default action({
  verb: 'grant-files',
  on: null,
  effect: 'none',
  async run(ctx, { arg }) {
    const form = getConnectForm(ctx, arg)
    const made: File[] = []
    let why = ''
    for (const { name, title } of form.files) {
      const content = await writeGrant(ctx, { cloud: form.cloud, name }).catch((error: unknown) => {
        if (!(error instanceof AppError) || error.kind !== 'upstream') throw error
        why = ` ${error.message}`
        return null
      })
      if (content !== null) made.push({ name, title, content })
    }
    return files(`What ${form.title} needs to grant: reading only, and power as a policy of its own.${why}`, ...made)
  },
})
