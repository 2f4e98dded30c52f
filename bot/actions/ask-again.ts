import { findQuestion } from '../../db/queries/slack-questions.ts'
import { notFound } from '../../engine/errors.ts'
import { run } from '../reply.ts'
import { action } from './action.ts'

/** Asks the question of an answer again with one change, e.g. `by pool`, in place of the old answer. */
export default action({
  verb: 'ask-again',
  on: null,
  effect: 'none',
  async run(ctx, { id, arg }) {
    const question = await findQuestion(ctx.db, { orgId: ctx.orgId, id })
    if (!question) throw notFound('I no longer know this question. Nothing was changed.', { next: 'Type it again.' })
    return run(question.canonical, 'replace', arg)
  },
})
