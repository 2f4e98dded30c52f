/** The list a person is choosing: kept in the database, so that a closed dialog or a dead process loses nothing. */
import { deleteChosen, findChoosing, upsertChosen } from '../../db/queries/clean-ups.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { forbidden, overLimit } from '../errors.ts'
import { getFinding } from '../recommendations/dismiss.ts'

/** A list people can still read. */
export const mostChosen = 500

/** Findings on the person's list, in the order they were chosen; none for a job. */
export async function readChosen(ctx: Context): Promise<string[]> {
  const { personId } = ctx.actor
  if (!personId) return []
  return (await findChoosing(ctx.db, { orgId: ctx.orgId, personId }))?.chosen ?? []
}

/** Puts a finding on the person's list; twice is once. Nothing happens to the resource, so there is no event. */
export async function chooseFinding(ctx: Context, { findingId }: { findingId: string }): Promise<void> {
  const finding = await getFinding(ctx, findingId)
  await assertCan(ctx, 'get_scripts', finding)
  if ((await readChosen(ctx)).length >= mostChosen)
    throw overLimit(`A list holds ${mostChosen} findings. Nothing was changed.`, { next: 'Get its scripts first.' })
  await upsertChosen(ctx.db, { orgId: ctx.orgId, personId: person(ctx), findingId, at: ctx.now() })
}

/** Takes a finding off the person's list, or all of them. */
export async function unchooseFindings(ctx: Context, { findingId }: { findingId?: string } = {}): Promise<void> {
  await deleteChosen(ctx.db, { orgId: ctx.orgId, personId: person(ctx), ...(findingId ? { findingId } : {}) })
}

/** The person who acts; only people clean up. */
export function person(ctx: Context): string {
  if (ctx.actor.personId) return ctx.actor.personId
  throw forbidden('Only a person can clean up. Nothing was changed.')
}
