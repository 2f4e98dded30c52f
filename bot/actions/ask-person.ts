import { findPerson } from '../../db/queries/organizations.ts'
import { findQuestion } from '../../db/queries/slack-questions.ts'
import { notFound } from '../../engine/errors.ts'
import { notify } from '../../engine/notifications/notify.ts'
import { inTransaction } from '../../engine/context.ts'
import { readRequest } from '../errors.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Asks somebody who may do what was refused, in a direct message. Pressed twice it is asked once: the request is the key. */
export default action({
  verb: 'ask-person',
  on: null,
  effect: 'irreversible',
  async run(ctx, { id, arg }) {
    const [person, refused] = await Promise.all([
      findPerson(ctx.db, { orgId: ctx.orgId, id }),
      findQuestion(ctx.db, { orgId: ctx.orgId, id: arg }),
    ])
    if (!person || !refused) throw notFound('I no longer know what this was about. Nobody was asked.')
    const facts = { from: { id: ctx.person.id, name: ctx.person.name }, ...readRequest(refused.canonical) }
    await inTransaction(ctx, (inner) =>
      notify(inner, { kind: 'request', key: `request ${arg}`, personIds: [person.id], facts }),
    )
    return done(`I asked ${person.name}.`, { subject: { kind: 'person', id: person.id } })
  },
})
