import { findQuestion } from '../../db/queries/slack-questions.ts'
import { notFound } from '../../engine/errors.ts'
import { run } from '../reply.ts'
import { action } from './action.ts'

/** Posts an answer for everybody in the conversation; it is asked again, so it is fresh. */
export default action({
  verb: 'share',
  on: null,
  effect: 'none',
  async run(ctx, { id }) {
    const question = await findQuestion(ctx.db, { orgId: ctx.orgId, id })
    if (!question) throw notFound('I no longer know this question. Nothing was posted.', { next: 'Type it again.' })
    return run(question.canonical, 'post')
  },
})
