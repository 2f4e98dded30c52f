import { say } from '../reply.ts'
import help from '../messages/help.ts'
import { action } from './action.ts'

/** Pressed by somebody unknown the door asks the managers (`link.ts`); pressed again after that it says what can be asked. */
export default action({
  verb: 'ask-to-join',
  on: null,
  effect: 'none',
  run: async (ctx) => say(help, { about: null, entries: [...ctx.manual] }),
})
