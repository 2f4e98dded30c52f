/**
 * How a connected account is doing. Every part that is read (a type in a region, the metrics, the bill) notes how it went;
 * the health is what those notes add up to, so one part's success never hides another part's failure.
 */
import { listDiscoveries, setDiscovered, setNotDiscovered } from '../../db/queries/discoveries.ts'
import { lockAccount, updateAccount } from '../../db/queries/cloud-accounts.ts'
import { listManagers } from '../../db/queries/organizations.ts'
import { findPool } from '../../db/queries/pools.ts'
import type { Account, Discovery } from '../../db/schema/cloud-accounts.ts'
import { accountHealths, inventoryKinds, type AccountHealth } from '../../db/vocabulary.ts'
import { inTransaction, type Context } from '../context.ts'
import { record, redrawCopies } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import { clockNext, deniedNext, sayFirst, type PartResult, type Problem } from './problems.ts'

/**
 * Notes how parts of an account went and settles its health: a change is recorded, and a new problem is told once to the
 * person who looks after the account (else to the organization managers).
 */
export async function noteResults(ctx: Context, input: { accountId: string; results: PartResult[] }): Promise<void> {
  // Called by jobs, jobs may; no event: `settle` records it when the health changes.
  await inTransaction(ctx, async (ctx) => {
    const account = await lockAccount(ctx.db, { orgId: ctx.orgId, id: input.accountId })
    if (!account) return
    const key = ({ part, region }: PartResult) => ({
      orgId: ctx.orgId,
      accountId: account.id,
      resourceType: part,
      region,
    })
    const good = input.results.filter(({ problem }) => problem === null)
    const bad = input.results.flatMap((result) =>
      result.problem ? [{ ...key(result), error: `${result.problem.kind}: ${result.problem.message}` }] : [],
    )
    await setDiscovered(ctx.db, good.map(key), ctx.now())
    await setNotDiscovered(ctx.db, bad, ctx.now())
    const notes = await listDiscoveries(ctx.db, { orgId: ctx.orgId, accountId: account.id })
    await settle(ctx, account, judge(account, notes))
  })
}

async function settle(
  ctx: Context,
  account: Account,
  now: { state: AccountHealth; detail: string | null },
): Promise<void> {
  const { state, detail } = now
  if (account.health === state && account.healthDetail === detail) return
  await updateAccount(ctx.db, { orgId: ctx.orgId, id: account.id, set: { health: state, healthDetail: detail } })
  const subject = { kind: 'account', id: account.id } as const
  if (account.health === state) return redrawCopies(ctx, subject)
  const change = { before: { health: account.health }, after: { health: state, detail } }
  await record(ctx, isWell(state) ? 'account.recovered' : 'account.failed', { subject, ...change })
  if (isWell(state)) return
  await notify(ctx, {
    kind: 'account-health',
    key: `account-health ${account.id} ${state} ${ctx.now().toISOString()}`,
    personIds: await caretakers(ctx, account),
    subject,
    facts: { accountId: account.id, state },
  })
}

const isWell = (state: AccountHealth) => state === 'ok' || state === 'no_data_yet'

/** Who hears about an account: the owner of its pool, else the organization managers. */
export async function caretakers(ctx: Context, { orgId, poolId }: Account): Promise<string[]> {
  const pool = poolId ? await findPool(ctx.db, { orgId, id: poolId }) : null
  if (pool?.defaultOwnerId) return [pool.defaultOwnerId]
  return (await listManagers(ctx.db, { orgId, poolId: null })).map((person) => person.id)
}

/** A note whose last attempt failed, taken apart again. */
export function problemOf(note: Discovery): Problem | null {
  const { lastError, lastErrorAt, lastDiscoveryAt } = note
  if (lastError === null || lastErrorAt === null || (lastDiscoveryAt && lastDiscoveryAt > lastErrorAt)) return null
  const [, kind = '', message = lastError] = /^(\w+): (.*)$/s.exec(lastError) ?? []
  const kinds = [...accountHealths, 'throttled', 'doubt'] as const
  return { kind: kinds.find((known) => known === kind) ?? 'unreachable', message }
}

/** The gravest problem of the notes. One silent region is no silent cloud: its resources only stay as they were. */
export function judge(
  account: Pick<Account, 'lastImportAt'>,
  notes: Discovery[],
): { state: AccountHealth; detail: string | null } {
  const results = notes.map((note) => ({ part: note.resourceType, region: note.region, problem: problemOf(note) }))
  const of = (kind: AccountHealth) => results.filter(({ problem }) => problem?.kind === kind)
  for (const state of ['wrong_clock', 'bad_credentials', 'missing_permission', 'denied', 'bad_bill'] as const)
    if (of(state).length) return { state, detail: sayFirst(of(state)) }
  const silent = of('unreachable')
  const wholly = silent.some(({ part, region }) => region === '' && !inventoryKinds.some((kind) => kind === part))
  if (silent.length && (wholly || results.every(({ problem }) => problem !== null)))
    return { state: 'unreachable', detail: sayFirst(silent) }
  return { state: account.lastImportAt ? 'ok' : 'no_data_yet', detail: sayFirst(results) }
}

export type ReadNote = PartResult & { readAt: Date | null }

/** What was read of an account, when, and what went wrong since; for the account's page and its card. */
export async function readNotes(
  { db, orgId }: Pick<Context, 'db' | 'orgId'>,
  { accountId }: { accountId: string },
): Promise<ReadNote[]> {
  const notes = await listDiscoveries(db, { orgId, accountId })
  return notes.map((note) => ({
    part: note.resourceType,
    region: note.region,
    readAt: note.lastDiscoveryAt,
    problem: problemOf(note),
  }))
}

/** What happened to an account and what to do next, in sentences. */
export function healthOf(
  account: Pick<Account, 'health' | 'healthDetail' | 'name'> & Partial<Pick<Account, 'pausedAt' | 'billOrigin'>>,
): {
  state: AccountHealth
  sentence: string
  next: string | null
} {
  const { name, health, healthDetail: detail } = account
  if (account.pausedAt) return { state: health, sentence: `${name} ${paused.what}.`, next: paused.next }
  if (health === 'no_data_yet' && account.billOrigin === 'payer')
    return { state: health, sentence: `${name} ${paidFor}.`, next: null }
  const { what, next } = health === 'ok' && detail ? inPart : words[health]
  return { state: health, sentence: [`${name} ${what}.`, detail].filter(Boolean).join(' '), next }
}

const inPart = {
  what: 'is connected, but not all of it was read',
  next: 'The account page shows which part and what to do; its last known state stays.',
}

const paused = {
  what: 'is paused: nothing is read, what is known stays',
  next: 'Resume it to have inventory, metrics and bill read again.',
}
const paidFor = 'is connected; its costs come in the bill of the account that pays for it'

const words: Record<AccountHealth, { what: string; next: string | null }> = {
  ok: { what: 'is connected and up to date', next: null },
  no_data_yet: {
    what: 'is connected, its first bill is not here yet',
    next: 'Upload a bill, or wait: a cloud writes its first report within a day.',
  },
  wrong_clock: {
    what: 'is not read while the clock here is wrong; the last known state stays',
    next: clockNext,
  },
  bad_credentials: {
    what: 'does not let us in any more; the last known state stays',
    next: 'Save a new key on the account, or let its role trust this installation again.',
  },
  missing_permission: {
    what: 'is read only in part, because a permission is missing',
    next: 'Add the permission to its policy; the account page shows the whole policy.',
  },
  denied: {
    what: 'is read only in part, because a rule above the account forbids the rest',
    next: deniedNext,
  },
  unreachable: {
    what: 'did not answer; the last known state stays',
    next: 'Nothing to do: it is asked again every few minutes.',
  },
  bad_bill: {
    what: 'has a bill that cannot be read; earlier costs stay as they were',
    next: 'Open the last import: it names the file, the line and the reason.',
  },
}
