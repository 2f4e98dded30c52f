/** What people order for a machine, by word: on, off, skip, follow; each tells what is true then and has an undo. */
import type { Resource } from '../db/schema/resources.ts'
import { formatMoney } from '../engine/money.ts'
import { attachMachines, detachMachines } from '../engine/power/attach.ts'
import { readFollowing } from '../engine/power/restore.ts'
import { setPowerExceptions, switchMachine } from '../engine/power/switch.ts'
import { readResource } from '../engine/resources/resource.ts'
import { addDays, dayMs, instantAt, localOf } from '../engine/time.ts'
import type { BotContext } from './context.ts'
import { quote } from './grammar.ts'
import { scheduleNamed } from './machines.ts'
import { scheduleReceipt, switchReceipt } from './power-receipts.ts'
import type { Done } from './reply.ts'
import { priceOf, titleOf } from './resources.ts'
import { md, moment } from './rich.ts'

/** Switches it off now. */
export async function switchOff(ctx: BotContext, resource: Resource): Promise<Done> {
  const switched = await switchMachine(ctx, { resourceId: resource.id, action: 'off' })
  return switchReceipt(switched, md`${titleOf(resource)} is being switched off.`)
}

/** Switches it on now, until then when given, and says about what that costs. */
export async function switchOn(ctx: BotContext, resource: Resource, until: Date | undefined): Promise<Done> {
  const { perDay } = await readResource(ctx, resource.id)
  const switched = await switchMachine(ctx, { resourceId: resource.id, action: 'on', ...(until ? { until } : {}) })
  const days = until ? (until.getTime() - ctx.now().getTime()) / dayMs : 1
  const price = formatMoney(priceOf(perDay, days), ctx.currency)
  const cost = Number(perDay) > 0 ? `, about ${price}${until ? '' : ' a day'}` : ''
  const end = until ? md` until ${moment(until)}` : md``
  return switchReceipt(switched, md`${titleOf(resource)} is being switched on${end}${cost}.`)
}

/** Leaves out what its schedule would do until then; until six in the morning, where the person is, when nothing is said. */
export async function skip(ctx: BotContext, resource: Resource, until: Date | undefined): Promise<Done> {
  const before = await readFollowing(ctx, resource.id)
  await setPowerExceptions(ctx, { resourceId: resource.id, skipUntil: until ?? morning(ctx) })
  return scheduleReceipt(ctx, resource, before)
}

function morning({ now, person }: BotContext): Date {
  const { day, time } = localOf(now(), person.zone)
  return instantAt(time < '06:00' ? day : addDays(day, 1), '06:00', person.zone)
}

/** Has it follow the schedule of this name; `none` takes it off its own. */
export async function follow(ctx: BotContext, resource: Resource, plan: string): Promise<Done> {
  const before = await readFollowing(ctx, resource.id)
  const resourceIds = [resource.id]
  if (plan.toLowerCase() === 'none') await detachMachines(ctx, { resourceIds })
  else {
    const ask = (other: string) => `power ${quote(resource.cloudResourceId)} schedule ${other}`
    const { id: scheduleId } = await scheduleNamed(ctx, plan, ask)
    await attachMachines(ctx, { scheduleId, resourceIds })
  }
  return scheduleReceipt(ctx, resource, before)
}
