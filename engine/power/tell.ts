/**
 * Who hears what came of a run. One message when all its machines are settled; silence when all went well and did so before.
 * The first run, trouble, and the first good run after trouble are told.
 */
import { lockSchedule, setScheduleRun } from '../../db/queries/power.ts'
import { countWaiting, listPowerActions, type ActionRow } from '../../db/queries/power-actions.ts'
import type { PowerSchedule } from '../../db/schema/power.ts'
import type { PowerAction, PowerOutcome } from '../../db/vocabulary.ts'
import type { Context } from '../context.ts'
import { notify } from '../notifications/notify.ts'
import { ahead } from './decide.ts'

/** Facts of `power-changed`. Instants are ISO text. */
export type PowerChangedFacts = {
  schedule: { id: string; name: string } | null
  action: PowerAction
  dueAt: string
  total: number
  /** How many machines ended how; `failed` is what the cloud never answered. */
  counts: Partial<Record<PowerOutcome | 'failed', number>>
  troubles: { resourceId: string; rev: number; title: string; outcome: PowerOutcome | 'failed'; error: string | null }[]
  next: { action: PowerAction; at: string }[]
}

const well: readonly (PowerOutcome | null)[] = ['changed', 'already', 'gone']
const isTrouble = ({ outcome }: ActionRow) => !well.includes(outcome)

/** Tells of the runs these settled wishes complete, in the caller's transaction. A run that still waits is told by its last answer. */
export async function tellRuns(ctx: Context, actionIds: number[]): Promise<void> {
  const settled = await listPowerActions(ctx.db, { orgId: ctx.orgId, ids: actionIds })
  const runs = Map.groupBy(settled, ({ scheduleId, dueAt }) => `${scheduleId ?? ''} ${dueAt.toISOString()}`)
  const sorted = [...runs].toSorted(([a], [b]) => a.localeCompare(b))
  for (const [, [first]] of sorted) if (first?.scheduleId) await tellRun(ctx, first.scheduleId, first.dueAt)
  for (const one of settled) if (!one.scheduleId && one.askedBy && isTrouble(one)) await tellAsker(ctx, one)
}

async function tellRun(ctx: Context, scheduleId: string, dueAt: Date): Promise<void> {
  const { orgId } = ctx
  // Locked: of two accounts that end at once the second one sees that the run is complete.
  const schedule = await lockSchedule(ctx.db, { orgId, id: scheduleId })
  if (!schedule) return
  if (await countWaiting(ctx.db, { scheduleId, dueAt })) return
  const run = (await listPowerActions(ctx.db, { orgId, scheduleId, dueAt })).filter(
    ({ state }) => state !== 'superseded',
  )
  const failures = run.filter(({ state }) => state === 'failed')
  const lastError = failures.length ? sayFailures(failures, run.length) : null
  await setScheduleRun(ctx.db, { orgId, ids: [scheduleId] }, { lastRunAt: ctx.now(), lastError })
  const isNews = schedule.lastRunAt === null || schedule.lastError !== null
  if (!isNews && !run.some(isTrouble)) return
  const pools = Map.groupBy(run, ({ poolId }) => poolId)
  for (const [poolId, own] of pools)
    await notify(ctx, {
      kind: 'power-changed',
      key: `power-changed ${scheduleId} ${dueAt.toISOString()} ${poolId}`,
      personIds: hearers(schedule, own),
      poolId,
      facts: factsOf(ctx, schedule, own),
    })
}

const sayFailures = (failures: ActionRow[], total: number): string =>
  `${failures.length} of ${total} could not be switched: ${failures[0]!.error ?? 'the cloud did not say why'}`

/** Owners of what needs a look, and who made the schedule. */
const hearers = ({ createdBy }: PowerSchedule, own: ActionRow[]): string[] => [
  ...new Set([...own.filter(isTrouble).map(({ ownerId }) => ownerId), createdBy].filter((id) => id !== null)),
]

async function tellAsker(ctx: Context, one: ActionRow): Promise<void> {
  await notify(ctx, {
    kind: 'power-changed',
    key: `power-changed asked ${one.id} ${ctx.now().toISOString()}`,
    personIds: [one.askedBy!],
    facts: factsOf(ctx, null, [one]),
  })
}

function factsOf(ctx: Context, schedule: PowerSchedule | null, own: ActionRow[]): PowerChangedFacts {
  const first = own[0]!
  const counts: PowerChangedFacts['counts'] = {}
  for (const { outcome } of own) counts[outcome ?? 'failed'] = (counts[outcome ?? 'failed'] ?? 0) + 1
  return {
    schedule: schedule && { id: schedule.id, name: schedule.name },
    action: first.action,
    dueAt: first.dueAt.toISOString(),
    total: own.length,
    counts,
    troubles: own
      .filter(isTrouble)
      .slice(0, 8)
      .map(({ resourceId, rev, title, outcome, error }) => ({
        resourceId,
        rev,
        title,
        outcome: outcome ?? 'failed',
        error,
      })),
    next: schedule
      ? ahead(schedule, { now: ctx.now() }).map(({ action, at }) => ({ action, at: at.toISOString() }))
      : [],
  }
}
