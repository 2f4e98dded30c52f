/** Carries out the wishes of one account: asks the cloud, notes every answer, tries again what may go later. */
import {
  claimPowerActions,
  setPowerState,
  settlePowerActions,
  type ClaimedAction,
  type Settlement,
} from '../../db/queries/power-actions.ts'
import { powerActions, type PowerAction, type PowerOutcome } from '../../db/vocabulary.ts'
import { CloudError, type PowerResult } from '../../integrations/cloud.ts'
import { inTransaction, type Context } from '../context.ts'
import { AppError, upstream } from '../errors.ts'
import { record } from '../events.ts'
import { reachOf, type Reach } from './reach.ts'
import { tellRuns } from './tell.ts'

/** A wish is tried so often, over about ten minutes, whatever goes wrong; then it has failed and people hear it. */
export const mostAttempts = 6

/**
 * Switches the machines of an account that wait for it, a call per region and fifty machines. Gone and wrong state are no
 * failures. Throws Upstream when something is left to try again. A call that was cut off is made again: starting what runs
 * changes nothing.
 */
export async function actOnPower(ctx: Context, input: { accountId: string; signal?: AbortSignal }): Promise<void> {
  const claimed = await claimPowerActions(ctx.db, { orgId: ctx.orgId, accountId: input.accountId, now: ctx.now() })
  if (claimed.length === 0) return
  const reach = await reachOf(ctx, input.accountId)
  if (reach instanceof AppError)
    return settle(
      ctx,
      claimed.map((one) => refused(one, reach)),
    )
  const { spent = [], fresh = [] } = Object.groupBy(claimed, ({ attempts }) =>
    attempts > mostAttempts ? 'spent' : 'fresh',
  )
  if (spent.length)
    await settle(
      ctx,
      spent.map((one) => refused(one, endless)),
    )
  const places = Map.groupBy(fresh, ({ region, action }) => `${action} ${region}`)
  let left = 0
  for (const own of places.values()) {
    input.signal?.throwIfAborted()
    const answers = await ask(ctx, reach, own)
    await settle(ctx, answers)
    left += answers.filter(({ settlement }) => settlement.state === 'waiting').length
  }
  if (left) throw upstream(`${left} machines of ${reach.account.name} could not be switched yet; it is tried again.`)
}

const endless = { message: `It was tried ${mostAttempts} times and never came to an end.` }

type Answer = { of: ClaimedAction; settlement: Settlement }

/** What the cloud says for machines of one region and one action. */
async function ask(ctx: Context, { power, credentials }: Reach, own: ClaimedAction[]): Promise<Answer[]> {
  const { action, region } = own[0]!
  try {
    const request = { region, cloudResourceIds: own.map(({ cloudResourceId }) => cloudResourceId) }
    const results = await (action === 'on' ? power.start : power.stop)(credentials, request)
    const byId = new Map(results.map((result) => [result.cloudResourceId, result]))
    return own.map((one) => answered(one, byId.get(one.cloudResourceId)))
  } catch (error) {
    const failure = error instanceof CloudError ? error : unreadable(ctx, error)
    const final = failure.kind === 'bad_credentials' || failure.isRefusal
    return own.map((of) => {
      const state = final || of.attempts >= mostAttempts ? 'failed' : 'waiting'
      const outcome = failure.isRefusal ? 'not_allowed' : null
      return { of, settlement: { id: of.id, state, outcome, error: failure.message } }
    })
  }
}

/** What is no refusal is our mistake and goes to the log; people hear that the machine was not switched all the same. */
function unreadable(ctx: Context, error: unknown): CloudError {
  ctx.log.error({ err: error }, 'switching machines failed')
  return new CloudError('unreachable', 'The answer of the cloud could not be read.')
}

const fine: readonly PowerOutcome[] = ['changed', 'already', 'gone', 'wrong_state']

function answered(of: ClaimedAction, result: PowerResult | undefined): Answer {
  const { outcome = 'impossible', message = null, again } = result ?? { message: 'The cloud did not answer for it.' }
  const state = again && of.attempts < mostAttempts ? 'waiting' : fine.includes(outcome) ? 'done' : 'failed'
  return { of, settlement: { id: of.id, state, outcome, error: message } }
}

const refused = (of: ClaimedAction, { message }: Pick<AppError, 'message'>): Answer => ({
  of,
  settlement: { id: of.id, state: 'failed', outcome: null, error: message },
})

/** Notes answers, shows where machines are on their way to, and tells people of runs that are complete. */
async function settle(ctx: Context, answers: Answer[]): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const noted = new Set(
      await settlePowerActions(
        ctx.db,
        answers.map(({ settlement }) => settlement),
        ctx.now(),
      ),
    )
    const mine = answers.filter(({ of, settlement }) => noted.has(of.id) && settlement.state !== 'waiting')
    for (const action of powerActions) await showState(ctx, action, mine)
    for (const { of, settlement } of mine)
      await record(ctx, settlement.state === 'failed' ? 'resource.power-failed' : `resource.switched-${of.action}`, {
        subject: { kind: 'resource', id: of.resourceId },
        after: { action: of.action, outcome: settlement.outcome, error: settlement.error },
      })
    await tellRuns(ctx, [...new Set(mine.map(({ of }) => of.id))])
  })
}

async function showState(ctx: Context, action: PowerAction, answers: Answer[]): Promise<void> {
  const changed = answers.filter(({ of, settlement }) => of.action === action && settlement.outcome === 'changed')
  const resourceIds = changed.map(({ of }) => of.resourceId)
  await setPowerState(ctx.db, { orgId: ctx.orgId, resourceIds, state: action === 'on' ? 'pending' : 'stopping' })
}
