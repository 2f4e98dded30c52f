/** The register of posted cards (IC-5): when a subject changes, every living copy is redrawn from its state. */
import { insertCopy, listLiveCopies, setCopyShown } from '../db/queries/slack-copies.ts'
import { listInstalls } from '../db/queries/slack-installs.ts'
import type { SlackCopy, SlackInstall } from '../db/schema/slack.ts'
import type { Subject } from '../engine/events.ts'
import type { Body } from './blocks.ts'
import type { OrgContext } from './context.ts'
import { judge } from './lint.ts'
import { messages } from './messages/catalog.ts'
import { draw, frameOf, hash, type AnyMessage, type Card } from './messages/message.ts'
import { readersOf, type Readers } from './shared-channels.ts'
import { clientFor, slackFailure } from './slack.ts'

/** The message of this name, or null: a copy may be older than the code. */
export const findMessage = (name: string): AnyMessage | null =>
  messages.find((message) => message.name === name) ?? null

/** The card of this name, or null. */
export function findCard(name: string): Card<unknown> | null {
  const found = findMessage(name)
  return found?.kind === 'card' ? found : null
}

export type Drawn = { body: Body; over: boolean; hash: string }

/** Draws a card from the state of its subject; null when the subject is gone. */
export async function drawCard(ctx: OrgContext, card: Card<unknown>, id: string): Promise<Drawn | null> {
  const facts = await card.load(ctx, id)
  if (facts === null) return null
  const body = draw(card, facts, { frame: frameOf(ctx), origin: `${card.name}/${id}` })
  return { body, over: card.over?.(facts) ?? false, hash: hash(JSON.stringify(body)) }
}

/** Registers a posting, so that it is kept up to date. */
export async function register(
  ctx: OrgContext,
  posted: { card: Card<unknown>; id: string; drawn: Drawn; teamId: string; channel: string; ts: string },
): Promise<void> {
  const { card, id, drawn, teamId, channel, ts } = posted
  await insertCopy(ctx.db, {
    ...{ orgId: ctx.orgId, message: card.name, subjectKind: card.subject, subjectId: id, teamId, channel, ts },
    ...{ hash: drawn.hash, live: !drawn.over, postedAt: ctx.now() },
  })
}

/**
 * Redraws every living copy of a subject. A copy that shows the right thing already is left alone; one whose message or
 * channel is gone is forgotten. No copy stands in the way of the others; outages fly up, so that the job tries again.
 */
export async function redraw(ctx: OrgContext, subject: Subject): Promise<void> {
  const copies = await listLiveCopies(ctx.db, { orgId: ctx.orgId, ...subject })
  if (copies.length === 0) return
  const installs = await listInstalls(ctx.db, ctx.orgId)
  const drawn = new Map<string, Drawn | null>()
  const outages: unknown[] = []
  for (const copy of copies) {
    const install = installs.find(({ teamId }) => teamId === copy.teamId)
    const card = findCard(copy.message)
    if (!install || !card) continue
    if (!drawn.has(copy.message)) drawn.set(copy.message, await drawCard(ctx, card, copy.subjectId))
    await show(ctx, { copy, install, drawn: drawn.get(copy.message) ?? null }).catch((error: unknown) => {
      outages.push(error)
    })
  }
  if (outages.length) throw outages[0]
}

const last = (text: string): Drawn => ({ body: { text, blocks: [] }, over: true, hash: '' })
const gone = last('This is no longer there.')
/** The channel was ours when the card was posted; since then another company reads it or may, and cards show costs. */
const withheld = ({ kind }: Readers): Drawn =>
  last(
    kind === 'shared'
      ? 'This channel is shared with another company, so this card is not shown here any more.'
      : 'Slack does not tell me whether another company reads this channel, so this card is not shown here any more.',
  )

async function show(
  ctx: OrgContext,
  { copy, install, drawn }: { copy: SlackCopy; install: SlackInstall; drawn: Drawn | null },
): Promise<void> {
  if (drawn && drawn.hash === copy.hash) return
  const { channel, ts, id } = copy
  const client = clientFor(ctx, install)
  let content = drawn ?? gone
  const update = (body: Body) => client.chat.update({ channel, ts, text: body.text, blocks: body.blocks })
  try {
    const readers = await readersOf(ctx, client, { teamId: copy.teamId, lane: channel })
    if (readers.kind !== 'own') content = withheld(readers)
    const problems = judge(content.body, { link: false })
    if (problems.length) ctx.log.warn({ problems, message: copy.message }, 'a message breaks the rules')
    await update(content.body)
  } catch (error) {
    const failure = slackFailure(error)
    if (failure?.kind === 'blocks') await update({ text: content.body.text, blocks: [] })
    else if (failure?.kind === 'gone') return setCopyShown(ctx.db, { id, hash: content.hash, live: false })
    else if (failure?.kind === 'refused')
      return ctx.log.error({ message: copy.message, error: failure.error }, 'Slack refused to edit a card')
    else throw error
  }
  await setCopyShown(ctx.db, { id, hash: content.hash, live: !content.over })
}
