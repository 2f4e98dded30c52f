/** Environments people share by booking: made by hand, or an active instance marked as shared. */
import { z } from 'zod'
import {
  deleteEnvironmentRow,
  findEnvironment,
  findEnvironmentOfResource,
  insertEnvironment,
  insertPropertyChange,
  lockProperties,
  setEnvironment,
} from '../../db/queries/environments.ts'
import { findPerson } from '../../db/queries/organizations.ts'
import { findResource } from '../../db/queries/resources.ts'
import { getRootPool } from '../../db/queries/pools.ts'
import type { Booking, Environment } from '../../db/schema/environments.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { conflict, invalid, notFound, postgresError } from '../errors.ts'
import { record } from '../events.ts'
import { decimal } from '../money.ts'
import { notify } from '../notifications/notify.ts'
import { getPool } from '../pools/pool.ts'

const propertyName = z.string().trim().min(1, 'Name the property.').max(64, 'Use 64 characters at most.')
const propertyValue = z.string().max(2000, 'Use 2000 characters at most.')

export const CreateEnvironment = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(80, 'Use 80 characters at most.').meta({ label: 'Name' }),
  type: z.string().trim().min(1).max(80).default('Environment').meta({ label: 'Type' }),
  /** The root pool when left out. */
  poolId: z.uuid().optional(),
  ownerId: z.uuid().optional(),
  hourlyCost: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'Use a number like 0.05.')
    .default('0.05')
    .meta({ label: 'Cost per hour' }),
  maxHours: z.number().int().min(1).max(336).default(8).meta({ label: 'Longest booking', unit: 'hours' }),
  channel: z.string().optional().meta({ label: 'Channel for announcements' }),
  properties: z.record(propertyName, propertyValue).default({}),
})
export type CreateEnvironment = z.input<typeof CreateEnvironment>

/** Makes an environment that is not in any cloud. Organization managers only; names are unique. */
export async function createEnvironment(ctx: Context, input: CreateEnvironment): Promise<Environment> {
  await assertCan(ctx, 'manage_environments')
  const { poolId, channel, ownerId, ...rest } = CreateEnvironment.parse(input)
  if (ownerId && !(await findPerson(ctx.db, { orgId: ctx.orgId, id: ownerId })))
    throw notFound('There is no such person in this organization. Nothing was created.', { field: 'ownerId' })
  return inTransaction(ctx, async (ctx) => {
    if (poolId) await getPool(ctx, poolId)
    const made = await insertEnvironment(ctx.db, {
      orgId: ctx.orgId,
      poolId: poolId ?? (await getRootPool(ctx.db, ctx.orgId)).id,
      channel: channel ?? null,
      ownerId: ownerId ?? null,
      ...rest,
    })
    if (!made) throw nameTaken(rest.name, 'created')
    await record(ctx, 'environment.created', { subject: { kind: 'environment', id: made.id }, after: rest })
    return made
  })
}

/** Marks an active instance as shared: people can book it from now on. Its price per hour comes from its last day. */
export async function markShared(ctx: Context, input: { resourceId: string }): Promise<Environment> {
  await assertCan(ctx, 'manage_environments')
  const resource = await findResource(ctx.db, { orgId: ctx.orgId, id: input.resourceId })
  if (!resource) throw notFound('That resource does not exist. Nothing was shared.')
  const name = resource.name || resource.cloudResourceId
  if (resource.type !== 'Instance')
    throw invalid(`${name} is a ${resource.type || 'resource'}; only instances can be shared. Nothing was shared.`)
  if (!resource.active) throw invalid(`${name} is not active, so nobody could use it. Nothing was shared.`)
  return inTransaction(ctx, async (ctx) => {
    const row = {
      orgId: ctx.orgId,
      resourceId: resource.id,
      type: resource.type,
      poolId: resource.poolId,
      ownerId: resource.ownerId,
      ...(resource.lastExpenseCost
        ? { hourlyCost: decimal(resource.lastExpenseCost).div(24).toDecimalPlaces(4).toFixed() }
        : {}),
    }
    if (await findEnvironmentOfResource(ctx.db, { orgId: ctx.orgId, resourceId: resource.id }))
      throw conflict(`${name} is shared already. Nothing was changed.`)
    const made =
      (await insertEnvironment(ctx.db, { ...row, name })) ??
      (await insertEnvironment(ctx.db, { ...row, name: `${name} (${resource.cloudResourceId})` }))
    if (!made) throw conflict(`${name} is shared already. Nothing was changed.`)
    await record(ctx, 'environment.shared', { subject: { kind: 'environment', id: made.id }, after: row })
    return made
  })
}

/**
 * Shares a resource no longer; its bookings go, in the calendar too, `bookings` of them were live. Organization managers
 * only. Environments made by hand are deleted instead.
 */
export async function unmarkShared(ctx: Context, input: { environmentId: string }): Promise<{ bookings: number }> {
  const environment = await getEnvironment(ctx, input.environmentId)
  if (!environment.resourceId)
    throw invalid(`${environment.name} was made by hand, so it cannot be un-shared. Nothing was changed.`, {
      next: 'Delete it instead.',
    })
  await assertCan(ctx, 'manage_environments', { name: environment.name })
  return inTransaction(ctx, async (ctx) => {
    const bookings = await removeWithBookings(ctx, environment)
    await record(ctx, 'environment.unshared', {
      subject: { kind: 'environment', id: environment.id },
      before: { name: environment.name, resourceId: environment.resourceId, bookings },
    })
    return { bookings }
  })
}

/** Deletes an environment made by hand with its bookings, in the calendar too. */
export async function deleteEnvironment(ctx: Context, input: { environmentId: string }): Promise<void> {
  const environment = await getEnvironment(ctx, input.environmentId)
  await assertCan(ctx, 'manage_environments', environment)
  if (environment.resourceId)
    throw invalid(`${environment.name} is a resource of a cloud, so it cannot be deleted here. Nothing was changed.`, {
      next: 'Stop sharing it instead.',
    })
  await inTransaction(ctx, async (ctx) => {
    await removeWithBookings(ctx, environment)
    await record(ctx, 'environment.deleted', {
      subject: { kind: 'environment', id: environment.id },
      before: { name: environment.name, type: environment.type, properties: environment.properties },
    })
  })
}

/**
 * The calendar learns of every live booking that went; it finds the event by the booking's id. Every holder hears which of
 * theirs are gone, once; whoever did it read so before. Returns how many went.
 */
async function removeWithBookings(ctx: Context, environment: Environment): Promise<number> {
  const gone = await deleteEnvironmentRow(ctx.db, { orgId: ctx.orgId, id: environment.id })
  for (const { id } of gone) await enqueue(ctx, 'mirror-booking', { orgId: ctx.orgId, bookingId: id, key: id })
  await tellLost(ctx, environment, gone)
  return gone.length
}

async function tellLost(ctx: Context, { id, name }: Environment, gone: Booking[]): Promise<void> {
  const { orgId, actor } = ctx
  const by = actor.personId && (await findPerson(ctx.db, { orgId, id: actor.personId }))
  const coming = gone.filter(({ endsAt, personId }) => endsAt > ctx.now() && personId !== actor.personId)
  for (const [personId, theirs] of Map.groupBy(coming, (booking) => booking.personId))
    await notify(ctx, {
      kind: 'bookings-lost',
      key: `bookings-lost ${id} ${personId}`,
      personIds: [personId],
      facts: {
        ...{ environment: name, by: by ? { id: by.id, name: by.name } : null },
        bookings: theirs.map(({ startsAt, endsAt }) => ({ startsAt, endsAt })),
      },
    })
}

export const ChangeEnvironment = CreateEnvironment.pick({ name: true, hourlyCost: true, maxHours: true })
  .partial()
  .extend({ environmentId: z.uuid(), active: z.boolean().optional(), channel: z.string().nullable().optional() })
export type ChangeEnvironment = z.input<typeof ChangeEnvironment>

/** Changes an environment's settings, bookings that exist stay as they are; `channel` null announces them nowhere. */
export async function changeEnvironment(ctx: Context, input: ChangeEnvironment): Promise<Environment> {
  const { environmentId, ...wished } = input
  const environment = await getEnvironment(ctx, environmentId)
  await assertCan(ctx, 'manage_environments', environment)
  // Only what was given: the defaults of a new environment must not overwrite an old one.
  const given = Object.entries(ChangeEnvironment.parse(input)).filter(([name]) => name in wished)
  const after = Object.fromEntries(given) as Partial<Environment>
  const before = Object.fromEntries(Object.keys(after).map((name) => [name, environment[name as keyof Environment]]))
  return inTransaction(ctx, async (ctx) => {
    const changed = await setEnvironment(ctx.db, { orgId: ctx.orgId, id: environment.id }, after).catch(
      (error: unknown) => {
        throw postgresError(error)?.constraint === 'environments_name' ? nameTaken(after.name!, 'changed') : error
      },
    )
    if (!changed) throw notFound('That environment does not exist any more. Nothing was changed.')
    await record(ctx, 'environment.changed', { subject: { kind: 'environment', id: environment.id }, before, after })
    return changed
  })
}

export const SetProperties = z.object({
  environmentId: z.uuid(),
  /** New values by name; null deletes. What is not named stays. */
  properties: z.record(propertyName, propertyValue.nullable()),
})
export type SetProperties = z.input<typeof SetProperties>

/** Merges properties and keeps their history. Two callers at once lose nothing of each other. */
export async function setProperties(ctx: Context, input: SetProperties): Promise<Record<string, string>> {
  const { environmentId, properties } = SetProperties.parse(input)
  const environment = await getEnvironment(ctx, environmentId)
  await assertCan(ctx, 'manage_environments', environment)
  return inTransaction(ctx, async (ctx) => {
    const before = await lockProperties(ctx.db, environmentId)
    const changes = Object.entries(properties)
      .map(([name, value]) => [name, { old: before[name] ?? null, new: value }] as const)
      .filter(([, change]) => change.old !== change.new)
    if (changes.length === 0) return before
    const merged = Object.entries({ ...before, ...properties }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    )
    const after = Object.fromEntries(merged)
    await setEnvironment(ctx.db, { orgId: ctx.orgId, id: environmentId }, { properties: after })
    await insertPropertyChange(ctx.db, {
      environmentId,
      personId: ctx.actor.personId,
      at: ctx.now(),
      changes: Object.fromEntries(changes),
    })
    await record(ctx, 'environment.properties-changed', {
      subject: { kind: 'environment', id: environmentId },
      before,
      after,
    })
    return after
  })
}

async function getEnvironment(ctx: Context, id: string): Promise<Environment> {
  const environment = await findEnvironment(ctx.db, { orgId: ctx.orgId, id, now: ctx.now() })
  if (!environment) throw notFound('That environment does not exist any more. Nothing was changed.')
  return environment
}

const nameTaken = (name: string, done: string) =>
  conflict(`There is an environment called ${name} already. Nothing was ${done}.`, {
    field: 'name',
    next: 'Choose another name.',
  })
