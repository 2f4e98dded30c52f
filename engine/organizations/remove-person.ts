/** Somebody leaves for good: what they own goes to an heir, every way in ends. Source: spec governance 1.5. */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { lockRules } from '../../db/queries/assignments.ts'
import {
  countEstate,
  setEstateOwner,
  setPersonRemoved,
  setResourcesOwner,
  type Estate,
} from '../../db/queries/estates.ts'
import { lockSpend } from '../../db/queries/expenses.ts'
import {
  deleteMemberships,
  findPerson,
  listManagers,
  listMemberships,
  lockOrganizationManagers,
} from '../../db/queries/organizations.ts'
import { lockPoolTree } from '../../db/queries/pools.ts'
import { allowLong } from '../../db/queries/staging.ts'
import type { Person } from '../../db/schema/organizations.ts'
import { assertCan } from '../access.ts'
import { billIsStored } from '../assignment/busy.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { conflict, invalid, notFound } from '../errors.ts'
import { record, redrawCopies } from '../events.ts'
import { notify } from '../notifications/notify.ts'

type Named = { id: string; name: string }

/** What a removal would do: who would get what. `heirs` are the managers of the organization, the proposed one first; none when nobody else manages it. */
export type Removal = { person: Person; heirs: Named[]; estate: Estate }

/** Says what would go to whom, before anything is done. */
export async function readRemoval(ctx: Context, { personId }: { personId: string }): Promise<Removal> {
  await assertCan(ctx, 'manage_organization')
  const person = await getPerson(ctx, personId)
  const others = (await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })).filter(({ id }) => id !== personId)
  const mine = others.filter(({ id }) => id === ctx.actor.personId)
  const heirs = [...mine, ...others.filter(({ id }) => id !== ctx.actor.personId)]
  const estate = await countEstate(ctx.db, { orgId: ctx.orgId, personId, now: ctx.now() })
  return { person, heirs, estate }
}

export const RemovePerson = z.object({
  personId: z.uuid(),
  /** Another organization manager; without one whoever removes, and when they remove themselves the first other one. */
  heirId: z.uuid().optional(),
})
export type RemovePerson = z.input<typeof RemovePerson>

/**
 * Removes a person: resources with their spend, rules, default ownership of pools, environments, bookings to come and open
 * clean-ups go to the heir, all in one transaction; roles, Slack links and sessions end. Cannot be undone, so doors ask first.
 * Conflict when nobody else manages the organization.
 */
export async function removePerson(ctx: Context, input: RemovePerson): Promise<Removal & { heir: Named }> {
  const { personId, heirId } = RemovePerson.parse(input)
  await assertCan(ctx, 'manage_organization')
  return inTransaction(ctx, async (ctx) => {
    const { orgId } = ctx
    await lockEverything(ctx)
    const managers = await lockOrganizationManagers(ctx.db, orgId)
    const removal = await readRemoval(ctx, { personId })
    const heir = heirOf(removal, { heirId, managers })
    const held = await listMemberships(ctx.db, { orgId, personId })
    await setResourcesOwner(ctx.db, { orgId, from: personId, to: heir.id })
    const moved = await setEstateOwner(ctx.db, { orgId, personId, now: ctx.now(), to: heir.id })
    await deleteMemberships(ctx.db, { orgId, personId })
    await setPersonRemoved(ctx.db, { orgId, personId, now: ctx.now() })
    const { name, email } = removal.person
    await record(ctx, 'person.removed', {
      subject: { kind: 'person', id: personId },
      before: { name, email, roles: held.map(({ role, poolId }) => ({ role, poolId })) },
      after: { heirId: heir.id, ...removal.estate },
    })
    await showHandedOver(ctx, { ...moved, from: personId, to: heir.id })
    await tell(ctx, { ...removal, heir })
    return { ...removal, heir }
  })
}

async function getPerson(ctx: Context, id: string): Promise<Person> {
  const person = await findPerson(ctx.db, { orgId: ctx.orgId, id })
  if (!person) throw notFound('There is no such person here. Nobody was removed.')
  return person
}

/** Bills, moves and rules that are about to give them something come before, or find them gone. The order is that of deleting a pool. */
async function lockEverything({ db, orgId }: Context): Promise<void> {
  await lockPoolTree(db, orgId)
  await lockSpend(db, sql`select id as account_id from accounts where org_id = ${orgId}`).catch(billIsStored)
  await lockRules(db, orgId)
  await allowLong(db)
}

function heirOf(
  { person, heirs }: Removal,
  { heirId, managers }: { heirId: string | undefined; managers: string[] },
): Named {
  const may = heirs.filter(({ id }) => managers.includes(id))
  if (may.length === 0)
    throw conflict(`${person.name} is the last organization manager. Nobody was removed.`, {
      next: 'Make somebody else an organization manager first.',
    })
  const heir = heirId ? may.find(({ id }) => id === heirId) : may[0]
  if (heir) return heir
  throw invalid('What they own can only go to another organization manager. Nobody was removed.', {
    ...{
      field: 'heir',
      next: `Choose ${may
        .slice(0, 3)
        .map(({ name }) => name)
        .join(' or ')}.`,
    },
  })
}

/** Cards show the new holder, and so does the calendar. */
async function showHandedOver(
  ctx: Context,
  { bookings, cleanUps, from, to }: { bookings: string[]; cleanUps: string[]; from: string; to: string },
): Promise<void> {
  for (const id of bookings) {
    const holders = { before: { personId: from }, after: { personId: to } }
    await record(ctx, 'booking.handed-over', { subject: { kind: 'booking', id }, ...holders })
    await enqueue(ctx, 'mirror-booking', { orgId: ctx.orgId, bookingId: id, key: id })
  }
  for (const id of cleanUps) await redrawCopies(ctx, { kind: 'clean_up', id })
}

/** The heir hears what is theirs now, the other managers who went; whoever did it knows. */
async function tell(ctx: Context, { person, heir, estate, heirs }: Removal & { heir: Named }): Promise<void> {
  const { personId } = ctx.actor
  const by = personId === null ? null : (heirs.find(({ id }) => id === personId) ?? person)
  await notify(ctx, {
    kind: 'person-removed',
    key: `person-removed ${person.id}`,
    personIds: heirs.map(({ id }) => id).filter((id) => id !== personId),
    facts: {
      name: person.name,
      heir: { id: heir.id, name: heir.name },
      by: by && { id: by.id, name: by.name },
      estate,
    },
  })
}

/** "12 resources, 2 rules and 1 booking"; null when they own nothing. */
export function sayEstate(estate: Estate): string | null {
  const words: [number, string, string][] = [
    [estate.resources, 'resource', 'resources'],
    [estate.rules, 'rule', 'rules'],
    [estate.pools, 'default ownership of a pool', 'default ownerships of pools'],
    [estate.environments, 'environment', 'environments'],
    [estate.bookings, 'booking', 'bookings'],
    [estate.cleanUps, 'clean-up', 'clean-ups'],
  ]
  const said = words
    .filter(([n]) => n > 0)
    .map(([n, one, many]) => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`)
  const last = said.pop()
  return last ? [said.join(', '), last].filter(Boolean).join(' and ') : null
}

/** What goes to whom, in a sentence: the same at every door, before and after. */
export function sayInheritance(
  name: string,
  { estate, heir, done }: { estate: Estate; heir: string; done: boolean },
): string {
  const said = sayEstate(estate)
  if (!said) return done ? `${name} owned nothing.` : `${name} owns nothing.`
  const one = Object.values(estate).reduce((sum, n) => sum + n, 0) === 1
  return done ? `${said} went to ${heir}.` : `${said} ${one ? 'goes' : 'go'} to ${heir}.`
}
