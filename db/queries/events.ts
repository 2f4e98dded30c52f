import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { events, type Event } from '../schema/events.ts'
import type { SubjectKind } from '../vocabulary.ts'

/** Writes one row of the audit trail; only `record` calls it. */
export async function insertEvent(db: Db, row: typeof events.$inferInsert): Promise<void> {
  await db.insert(events).values(row)
}

/** The audit trail, newest first, one page; `before` is the id of the last row of the page before. */
export async function listEvents(
  db: Db,
  where: {
    orgId: string
    subject?: { kind: SubjectKind; id: string }
    personId?: string
    names?: string[]
    before?: number
    limit?: number
  },
): Promise<Event[]> {
  const { subject } = where
  return db
    .select()
    .from(events)
    .where(
      and(
        eq(events.orgId, where.orgId),
        subject ? and(eq(events.subjectKind, subject.kind), eq(events.subjectId, subject.id)) : undefined,
        where.personId ? eq(events.personId, where.personId) : undefined,
        where.names ? inArray(events.name, where.names) : undefined,
        where.before ? lt(events.id, where.before) : undefined,
      ),
    )
    .orderBy(desc(events.id))
    .limit(where.limit ?? 50)
}
