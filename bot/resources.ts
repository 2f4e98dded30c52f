/** Resources in words: which one is meant, until when it lives, and how a change of its limits is told and taken back. */
import type { ConstraintState } from '../db/queries/constraints.ts'
import { listPools } from '../db/queries/pools.ts'
import type { Resource } from '../db/schema/resources.ts'
import type { ConstraintType } from '../db/vocabulary.ts'
import {
  ownOf,
  restoreConstraint,
  type ConstraintChange,
  type OwnConstraint,
} from '../engine/constraints/constraint.ts'
import { notFound } from '../engine/errors.ts'
import { decimal, formatMoney, type Amount } from '../engine/money.ts'
import { findResources } from '../engine/resources/search.ts'
import { dayMs, hourMs } from '../engine/time.ts'
import type { BotContext, OrgContext } from './context.ts'
import { quote, type Slot } from './grammar.ts'
import { md, moment, type Rich } from './rich.ts'
import { done, UnclearError, type Done } from './reply.ts'
import { nameFrom } from './slots.ts'
import { lasting } from './words.ts'

/** What a resource is called: its name, or the cloud's id where it has none. */
export const titleOf = ({ name, cloudResourceId }: Pick<Resource, 'name' | 'cloudResourceId'>): string =>
  name || cloudResourceId

const setting = /^(none|policy|[$€£]?\d[\d.,]*(\/\w+)?)$/i

/** A name of one or more words, up to what it is to be set to: `data platform 28000`, `loadtest-db none`. */
export const nameOfThing: Slot<string> = {
  free: true,
  read(words) {
    const found = nameFrom(words)
    const end = words
      .slice(0, found?.used ?? 0)
      .findIndex(({ text, quoted }, n) => n > 0 && !quoted && setting.test(text))
    if (!found || words[0]!.quoted || end < 0) return found
    const taken = words.slice(0, end)
    return { value: taken.map(({ text }) => text).join(' '), used: end }
  },
  write: quote,
}

/**
 * The resource a person means by an id, ARN or name. Several that fit equally are asked back, each as the corrected
 * command; NotFound when nothing fits.
 */
export async function resourceNamed(ctx: OrgContext, text: string, command: (id: string) => string): Promise<Resource> {
  const { found, exact } = await search(ctx, text)
  const fitting = exact.length ? exact : found
  if (fitting.length === 1) return fitting[0]!
  throw await unclear(ctx, { text, command, fitting, why: `Several resources are called like “${text.slice(0, 60)}”.` })
}

/**
 * The resource a change is meant for: only its whole id, ARN or name will do, and of equal names the one that lives. What
 * merely contains the words is asked back, even a single one: nothing is changed by a guess.
 */
export async function resourceToChange(
  ctx: OrgContext,
  text: string,
  command: (id: string) => string,
): Promise<Resource> {
  const { found, exact } = await search(ctx, text)
  const living = exact.filter(({ active }) => active)
  const [one, another] = living.length ? living : exact
  if (one && !another) return one
  const why = another
    ? `Several resources are called “${text.slice(0, 60)}”. Nothing was changed.`
    : `No resource is called exactly “${text.slice(0, 60)}”. Nothing was changed.`
  throw await unclear(ctx, { text, command, fitting: exact.length ? exact : found, why })
}

async function search(ctx: OrgContext, text: string): Promise<{ found: Resource[]; exact: Resource[] }> {
  const found = await findResources(ctx, { text, limit: 6 })
  const whole = text.trim().toLowerCase()
  const wanted = whole.startsWith('arn:') ? [whole, whole.split(/[/:]/).at(-1)!] : [whole]
  const exact = found.filter((one) =>
    [one.id, one.cloudResourceId, one.name].some((name) => wanted.includes(name.toLowerCase())),
  )
  return { found, exact }
}

async function unclear(
  ctx: OrgContext,
  asked: { text: string; command: (id: string) => string; fitting: Resource[]; why: string },
): Promise<Error> {
  const { text, command, fitting, why } = asked
  if (fitting.length === 0)
    return notFound(`I know no resource called “${text.slice(0, 60)}”. Nothing was changed.`, {
      next: 'Try its id, its ARN, or a part of its name.',
    })
  const paths = new Map((await listPools(ctx.db, ctx.orgId)).map(({ id, path }) => [id, path]))
  const hint = (one: Resource) =>
    `${one.type || one.service} in ${paths.get(one.poolId) ?? 'no pool'}, ${formatMoney(one.totalCost, ctx.currency)} in all${one.active ? '' : ', gone'}`
  return new UnclearError(
    why,
    fitting
      .slice(0, 5)
      .map((one) => ({ label: titleOf(one), command: command(quote(one.cloudResourceId)), hint: hint(one) })),
  )
}

/** "Nov 27 at 5:00 PM (pool policy 7 days)", "no end", or null when nothing is set. */
export function ttlInWords({
  endsAt,
  source,
  policyHours,
}: {
  endsAt: Date | null
  source: ConstraintState['source']
  policyHours: string | null
}): Rich | null {
  if (source === null) return null
  if (!endsAt) return md`No end`
  return source === 'own' || !policyHours
    ? moment(endsAt)
    : md`${moment(endsAt)} (pool policy ${lasting(Number(policyHours) * hourMs)})`
}

/** "$20 a day (pool policy)", "no limit", or null when nothing is set. */
export function limitInWords(
  { limit, source }: Pick<ConstraintState, 'limit' | 'source'>,
  currency: string,
): string | null {
  if (source === null || limit === null) return null
  if (Number(limit) === 0) return 'No limit'
  return `${formatMoney(limit, currency)} a day${source === 'policy' ? ' (pool policy)' : ''}`
}

/** What some days of a resource cost. */
export const priceOf = (perDay: Amount, days: number): Amount => decimal(perDay).times(days).toFixed()

/** The receipt of a change of a TTL: until when it lives now, and about what that costs. */
export function ttlReceipt(
  ctx: OrgContext,
  { title, perDay }: { title: string; perDay: Amount },
  { before, after }: ConstraintChange,
): Done {
  const { endsAt } = after
  const from = Math.max(before.endsAt?.getTime() ?? 0, ctx.now().getTime())
  const more = endsAt ? (endsAt.getTime() - from) / dayMs : 0
  const price = more > 0 && Number(perDay) > 0 ? `, about ${formatMoney(priceOf(perDay, more), ctx.currency)}` : ''
  const text = endsAt ? md`${title} lives until ${moment(endsAt)}${price}.` : md`${title} has no end now.`
  return constraintReceipt({ before, after }, text)
}

/** A receipt whose undo brings back what held before. */
export const constraintReceipt = ({ before, after }: ConstraintChange, text: Done['text']): Done =>
  done(text, {
    subject: { kind: 'resource', id: before.resourceId },
    undo: { verb: 'restore-constraint', kept: { type: before.type, own: ownOf(before), made: ownOf(after) } },
  })

/** Brings back what held before, and says it. */
export async function undoConstraint(
  ctx: BotContext,
  { id, kept }: { id: string; kept: Record<string, unknown> },
): Promise<string> {
  const { type, own, made } = kept as { type: ConstraintType; own: OwnConstraint; made: OwnConstraint }
  const { after } = await restoreConstraint(ctx, { resourceId: id, type, own, made })
  const what = type === 'ttl' ? 'The TTL' : 'The daily limit'
  return after.source === null ? `${what} is gone again.` : `${what} is as it was before.`
}

/** The person behind a Slack user, or NotFound: they have to link first. */
export function personBehind(ctx: OrgContext, slackUserId: string): string {
  const found = [...ctx.slackUsers].find(([, user]) => user === slackUserId)
  if (!found)
    throw notFound('This Slack user is not linked to anybody here. Nothing was changed.', {
      next: 'Ask them to say `link` to me first.',
    })
  return found[0]
}

/** The click that runs a line, or null where the names in it are too long for a button. */
export const runs = (label: string, line: string): { label: string; verb: string; arg: string } | null =>
  line.length <= 120 ? { label, verb: 'run-command', arg: line } : null
