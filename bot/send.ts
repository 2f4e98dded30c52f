/** One message of the outbox to Slack: drawn from what is true now, put where its card is already, or posted. */
import { findCopy, listLiveCopies } from '../db/queries/slack-copies.ts'
import { findPostedTs } from '../db/queries/slack-deliveries.ts'
import type { SlackDelivery, SlackInstall } from '../db/schema/slack.ts'
import type { SubjectKind } from '../db/vocabulary.ts'
import { context, type Body } from './blocks.ts'
import type { OrgContext } from './context.ts'
import { drawCard, findMessage, redraw, register, type Drawn } from './copies.ts'
import { judge } from './lint.ts'
import { draw, frameOf, type Card } from './messages/message.ts'
import { clientFor, slackFailure } from './slack.ts'

/** Sends it and says where it lies; 'gone' when its subject is, 'unknown' when no such message exists any more. Slack's errors fly. */
export async function send(
  ctx: OrgContext,
  install: SlackInstall,
  delivery: SlackDelivery,
): Promise<{ ts: string | null } | 'gone' | 'unknown'> {
  const content = await contentOf(ctx, delivery)
  if (typeof content === 'string') return content
  return { ts: (await edited(ctx, delivery, content)) ?? (await posted(ctx, install, { delivery, content })) }
}

type Content = { body: Body; card: Card<unknown> | null; drawn: Drawn | null }

async function contentOf(ctx: OrgContext, delivery: SlackDelivery): Promise<Content | 'gone' | 'unknown'> {
  const message = findMessage(delivery.message)
  if (!message) return 'unknown'
  const note = delivery.facts['fallbackNote']
  const noted = (body: Body): Body =>
    typeof note === 'string' ? { ...body, blocks: [context(note), ...body.blocks] } : body
  if (message.kind === 'report')
    return { body: noted(draw(message, delivery.facts, { frame: frameOf(ctx) })), card: null, drawn: null }
  const drawn = delivery.subjectId ? await drawCard(ctx, message, delivery.subjectId) : null
  return drawn ? { body: noted(drawn.body), card: message, drawn } : 'gone'
}

/** A living card that is in this conversation already is brought up to date instead of posted again. */
async function edited(
  ctx: OrgContext,
  { lane, teamId, message, subjectId, subjectKind }: SlackDelivery,
  { card }: Content,
): Promise<string | null> {
  if (!card || !subjectId || !subjectKind) return null
  const ts = await findPostedTs(ctx.db, { orgId: ctx.orgId, teamId, lane, message, subjectId })
  const copies = await listLiveCopies(ctx.db, { orgId: ctx.orgId, kind: subjectKind, id: subjectId })
  if (
    !copies.some(
      (copy) => copy.teamId === teamId && copy.message === message && (copy.ts === ts || copy.channel === lane),
    )
  )
    return null
  await redraw(ctx, { kind: subjectKind as SubjectKind, id: subjectId })
  return ts
}

async function posted(
  ctx: OrgContext,
  install: SlackInstall,
  { delivery, content }: { delivery: SlackDelivery; content: Content },
): Promise<string | null> {
  const { body, card, drawn } = content
  const problems = judge(body, { link: false })
  if (problems.length) ctx.log.warn({ problems, message: delivery.message }, 'a message breaks the rules')
  const at = await post(ctx, install, { delivery, body })
  if (
    card &&
    drawn &&
    delivery.subjectId &&
    at.channel &&
    !(await findCopy(ctx.db, { teamId: install.teamId, channel: at.channel, ts: at.ts! }))
  )
    await register(ctx, {
      card,
      id: delivery.subjectId,
      drawn,
      teamId: install.teamId,
      channel: at.channel,
      ts: at.ts!,
    })
  return at.ts ?? null
}

/** IC-15: refused blocks never cost the message; its words and the way to the web go alone. */
async function post(
  ctx: OrgContext,
  install: SlackInstall,
  { delivery, body }: { delivery: SlackDelivery; body: Body },
) {
  const client = clientFor(ctx, install, false)
  const call = {
    channel: delivery.lane,
    unfurl_links: false,
    unfurl_media: false,
    ...(delivery.threadTs ? { thread_ts: delivery.threadTs } : {}),
  }
  try {
    return await client.chat.postMessage({ ...call, text: body.text, blocks: body.blocks })
  } catch (error) {
    if (slackFailure(error)?.kind !== 'blocks') throw error
    ctx.log.error({ err: error, message: delivery.message }, 'Slack refused the blocks; sent as plain text')
    return client.chat.postMessage({ ...call, text: `${body.text}\n${ctx.publicUrl}` })
  }
}
