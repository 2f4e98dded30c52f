/** What a person reads when something is refused or fails: what happened, what did not change, what next, who can. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { findHighestRole, listPeople } from '../db/queries/organizations.ts'
import { insertQuestion } from '../db/queries/slack-questions.ts'
import { AppError, invalid, notFound } from '../engine/errors.ts'
import { isLost, lost } from '../engine/reach.ts'
import type { BotContext } from './context.ts'
import question from './messages/question.ts'
import refusal from './messages/refusal.ts'
import { say, UnclearError, type Reply, type Said } from './reply.ts'
import type { Rich } from './rich.ts'
import type { Block } from './blocks.ts'
import { frameOf } from './messages/message.ts'

/** A short id of a stored question, in buttons. */
export const questionId = (): string => `q${randomBytes(8).toString('base64url').replaceAll(/[-_]/g, 'x')}`

/**
 * An error as an answer. What a person cannot be told gets a reference and is logged; bodies never are. `asked` says what
 * was wanted, for whoever is asked to help.
 */
export async function explain(ctx: BotContext, caught: unknown, asked?: Rich | null): Promise<Reply> {
  const error = tellable(caught)
  if (error instanceof UnclearError)
    return say(question, { question: error.message, options: await keep(ctx, error.options) })
  if (!(error instanceof AppError)) return incident(ctx, error)
  return say(refusal, await refusalOf(ctx, error, asked ?? null))
}

/** A refusal inside a dialog: the same words, who can, and the button that asks them. */
export async function refusalBlocks(ctx: BotContext, error: AppError, asked: Rich | null): Promise<Block[]> {
  return refusal.slack(await refusalOf(ctx, error, asked), frameOf(ctx))
}

async function refusalOf(ctx: BotContext, { kind, message, detail }: AppError, asked: Rich | null) {
  const helpers = detail.whoCan?.length ? await helpersOf(ctx, detail.whoCan) : []
  return {
    sentence: message,
    next: detail.next ?? null,
    role: kind === 'forbidden' ? await roleInWords(ctx) : null,
    about: kind === 'forbidden' ? (asked?.rich ?? null) : null,
    helpers,
    reference: null,
    request: helpers.length ? await keepRequest(ctx, { refused: message, asked }) : null,
  }
}

/** What a person can be told of an error: input that no verb can use, or what is no id, in words; anything else stays as it is. */
export function tellable(error: unknown): unknown {
  if (isBrokenId(error)) return brokenId()
  return error instanceof z.ZodError ? unusable(error) : error
}

/** What was typed does not fit a verb's input: the first problem in the schema's own words, at its field. */
function unusable({ issues: [issue] }: z.ZodError): AppError {
  if (issue?.code === 'invalid_format' && issue.format === 'uuid') return brokenId()
  const words = issue?.message.replace(/\.$/, '') ?? 'That does not fit'
  const field = issue?.path.findLast((step) => typeof step === 'string')
  return invalid(`${words}. Nothing was changed.`, { ...(field ? { field } : {}), next: 'Type it again, corrected.' })
}

/** A click or a dialog carried what is no id (SQL state 22P02): forged, or older than the code. */
const isBrokenId = (error: unknown): boolean =>
  ((error as { cause?: { code?: unknown } } | null)?.cause?.code ?? (error as { code?: unknown } | null)?.code) ===
  '22P02'

/** What a person reads then. */
const brokenId = (): AppError =>
  notFound('I do not know what this was about. Nothing was changed.', { next: 'Ask again with a command.' })

/** A refusal that needs nothing looked up. */
const sorry = ({ message, detail }: AppError): Said =>
  say(refusal, {
    ...{ sentence: message, next: detail.next ?? null, role: null, about: null, helpers: [] },
    ...{ reference: null, request: null },
  })

/** Something broke that nobody can be told about. The reference is in the log beside the reason. */
export function incident({ log }: Pick<BotContext, 'log'>, error: unknown): Said {
  if (isLost(error)) {
    log.warn({ err: error }, 'the database went away')
    return sorry(lost())
  }
  const reference = `E-${randomBytes(2).toString('hex').toUpperCase()}`
  log.error({ reference, err: error }, 'incident')
  return say(refusal, {
    sentence: 'I could not finish this.',
    next: 'Try again in a minute. If it stays, tell an administrator the reference below.',
    role: null,
    about: null,
    helpers: [],
    reference,
    request: null,
  })
}

/** Stores commands so that buttons can run them, whatever their length. */
export async function keep<T extends { label: string; command: string; hint?: string }>(
  ctx: BotContext,
  options: T[],
): Promise<(T & { id: string })[]> {
  const kept = options.map((option) => ({ ...option, id: questionId() }))
  for (const { id, command } of kept)
    await insertQuestion(ctx.db, { id, orgId: ctx.orgId, personId: ctx.person.id, canonical: command, at: ctx.now() })
  return kept
}

/** Stores what a person was refused and what they had asked for, for the button that asks somebody else. */
async function keepRequest(ctx: BotContext, request: { refused: string; asked: Rich | null }): Promise<string> {
  const id = questionId()
  const canonical = JSON.stringify({ refused: request.refused, asked: request.asked?.rich ?? null })
  await insertQuestion(ctx.db, { id, orgId: ctx.orgId, personId: ctx.person.id, canonical, at: ctx.now() })
  return id
}

/** What `explain` stored. Guarantee: only buttons of a refusal carry its id; one of before held the sentence alone. */
export function readRequest(canonical: string): { refused: string; asked: string | null } {
  return canonical.startsWith('{"refused"') ? JSON.parse(canonical) : { refused: canonical, asked: null }
}

async function helpersOf(ctx: BotContext, ids: string[]) {
  const people = await listPeople(ctx.db, ctx.orgId)
  return ids
    .filter((id) => id !== ctx.person.id)
    .flatMap((id) => people.filter((person) => person.id === id).map(({ name }) => ({ id, name })))
    .slice(0, 3)
}

/** "Organization manager", "Pool manager", "Engineer", "Member", or "no role yet". */
export async function roleInWords(ctx: BotContext): Promise<string> {
  const held = await findHighestRole(ctx.db, { orgId: ctx.orgId, personId: ctx.person.id })
  if (!held) return 'no role yet'
  if (held.role === 'manager') return held.poolId ? 'Pool manager' : 'Organization manager'
  return held.role === 'engineer' ? 'Engineer' : 'Member'
}
