import { z } from 'zod'
import { findPerson, insertMembership, insertPerson, listPeople } from '../../db/queries/organizations.ts'
import { findPool } from '../../db/queries/pools.ts'
import type { Person } from '../../db/schema/organizations.ts'
import { roles } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { isZone } from '../time.ts'

export const AddPerson = z.object({
  name: z.string().trim().min(1).max(255).meta({ label: 'Name' }),
  email: z.email().max(255).optional().meta({ label: 'E-mail' }),
  zone: z.string().refine(isZone, 'This is not a known time zone, e.g. Europe/Berlin.').default('UTC'),
  role: z.enum(roles).default('member').meta({ label: 'Role' }),
  /** The pool the role holds on; null is the whole organization. */
  poolId: z.uuid().nullable().default(null),
})
export type AddPerson = z.input<typeof AddPerson>

/** Adds a person with a first role. Conflict when the e-mail is taken in this organization. */
export async function addPerson(ctx: Context, input: AddPerson): Promise<Person> {
  const { role, poolId, ...person } = AddPerson.parse(input)
  await assertCan(ctx, 'manage_organization')
  if (poolId && !(await findPool(ctx.db, { orgId: ctx.orgId, id: poolId })))
    throw notFound('There is no such pool. Nobody was added.')
  const taken = person.email && (await listPeople(ctx.db, ctx.orgId)).some(({ email }) => email === person.email)
  if (taken) throw conflict(`${person.email} belongs to somebody here already. Nobody was added.`)
  return inTransaction(ctx, async (ctx) => {
    const made = await insertPerson(ctx.db, {
      orgId: ctx.orgId,
      name: person.name,
      zone: person.zone,
      email: person.email ?? null,
    })
    await insertMembership(ctx.db, { orgId: ctx.orgId, personId: made.id, role, poolId })
    await record(ctx, 'person.added', {
      subject: { kind: 'person', id: made.id },
      after: { name: made.name, role, poolId },
    })
    return made
  })
}

export const GiveRole = z.object({ personId: z.uuid(), role: z.enum(roles), poolId: z.uuid().nullable().default(null) })
export type GiveRole = z.input<typeof GiveRole>

/** Gives a person one more role; it counts from their next click on. */
export async function giveRole(ctx: Context, input: GiveRole): Promise<void> {
  const { personId, role, poolId } = GiveRole.parse(input)
  await assertCan(ctx, 'manage_organization')
  if (!(await findPerson(ctx.db, { orgId: ctx.orgId, id: personId })))
    throw notFound('There is no such person. No role was given.')
  await inTransaction(ctx, async (ctx) => {
    await insertMembership(ctx.db, { orgId: ctx.orgId, personId, role, poolId })
    await record(ctx, 'person.role-given', { subject: { kind: 'person', id: personId }, after: { role, poolId } })
  })
}
