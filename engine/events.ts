import { insertEvent } from '../db/queries/events.ts'
import type { SubjectKind } from '../db/vocabulary.ts'
import { enqueue, type Context } from './context.ts'

export type Subject = { kind: SubjectKind; id: string }
export type Change = { before?: Record<string, unknown>; after?: Record<string, unknown> }

const secretNames = /secret|password|token|credential|key$/i

/**
 * Writes the audit row of a change, in the caller's transaction, and queues the redraw of every posted copy of the subject.
 * `name` is subject.past-tense. Secrets are stripped by name.
 */
export async function record(
  ctx: Context,
  name: string,
  { subject, before, after }: { subject: Subject } & Change,
): Promise<void> {
  const { actor } = ctx
  await insertEvent(ctx.db, {
    orgId: ctx.orgId,
    at: ctx.now(),
    name,
    subjectKind: subject.kind,
    subjectId: subject.id,
    personId: actor.personId,
    door: actor.door,
    job: actor.personId === null ? actor.job : null,
    before: before ? stripSecrets(before) : null,
    after: after ? stripSecrets(after) : null,
  })
  await redrawCopies(ctx, subject)
}

/** Queues the redraw of every posted copy of the subject, for what changed without an event; equal requests join while one waits. */
export const redrawCopies = (ctx: Context, subject: Subject): Promise<void> =>
  enqueue(ctx, 'redraw-copies', { orgId: ctx.orgId, ...subject, key: `${ctx.orgId} ${subject.kind} ${subject.id}` })

function stripSecrets(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, secretNames.test(name) ? '•••' : value]),
  )
}
