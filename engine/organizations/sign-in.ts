/** Signing in without passwords: a one-time link made where the person is already known (Slack, the terminal) becomes a web session. */
import { createHash, randomBytes } from 'node:crypto'
import {
  deleteExpiredSessions,
  deleteSession,
  findPerson,
  findSession,
  findSignInLink,
  getOrganization,
  insertSession,
  insertSignInLink,
  setSignInLinkUsed,
} from '../../db/queries/organizations.ts'
import type { Organization, Person } from '../../db/schema/organizations.ts'
import { contextFor, inTransaction, type Context, type Deps } from '../context.ts'
import { forbidden, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { hourMs, minuteMs } from '../time.ts'

const linkMs = 10 * minuteMs
const sessionMs = 12 * hourMs

/** Who a link or a session stands for. */
export type Identity = { person: Person; organization: Organization }

/** What the browser keeps (`secret`) and what its forms carry (`csrf`); only the secret's hash is stored. */
export type OpenedSession = { secret: string; csrf: string; expiresAt: Date; goTo: string }

const newSecret = (): string => randomBytes(32).toString('base64url')
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
const gone = () =>
  notFound('This sign-in link was used already or is older than 10 minutes. You are not signed in.', {
    next: 'Type /finops link in Slack to get a new one.',
  })

/** Makes a link that signs the acting person in on the web view once, within 10 minutes. `goTo` is a path of ours to land on. */
export async function makeSignInLink(ctx: Context, { goTo = '/' }: { goTo?: string } = {}): Promise<string> {
  const { personId } = ctx.actor
  if (personId === null) throw forbidden('Only a person can sign in. No link was made.')
  const secret = newSecret()
  const expiresAt = new Date(ctx.now().getTime() + linkMs)
  await insertSignInLink(ctx.db, { hash: hashOf(secret), orgId: ctx.orgId, personId, goTo: ownPath(goTo), expiresAt })
  return `${ctx.publicUrl}/sign-in/${secret}`
}

/** Who a link would sign in, without using it up: link previews of chat programs open links too. NotFound when it is of no use any more. */
export async function readSignInLink(deps: Deps, secret: string): Promise<Identity> {
  const link = await findSignInLink(deps.db, { hash: hashOf(secret), now: deps.now() })
  const identity = link && (await identityOf(deps, link))
  if (!identity) throw gone()
  return identity
}

/** Uses up a link and opens a session of 12 hours. Of two browsers one gets it. `replaces` is the browser's old session, which ends. */
export async function signIn(
  deps: Deps,
  input: { secret: string; replaces?: string | undefined },
): Promise<OpenedSession> {
  const hash = hashOf(input.secret)
  const link = await findSignInLink(deps.db, { hash, now: deps.now() })
  if (!link) throw gone()
  const { orgId, personId } = link
  // mayOnlyHolder: whoever has the secret is the person it was given to; there is no other right to ask for.
  // Not within the organization: the browser's old session may be of another one, and it ends here.
  return inTransaction({ ...contextFor(deps, orgId, { personId, door: 'web' }), db: deps.db }, async (ctx) => {
    const used = await setSignInLinkUsed(ctx.db, { hash, now: ctx.now() })
    if (!used) throw gone()
    if (input.replaces) await deleteSession(ctx.db, hashOf(input.replaces))
    const session = { csrf: newSecret(), expiresAt: new Date(ctx.now().getTime() + sessionMs) }
    const secret = newSecret()
    await insertSession(ctx.db, { hash: hashOf(secret), orgId, personId, ...session })
    await record(ctx, 'person.signed-in', { subject: { kind: 'person', id: personId } })
    return { secret, ...session, goTo: ownPath(used.goTo) }
  })
}

/** The identity behind a session's secret and the token its forms must carry; null when it ended, ran out or never was. */
export async function readSession(deps: Deps, secret: string): Promise<(Identity & { csrf: string }) | null> {
  const session = await findSession(deps.db, { hash: hashOf(secret), now: deps.now() })
  const identity = session && (await identityOf(deps, session))
  return identity && { ...identity, csrf: session.csrf }
}

/** Ends a session. Nothing happens when it ended before. */
export async function signOut(deps: Deps, secret: string): Promise<void> {
  await deleteSession(deps.db, hashOf(secret))
}

/** Clears away sessions and links that ran out. */
export async function sweepSessions(deps: Deps): Promise<void> {
  await deleteExpiredSessions(deps.db, deps.now())
}

async function identityOf(deps: Deps, who: { orgId: string; personId: string }): Promise<Identity | null> {
  const person = await findPerson(deps.db, { orgId: who.orgId, id: who.personId })
  return person && { person, organization: await getOrganization(deps.db, who.orgId) }
}

/** Only a path on this site; anything that a browser could read as another host lands on the start page. */
export const ownPath = (path: string): string => (/^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/')
