/** What a click or a dialog is about, in words: for whoever is refused, and for whoever is asked to help. */
import { findRule } from '../db/queries/assignments.ts'
import { findAccount } from '../db/queries/cloud-accounts.ts'
import { findEnvironment } from '../db/queries/environments.ts'
import { findPerson } from '../db/queries/organizations.ts'
import { findPool } from '../db/queries/pools.ts'
import { findSchedule } from '../db/queries/power.ts'
import { findFinding } from '../db/queries/recommendations.ts'
import { findResource } from '../db/queries/resources.ts'
import type { Subject } from '../engine/events.ts'
import { getRecommendation } from '../engine/recommendations/options.ts'
import type { BotContext } from './context.ts'
import { drawCard, findCard } from './copies.ts'
import { messages } from './messages/catalog.ts'
import { titleOf } from './resources.ts'
import { md, type Rich } from './rich.ts'

type Namer = (ctx: BotContext, id: string) => Promise<string | undefined>

/** Names of what has no card, or a card that shows more than a name. */
const names: Partial<Record<Subject['kind'], Namer>> = {
  pool: async ({ db, orgId }, id) => (await findPool(db, { orgId, id }))?.name,
  account: async ({ db, orgId }, id) => (await findAccount(db, { orgId, id }))?.name,
  environment: async ({ db, orgId }, id) => (await findEnvironment(db, { orgId, id }))?.name,
  rule: async ({ db, orgId }, id) => (await findRule(db, { orgId, id }))?.name,
  schedule: async ({ db, orgId }, id) => (await findSchedule(db, { orgId, id }))?.name,
  person: async ({ db, orgId }, id) => (await findPerson(db, { orgId, id }))?.name,
  recommendation: async (_, id) => getRecommendation(id).title,
  async resource({ db, orgId }, id) {
    const found = await findResource(db, { orgId, id })
    return found ? titleOf(found) : undefined
  },
  async finding({ db, orgId, now }, id) {
    const found = await findFinding(db, { orgId, id, now: now() })
    if (!found) return undefined
    const what = found.resourceName ?? found.cloudResourceId
    return [getRecommendation(found.recommendation).title, what].filter(Boolean).join(' · ')
  },
}

/** What is known of a subject in one line: what its card says, else its name; null when it is gone or no such thing. */
export async function subjectWords(ctx: BotContext, { kind, id }: Subject): Promise<Rich | null> {
  try {
    const found = messages.find((message) => message.kind === 'card' && message.subject === kind)
    const card = found && findCard(found.name)
    const drawn = card && kind !== 'pool' && kind !== 'account' ? await drawCard(ctx, card, id) : null
    if (drawn) return { rich: drawn.body.text }
    const name = await names[kind]?.(ctx, id)
    return name ? md`${name}` : null
  } catch {
    // Somebody who may not see it, or an id that is none: the refusal itself says enough.
    return null
  }
}

/** Facts and fields of dialogs that name something, and what they name. */
const named: Record<string, Subject['kind']> = {
  ...{ findingId: 'finding', resourceId: 'resource', poolId: 'pool', environmentId: 'environment' },
  ...{ environment: 'environment', accountId: 'account', cleanUpId: 'clean_up', recommendation: 'recommendation' },
}

/** "Set Pool Limit: Payments": the dialog and what it was opened for, or its title alone. */
export async function dialogWords(
  ctx: BotContext,
  { title, facts, values }: { title: string; facts: Record<string, string>; values?: Record<string, unknown> },
): Promise<Rich> {
  const known: Record<string, unknown> = { ...values, ...facts }
  const field = Object.keys(named).find((key) => typeof known[key] === 'string' && known[key] !== '')
  const words = field ? await subjectWords(ctx, { kind: named[field]!, id: String(known[field]) }) : null
  return words ? md`${title}: ${words}` : md`${title}`
}
