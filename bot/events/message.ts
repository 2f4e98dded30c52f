import { event } from './event.ts'

/** Plain words in a direct message; edits, joins and what bots say are not words to us. */
export default event({
  name: 'message',
  subscription: 'message.im',
  scopes: ['im:history'],
  async run({ event, answer }) {
    if (event['subtype'] || event['bot_id'] || event['channel_type'] !== 'im') return
    await answer((typeof event['text'] === 'string' ? event['text'] : '').trim() || 'help')
  },
})
