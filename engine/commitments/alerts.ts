import {
  listExpiringCommitments,
  listIdleCommitments,
  setCommitmentAlertsCleared,
  upsertCommitmentAlerts,
} from '../../db/queries/commitment-alerts.ts'
import { findCoverageDay } from '../../db/queries/commitments.ts'
import { listManagers } from '../../db/queries/organizations.ts'
import type { CommitmentAlertKind } from '../../db/vocabulary.ts'
import { inTransaction, type Context } from '../context.ts'
import { notify } from '../notifications/notify.ts'
import { addDays, dayMs, dayOf, type DayRange } from '../time.ts'
import { readCommitments, type Commitment } from './offers.ts'

const aheadDays = 30
const idleDays = 3
const idleBelow = 0.8

/** A commitment as the alert shows it, frozen at that moment. `utilization` and `waste` are of the three days; instants are ISO text. */
export type ToldCommitment = {
  id: string
  kind: CommitmentAlertKind
  type: string
  account: string
  endsAt: string | null
  utilization: number | null
  waste: string
}

/** Facts of `commitment-alert`: at most ten, and how many there are. */
export type CommitmentAlertFacts = { commitments: ToldCommitment[]; count: number }

/**
 * Tells the managers of the organization about commitments that end within 30 days, and about those of which less than
 * 80 per cent was used on each of the last three whole days: one message for what is new, once per episode. The last
 * billed day does not count, because bills still grow. Returns what was told. Runs after every import and once a day.
 */
export async function checkCommitments(ctx: Context): Promise<ToldCommitment[]> {
  const { orgId } = ctx
  const now = ctx.now()
  const last = await findCoverageDay(ctx.db, { orgId, today: dayOf(now) })
  const to = last ? addDays(last, -1) : dayOf(now)
  const range = { from: addDays(to, 1 - idleDays), to }
  const [expiring, idle, known] = await Promise.all([
    listExpiringCommitments(ctx.db, { orgId, now, until: new Date(now.getTime() + aheadDays * dayMs) }),
    last ? listIdleCommitments(ctx.db, { orgId, ...range, today: dayOf(now), share: idleBelow }) : [],
    readCommitments(ctx, { range: seen(range) }),
  ])
  const byId = new Map(known.map((one) => [one.id, one]))
  // jobs may; no event: an alert changes nothing about the commitment.
  return inTransaction(ctx, async (ctx) => {
    const ending = new Map(expiring.map(({ commitment, endsAt }) => [commitment, endsAt.toISOString()]))
    const wasting = new Map(idle.map((one) => [one.commitment, one]))
    const told: ToldCommitment[] = [
      ...(await opened(ctx, 'idle', [...wasting.keys()])).map((id) => ({
        ...{ ...named(id, byId), kind: 'idle' as const, endsAt: null },
        ...{ utilization: wasting.get(id)!.utilization, waste: wasting.get(id)!.waste },
      })),
      ...(await opened(ctx, 'expiring', [...ending.keys()])).map((id) => ({
        ...{ ...named(id, byId), kind: 'expiring' as const, endsAt: ending.get(id)! },
        ...{ utilization: null, waste: '0' },
      })),
    ]
    if (told.length) await tell(ctx, told)
    return told
  })
}

/** Fees of a month are billed on its first day, so names are looked for in the whole month. */
const seen = ({ to }: DayRange): DayRange => ({ from: addDays(to, -31), to })

async function opened(ctx: Context, kind: CommitmentAlertKind, commitments: string[]): Promise<string[]> {
  const { orgId } = ctx
  const now = ctx.now()
  await setCommitmentAlertsCleared(ctx.db, { orgId, kind, now, stillSo: commitments })
  const fresh = new Set(await upsertCommitmentAlerts(ctx.db, { orgId, kind, now, commitments }))
  return commitments.filter((id) => fresh.has(id))
}

const named = (id: string, known: Map<string, Commitment>): Pick<ToldCommitment, 'id' | 'type' | 'account'> => {
  const one = known.get(id)
  return { id, type: one?.type ?? 'Commitment', account: one?.account ?? '' }
}

async function tell(ctx: Context, told: ToldCommitment[]): Promise<void> {
  const managers = await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })
  await notify(ctx, {
    kind: 'commitment-alert',
    key: `commitment-alert ${ctx.now().toISOString()} ${told.map(({ id, kind }) => `${kind}:${id}`).join(' ')}`.slice(
      0,
      900,
    ),
    personIds: managers.map(({ id }) => id),
    facts: { commitments: told.slice(0, 10), count: told.length } satisfies CommitmentAlertFacts,
  })
}
