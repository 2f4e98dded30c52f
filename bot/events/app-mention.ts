import { event } from './event.ts'

/** `@FinOps cost by service` in a channel or thread: the line behind the mention is answered there. */
export default event({
  name: 'app_mention',
  scopes: ['app_mentions:read'],
  async run({ event, answer, install }) {
    const text = typeof event['text'] === 'string' ? event['text'] : ''
    await answer(text.replaceAll(`<@${install.botUserId}>`, '').trim() || 'help')
  },
})
