import { z } from 'zod'
import { context, section } from '../blocks.ts'
import { readHome } from '../home/facts.ts'
import { waitingFor } from '../home/waiting.ts'
import { modal } from './modal.ts'

/** A dialog may hold more; nobody decides more at a time. */
const most = 50

/** Everything that waits for me, when the home has no room for it. */
export default modal({
  name: 'waiting',
  title: 'Waiting for you',
  fields: z.object({}),
  async load(ctx) {
    const facts = await readHome(ctx)
    const items = facts ? waitingFor(ctx, facts) : []
    const rest = items.length - most
    return {
      closed: true,
      blocks: [
        ...(items.length === 0 ? [section('Nothing waits for you.')] : []),
        ...items.slice(0, most).map(({ text, control }) => section(text, control)),
        ...(rest > 0 ? [context(`${rest} more on the web page`)] : []),
      ],
    }
  },
})
