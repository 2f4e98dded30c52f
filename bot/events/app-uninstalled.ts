import { forgetWorkspace } from '../install.ts'
import { event } from './event.ts'

/** The workspace removed the app: its token and channels are forgotten, the audit stays. */
export default event({
  name: 'app_uninstalled',
  scopes: [],
  async run({ deps, install }) {
    await forgetWorkspace(deps, install.teamId)
  },
})
