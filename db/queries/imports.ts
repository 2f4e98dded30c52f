import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { accounts, imports, rejectedLines, type Import } from '../schema/cloud-accounts.ts'

export type RejectedLineRow = typeof rejectedLines.$inferSelect

/** A new import, scheduled unless the row says otherwise. */
export async function insertImport(db: Db, row: typeof imports.$inferInsert): Promise<Import> {
  const [made] = await db.insert(imports).values(row).returning()
  return made!
}

/** An import of the organization, or null. */
export async function findImport(db: Db, where: { orgId: string; id: string }): Promise<Import | null> {
  const [row] = await db
    .select()
    .from(imports)
    .where(and(eq(imports.orgId, where.orgId), eq(imports.id, where.id)))
  return row ?? null
}

/** An import with the name of its account, for a card or a page. */
export async function findImportWithAccount(
  db: Db,
  where: { orgId: string; id: string },
): Promise<(Import & { accountName: string }) | null> {
  const [row] = await db
    .select({ import: imports, accountName: accounts.name })
    .from(imports)
    .innerJoin(accounts, eq(accounts.id, imports.accountId))
    .where(and(eq(imports.orgId, where.orgId), eq(imports.id, where.id)))
  return row ? { ...row.import, accountName: row.accountName } : null
}

/** Attempts to read bills, newest first, one page; `before` is `createdAt` of the last row of the page before. */
export async function listImports(
  db: Db,
  where: { orgId: string; accountId?: string; before?: Date; limit?: number },
): Promise<Import[]> {
  return db
    .select()
    .from(imports)
    .where(
      and(
        eq(imports.orgId, where.orgId),
        where.accountId ? eq(imports.accountId, where.accountId) : undefined,
        where.before ? lt(imports.createdAt, where.before) : undefined,
      ),
    )
    .orderBy(desc(imports.createdAt))
    .limit(where.limit ?? 20)
}

/** How many imports of the account ended well, unchanged ones left out. */
export async function countCompletedImports(db: Db, where: { orgId: string; accountId: string }): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(imports)
    .where(and(eq(imports.orgId, where.orgId), eq(imports.accountId, where.accountId), eq(imports.state, 'completed')))
  return row!.count
}

/** Changes columns; nothing happens when the import is gone. */
export async function updateImport(
  db: Db,
  where: { orgId: string; id: string; set: Partial<typeof imports.$inferInsert> },
): Promise<void> {
  await db
    .update(imports)
    .set(where.set)
    .where(and(eq(imports.orgId, where.orgId), eq(imports.id, where.id)))
}

/** Puts the lines an import set aside in place of those it had; of two that go by one number the first is kept. */
export async function replaceRejectedLines(db: Db, importId: string, rows: Omit<RejectedLineRow, 'importId'>[]) {
  await db.delete(rejectedLines).where(eq(rejectedLines.importId, importId))
  if (!rows.length) return
  const values = rows.map((row) => ({ ...row, importId }))
  // Parts of a bill may share a name: a good bill shall not fail for what is told about its bad lines.
  await db.insert(rejectedLines).values(values).onConflictDoNothing()
}

/** Lines of a bill that were set aside, in file order. */
export async function listRejectedLines(
  db: Db,
  where: { orgId: string; importId: string; limit?: number },
): Promise<RejectedLineRow[]> {
  const rows = await db
    .select({ line: rejectedLines })
    .from(rejectedLines)
    .innerJoin(imports, eq(imports.id, rejectedLines.importId))
    .where(and(eq(imports.orgId, where.orgId), eq(rejectedLines.importId, where.importId)))
    .orderBy(asc(rejectedLines.file), asc(rejectedLines.line))
    .limit(where.limit ?? 100)
  return rows.map((row) => row.line)
}

/**
 * Imports that say they run but have not moved since `before` were cut off, and those that only waited for their turn since
 * `unstartedBefore` are lost; they end as failed. Returns them.
 */
export async function setCutOffImportsFailed(
  db: Db,
  where: { before: Date; unstartedBefore: Date; now: Date; reason: string },
): Promise<(Import & { accountName: string })[]> {
  return db
    .update(imports)
    .set({ state: 'failed', reason: where.reason, finishedAt: where.now, updatedAt: where.now })
    .from(accounts)
    .where(
      and(
        eq(accounts.id, imports.accountId),
        inArray(imports.state, ['scheduled', 'running']),
        lt(imports.updatedAt, where.before),
        or(isNotNull(imports.startedAt), lt(imports.updatedAt, where.unstartedBefore)),
      ),
    )
    .returning({ ...getTableColumns(imports), accountName: accounts.name })
}

/** Imports of an account that are not over yet. */
export async function listOpenImports(db: Db, where: { orgId: string; accountId: string }): Promise<Import[]> {
  const open = inArray(imports.state, ['scheduled', 'running'])
  return db
    .select()
    .from(imports)
    .where(and(eq(imports.orgId, where.orgId), eq(imports.accountId, where.accountId), open))
}

/** Ids of imports that are not over yet: their spooled files are still needed. */
export async function listOpenImportIds(db: Db): Promise<string[]> {
  const rows = await db
    .select({ id: imports.id })
    .from(imports)
    .where(inArray(imports.state, ['scheduled', 'running']))
  return rows.map((row) => row.id)
}
