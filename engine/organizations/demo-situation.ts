import { listEnvironments } from '../../db/queries/environments.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import { listResources } from '../../db/queries/resources.ts'
import { setDailyLimit } from '../constraints/daily-limit.ts'
import { setTtl } from '../constraints/ttl.ts'
import { enqueue, type Context } from '../context.ts'
import { bookEnvironment } from '../environments/bookings.ts'
import { decimal } from '../money.ts'
import { setPoolLimit } from '../pools/limits.ts'
import { setPoolPolicy } from '../pools/policies.ts'
import { readPools } from '../pools/tree.ts'
import { hourMs } from '../time.ts'

/**
 * Sets what needs real costs: limits that one pool passes and one will pass, an end within a day, a passed daily limit,
 * and bookings around now. Runs once, after the first import of every account.
 */
export async function situateDemo(ctx: Context): Promise<void> {
  await setLimits(ctx)
  await setEnds(ctx)
  await makeBookings(ctx)
  await enqueue(ctx, 'check-pools', { orgId: ctx.orgId, key: ctx.orgId })
  await enqueue(ctx, 'check-constraints', { orgId: ctx.orgId, key: ctx.orgId })
}

/** Limits as multiples of the month's cost or forecast; Payments has passed its own, Data platform will. */
async function setLimits(ctx: Context): Promise<void> {
  const facts = await readPools(ctx)
  const limitOf = (name: string, of: 'cost' | 'forecast', factor: number) => {
    const pool = facts.find((one) => one.name === name)!
    return {
      poolId: pool.id,
      monthlyLimit: Math.max(1, decimal(pool[of]).times(factor).round().toNumber()),
      extendParents: true,
    }
  }
  const root = facts.find((one) => one.parentId === null)!
  await setPoolLimit(ctx, limitOf(root.name, 'forecast', 1.25))
  await setPoolLimit(ctx, limitOf('Engineering', 'forecast', 1.2))
  await setPoolLimit(ctx, limitOf('Payments', 'cost', 0.92))
  await setPoolLimit(ctx, limitOf('Data platform', 'forecast', 0.9))
  await setPoolLimit(ctx, limitOf('QA', 'forecast', 1.3))
  await setPoolLimit(ctx, limitOf('Marketing', 'forecast', 1.1))
  const qa = facts.find((one) => one.name === 'QA')!
  await setPoolPolicy(ctx, { poolId: qa.id, type: 'daily_expense_limit', limit: 25, active: true })
}

/** The dearest machines of Payments: one reaches its TTL tomorrow, one spends more than its daily limit. */
async function setEnds(ctx: Context): Promise<void> {
  const payments = (await listPools(ctx.db, ctx.orgId)).find((one) => one.name === 'Payments')
  const found = await listResources(ctx.db, {
    orgId: ctx.orgId,
    ...(payments ? { poolId: payments.id } : {}),
    active: true,
    type: 'Instance',
    limit: 2,
  })
  const [ending, spending] = found
  if (ending) await setTtl(ctx, { resourceId: ending.id, until: new Date(ctx.now().getTime() + 22 * hourMs) })
  if (spending) await setDailyLimit(ctx, { resourceId: spending.id, limit: '1' })
}

async function makeBookings(ctx: Context): Promise<void> {
  const all = await listEnvironments(ctx.db, ctx.orgId, ctx.now())
  const half = 30 * 60_000
  const start = new Date(Math.ceil(ctx.now().getTime() / half) * half)
  const slot = (from: number, hours: number) => {
    const startsAt = new Date(start.getTime() + from * hourMs)
    return { startsAt, endsAt: new Date(startsAt.getTime() + hours * hourMs) }
  }
  const booked = [
    { name: 'stage-1', who: 'Max', reason: 'Checkout regression', ...slot(0, 3) },
    { name: 'stage-2', who: 'Priya', reason: 'UAT for PAY-812', ...slot(5, 3) },
    { name: 'load-lab', who: 'Tom', reason: 'Black Friday rehearsal', ...slot(20, 6) },
  ]
  const people = await listPeople(ctx.db, ctx.orgId)
  for (const { name, who, ...booking } of booked) {
    const environment = all.find((one) => one.name === name)
    const person = people.find((one) => one.name.startsWith(who))
    if (environment && person)
      await bookEnvironment(ctx, { environmentId: environment.id, personId: person.id, ...booking })
  }
}
