import { findPerson } from '../../db/queries/organizations.ts'
import { findQuestion } from '../../db/queries/slack.ts'
import { notFound } from '../../engine/errors.ts'
import { notify } from '../../engine/notifications/notify.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Asks somebody who may do what was refused, in a direct message. Pressed twice it is asked once. */
export default action({
  verb: 'ask-person',
  on: 'person',
  effect: 'irreversible',
  async run(ctx, { id, arg }) {
    const [person, refused] = await Promise.all([
      findPerson(ctx.db, { orgId: ctx.orgId, id }),
      findQuestion(ctx.db, { orgId: ctx.orgId, id: arg }),
    ])
    if (!person || !refused) throw notFound('I no longer know what this was about. Nobody was asked.')
    await notify(ctx, {
      kind: 'request',
      key: `request ${arg}`,
      personIds: [person.id],
      facts: { from: { id: ctx.person.id, name: ctx.person.name }, refused: refused.canonical },
    })
    return done(`I asked ${person.name}.`, { subject: { kind: 'person', id: person.id } })
  },
})
