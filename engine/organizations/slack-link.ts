import { z } from 'zod'
import { findPerson, setPersonZone } from '../../db/queries/organizations.ts'
import { upsertLink } from '../../db/queries/slack-links.ts'
import type { Person } from '../../db/schema/organizations.ts'
import { roles } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { record } from '../events.ts'
import { isZone } from '../time.ts'
import { addPerson } from './members.ts'

export const LinkSlackUser = z.object({
  teamId: z.string().min(1),
  slackUserId: z.string().min(1),
  /** Somebody who is here already, or who is to be added. */
  person: z.union([
    z.object({ id: z.uuid() }),
    z.object({ name: z.string(), email: z.email().optional(), zone: z.string().optional(), role: z.enum(roles) }),
  ]),
})
export type LinkSlackUser = z.input<typeof LinkSlackUser>

/**
 * Says who a Slack user is. A manager decides: an equal e-mail address alone proves nothing. From then on their clicks
 * and commands act as this person.
 */
export async function linkSlackUser(ctx: Context, input: LinkSlackUser): Promise<Person> {
  const { teamId, slackUserId, person } = LinkSlackUser.parse(input)
  await assertCan(ctx, 'manage_organization')
  return inTransaction(ctx, async (ctx) => {
    const known =
      'id' in person ? await findPerson(ctx.db, { orgId: ctx.orgId, id: person.id }) : await added(ctx, person)
    if (!known) throw notFound('There is no such person here. Nobody was linked.')
    await upsertLink(ctx.db, { teamId, slackUserId, orgId: ctx.orgId, personId: known.id, linkedAt: ctx.now() })
    await record(ctx, 'person.linked', { subject: { kind: 'person', id: known.id }, after: { slackUserId } })
    return known
  })
}

function added(
  ctx: Context,
  { zone, email, ...person }: Exclude<z.infer<typeof LinkSlackUser>['person'], { id: string }>,
) {
  return addPerson(ctx, { ...person, ...(email ? { email } : {}), zone: zone && isZone(zone) ? zone : 'UTC' })
}

/** Keeps the time zone Slack knows of the person who acts; times are read and written in it. */
export async function setOwnZone(ctx: Context, { zone }: { zone: string }): Promise<void> {
  if (!isZone(zone) || ctx.actor.personId === null) return
  await setPersonZone(ctx.db, { orgId: ctx.orgId, id: ctx.actor.personId, zone })
}
