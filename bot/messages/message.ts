/**
 * The contract of a message: what it says from which facts. A card is drawn from the state of its subject, so every
 * posted copy can be redrawn; a report keeps the facts it was made from. `text` must stand alone: it is the push
 * preview, the screen reader's line and the terminal's answer.
 */
import { z } from 'zod'
import type { SubjectKind } from '../../db/vocabulary.ts'
import { formatMoney, type Amount } from '../../engine/money.ts'
import { dayOf } from '../../engine/time.ts'
import { fallback, smallPrint, type Block, type Body } from '../blocks.ts'
import type { OrgContext } from '../context.ts'
import { cut, cutRich, join, linkTo, md, typed, type Rich } from '../rich.ts'
import { dayInWords } from '../words.ts'

/** What drawing needs besides the facts. */
export type Frame = {
  url: (path: string) => string
  money: (amount: Amount | number) => string
  /** The currency of the amounts, e.g. "USD". */
  currency: string
  mention: Mention
  /** The stored question this answers, for menus that ask again (`again`), Share and CSV; null when nobody typed it. */
  question: string | null
  /** The canonical command, echoed under the answer. */
  command: string | null
  /** The uploaded picture of a chart, when the reply had one and Slack took it. */
  picture: string | null
}
/** Slack mention of a person when linked, else the name. */
export type Mention = (person: { id: string; name: string } | null) => Rich

/** The context line under every message (IC-13): the page behind it, how fresh the money is and what it counts, and the command that would say the same. */
export type Footer = {
  /** Permalink, e.g. `/pools/…`; null only for receipts and refusals. */
  link: string | null
  /** Billing data through this instant; leave out when no money is shown. */
  through?: Date | null
  command?: string
  more?: (Rich | string | null | undefined | false)[]
}

type Template<F> = {
  /** The file name. */
  name: string
  facts: z.ZodType<F>
  /** The point and the action needed, at most 300 characters; plain text (escaped) or Rich. */
  text(facts: F, frame: Frame): Rich | string
  /** The blocks above the context line; a header is optional, small answers do without. */
  slack(facts: F, frame: Frame): Block[]
  footer(facts: F, frame: Frame): Footer
  /** Only for the person who asked, whatever they wish: it holds a key. */
  private?: true
  /** Facts for the tests' four worlds: usual, and what else the builders of the file find worth drawing. */
  samples: Record<string, F>
}

export type Report<F> = Template<F> & { kind: 'report' }
export type Card<F> = Template<F> & {
  kind: 'card'
  subject: SubjectKind
  /** The facts of the subject now, or null when it is gone. */
  load(ctx: OrgContext, id: string): Promise<F | null>
  /** Nothing can happen any more: the last drawing has no buttons and copies are no longer redrawn (IC-9). */
  over?(facts: F): boolean
}

/** Any message, for lists of them. A card looks the same to everybody who sees it. Guarantee: `draw` parses the facts with the template's own schema before use. */
export type AnyMessage = Report<unknown> | Card<unknown>

/** Declares a report: a message of frozen facts. */
export const report = <F>(template: Template<F>): Report<F> => ({ ...template, kind: 'report' })

/** Declares a card: a living message about one subject. */
export const card = <F>(template: Omit<Card<F>, 'kind'>): Card<F> => ({ ...template, kind: 'card' })

/** Draws a message from facts (parsed, so dates kept as JSON come back). `origin` goes into the block ids: where a later click came from. */
export function draw(message: AnyMessage, facts: unknown, { frame, origin }: { frame: Frame; origin?: string }): Body {
  const known = message.facts.parse(facts)
  const foot = footerBlock(message.footer(known, frame), frame)
  const blocks = fit([...message.slack(known, frame), ...(foot ? [foot] : [])])
  return { text: fallback(message.text(known, frame)), blocks: withIds(blocks, origin ?? message.name) }
}

function footerBlock(footer: Footer, frame: Frame): Block | null {
  const { link, through, command = frame.command, more = [] } = footer
  const fresh =
    through === undefined
      ? null
      : through
        ? `Billing data through ${dayInWords(dayOf(through))} · effective cost, ${frame.currency}`
        : 'No billing data yet'
  const web = link === null ? null : linkTo(frame.url(link), 'Open in web')
  const echo = command ? typed(cut(command, 150)) : null
  const pieces = [join(more), join([fresh, web, echo])].filter(({ rich }) => rich)
  return pieces.length ? smallPrint(...pieces) : null
}

/** Everything in one message may have 12,000 characters; a message of very long names is cut evenly instead of refused. */
function fit(blocks: Block[]): Block[] {
  if (JSON.stringify(blocks).length < 11_500) return blocks
  const shorter = (text: { type: string; text: string }) =>
    text.type === 'mrkdwn' ? { ...text, text: cutRich(text.text, 300) } : text
  return blocks.map((block) => {
    if (block.type !== 'section') return block
    const text = block.text ? { text: shorter(block.text) as typeof block.text } : {}
    return { ...block, ...text }
  })
}

/** Block ids of blocks with controls: `origin~hash`, so they change with every revision (IC-10) and tell where they stood. */
export function withIds(blocks: Block[], origin: string): Block[] {
  return blocks.map((block, at) => {
    if (!('elements' in block || 'accessory' in block) || block.type === 'context') return block
    return { ...block, block_id: `${origin}~${at}${hash(JSON.stringify(block))}` }
  })
}

/** The origin in a block id. */
export const originOf = (blockId: string): string => blockId.split('~')[0]!

/** A short fingerprint of a text (FNV-1a, base 36); for telling revisions apart, not for secrets. */
export function hash(text: string): string {
  let sum = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193) >>> 0
  return sum.toString(36)
}

/** The frame for one organization. */
export function frameOf(
  ctx: { publicUrl: string; currency: string; slackUsers?: ReadonlyMap<string, string> },
  asked: { question: string | null; command: string } | null = null,
): Frame {
  return {
    picture: null,
    question: asked?.question ?? null,
    command: asked?.command ?? null,
    url: (path) => `${ctx.publicUrl}${path}`,
    money: (amount) => formatMoney(amount, ctx.currency),
    currency: ctx.currency,
    mention: (person) => {
      const slackUserId = person && ctx.slackUsers?.get(person.id)
      return slackUserId ? { rich: `<@${slackUserId}>` } : md`${person?.name ?? 'nobody'}`
    },
  }
}
