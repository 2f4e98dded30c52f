/** Who belongs to an organization, and which role they hold where: one role on the organization and one on each pool. */
import { z } from 'zod'
import {
  deleteMemberships,
  findPerson,
  findPersonByEmail,
  insertMembership,
  insertPerson,
  listMemberships,
  lockOrganizationManagers,
  lockPerson,
} from '../../db/queries/organizations.ts'
import { findPool } from '../../db/queries/pools.ts'
import type { Person } from '../../db/schema/organizations.ts'
import { roles, type Role } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, notFound, postgresError } from '../errors.ts'
import { record } from '../events.ts'
import { assertStill } from '../still.ts'
import { isZone } from '../time.ts'

export const AddPerson = z.object({
  name: z.string().trim().min(1, 'A person needs a name.').max(255).meta({ label: 'Name' }),
  email: z
    .email('This is no e-mail address.')
    .max(255)
    .optional()
    .meta({ label: 'E-mail', hint: 'They are recognised by it when they ask to join in Slack' }),
  zone: z.string().refine(isZone, 'This is not a known time zone, e.g. Europe/Berlin.').default('UTC'),
  role: z.enum(roles).default('member').meta({ label: 'Role' }),
  /** The pool the role holds on; null is the whole organization. */
  poolId: z.uuid().nullable().default(null),
})
export type AddPerson = z.input<typeof AddPerson>

/** Adds a person with a first role. Conflict when the e-mail is taken in this organization, in whatever case. */
export async function addPerson(ctx: Context, input: AddPerson): Promise<Person> {
  const { role, poolId, ...person } = AddPerson.parse(input)
  await assertCan(ctx, 'manage_organization')
  if (poolId && !(await findPool(ctx.db, { orgId: ctx.orgId, id: poolId })))
    throw notFound('There is no such pool. Nobody was added.')
  const { email = null } = person
  const holder = email ? await findPersonByEmail(ctx.db, { orgId: ctx.orgId, email }) : null
  if (holder) throw taken(person.email!, holder.name)
  return inTransaction(ctx, async (ctx) => {
    const row = { orgId: ctx.orgId, name: person.name, zone: person.zone, email }
    // Of two who add the same at once, the index lets one through.
    const made = await insertPerson(ctx.db, row).catch((error: unknown) => {
      throw postgresError(error)?.constraint === 'people_email' ? taken(person.email!) : error
    })
    await insertMembership(ctx.db, { orgId: ctx.orgId, personId: made.id, role, poolId })
    await record(ctx, 'person.added', {
      subject: { kind: 'person', id: made.id },
      after: { name: made.name, role, poolId },
    })
    return made
  })
}

const taken = (email: string, holder?: string) =>
  conflict(`${email} belongs to ${holder ?? 'somebody'} here already. Nobody was added.`, {
    ...{ field: 'email', next: 'Give that person another role, or use another e-mail.' },
  })

const where = {
  personId: z.uuid(),
  poolId: z.uuid().nullable().default(null),
  /** Only while this is the role held there: what a change that is taken back had left. */
  still: z.enum(roles).nullable().optional(),
}
export const GiveRole = z.object({ ...where, role: z.enum(roles) })
export type GiveRole = z.input<typeof GiveRole>

/** What a change of a role did: `before` and `after` are null where there was or is none. */
export type RoleChange = { person: Person; place: string; before: Role | null; after: Role | null }

/**
 * Gives a person a role on a pool with its sub-pools, or on the organization (`poolId` null), in place of the one they held
 * there; it counts from their next click on. Conflict when the last organization manager would become something else, or when
 * the role held there is not `still` the one named.
 */
export const giveRole = async (ctx: Context, input: GiveRole): Promise<RoleChange> =>
  changeRole(ctx, GiveRole.parse(input))

export const TakeRole = z.object(where)
export type TakeRole = z.input<typeof TakeRole>

/** Takes the role a person holds on a pool or on the organization; what they own stays theirs until somebody assigns it. */
export const takeRole = async (ctx: Context, input: TakeRole): Promise<RoleChange> =>
  changeRole(ctx, { ...TakeRole.parse(input), role: null })

async function changeRole(
  ctx: Context,
  { personId, poolId, role, still }: z.output<typeof TakeRole> & { role: Role | null },
): Promise<RoleChange> {
  await assertCan(ctx, 'manage_organization')
  const person = await findPerson(ctx.db, { orgId: ctx.orgId, id: personId })
  if (!person) throw notFound('There is no such person here. No role was changed.')
  const pool = poolId ? await findPool(ctx.db, { orgId: ctx.orgId, id: poolId }) : null
  if (poolId && !pool) throw notFound('There is no such pool. No role was changed.')
  return inTransaction(ctx, async (ctx) => {
    const { orgId } = ctx
    if (poolId === null && role !== 'manager') await assertAnotherManager(ctx, person)
    await lockPerson(ctx.db, { orgId, id: personId })
    const held = (await listMemberships(ctx.db, { orgId, personId })).filter((each) => each.poolId === poolId)
    // The highest one, should there be several.
    const before = roles.find((known) => held.some((each) => each.role === known)) ?? null
    if (still !== undefined) assertStill(before, still)
    const change = { person, place: pool?.name ?? 'the organization', before, after: role }
    if (before === role) return change
    await deleteMemberships(ctx.db, { orgId, personId, poolId })
    if (role) await insertMembership(ctx.db, { orgId, personId, role, poolId })
    await record(ctx, role ? 'person.role-given' : 'person.role-taken', {
      subject: { kind: 'person', id: personId },
      before: { role: before, poolId },
      after: { role, poolId },
    })
    return change
  })
}

/** Takes every role of a person: they see nothing from their next click on. What they own stays theirs until somebody assigns it. */
export async function takeAllRoles(ctx: Context, input: { personId: string }): Promise<Person> {
  await assertCan(ctx, 'manage_organization')
  const { orgId } = ctx
  const person = await findPerson(ctx.db, { orgId, id: input.personId })
  if (!person) throw notFound('There is no such person here. No role was changed.')
  return inTransaction(ctx, async (ctx) => {
    await assertAnotherManager(ctx, person)
    const held = await listMemberships(ctx.db, { orgId, personId: person.id })
    if (held.length === 0) return person
    await deleteMemberships(ctx.db, { orgId, personId: person.id })
    await record(ctx, 'person.roles-taken', {
      subject: { kind: 'person', id: person.id },
      before: { roles: held.map(({ role, poolId }) => ({ role, poolId })) },
    })
    return person
  })
}

/** Somebody must be left who can let people in. The rows stay locked, so that two managers cannot remove each other at once. */
async function assertAnotherManager(ctx: Context, { id, name }: Person): Promise<void> {
  const managers = await lockOrganizationManagers(ctx.db, ctx.orgId)
  if (managers.length === 1 && managers[0] === id)
    throw conflict(`${name} is the last organization manager. No role was changed.`, {
      next: 'Make somebody else an organization manager first.',
    })
}
