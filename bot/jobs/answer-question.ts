import { getOrganization } from '../../db/queries/organizations.ts'
import { findInstall } from '../../db/queries/slack-installs.ts'
import { findQuestion } from '../../db/queries/slack-questions.ts'
import { handler } from '../../engine/worker.ts'
import { directPlace, personContext } from '../context.ts'
import { answer, manual } from '../doors.ts'
import welcome from '../messages/welcome.ts'
import { say } from '../reply.ts'
import { hooksOf } from '../request.ts'
import { clientFor } from '../slack.ts'
import { speak } from '../speak.ts'
import { voiceOf } from '../voice.ts'

/** A manager let somebody in: they are told in a direct message, and the command they typed first is answered. */
export default handler('answer-question', async ({ orgId, questionId, teamId, slackUserId }, { deps }) => {
  const [install, ctx] = await Promise.all([
    findInstall(deps.db, teamId),
    personContext(deps, directPlace(teamId, slackUserId), manual),
  ])
  if (!install || install.disabledAt || !ctx || ctx.orgId !== orgId) return
  const voice = voiceOf({ client: clientFor(deps, install), place: ctx.place, log: deps.log, hooks: hooksOf(deps) })
  const { name } = await getOrganization(deps.db, orgId)
  const reply = say(welcome, { state: 'linked', organization: name, kept: null, question: null })
  await speak(ctx, voice, { reply, manner: { how: 'whisper' } })
  const question = await findQuestion(deps.db, { orgId, id: questionId })
  if (question) await answer(ctx, voice, { line: question.canonical })
})
