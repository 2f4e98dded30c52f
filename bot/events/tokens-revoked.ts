import { forgetWorkspace } from '../install.ts'
import { event } from './event.ts'

/** The bot's own token was taken back; tokens of people do not concern us. */
export default event({
  name: 'tokens_revoked',
  scopes: [],
  async run({ deps, install, event }) {
    const { bot = [] } = (event['tokens'] ?? {}) as { bot?: string[] }
    if (bot.length) await forgetWorkspace(deps, install.teamId)
  },
})
