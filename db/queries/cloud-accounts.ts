import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { accounts, billScopes, type Account, type BillScope } from '../schema/cloud-accounts.ts'

const alive = isNull(accounts.deletedAt)

/** The connected accounts of the organization, by name; removed ones only when asked for. */
export async function listAccounts(db: Db, where: { orgId: string; removed?: boolean }): Promise<Account[]> {
  return db
    .select()
    .from(accounts)
    .where(and(eq(accounts.orgId, where.orgId), where.removed ? undefined : alive))
    .orderBy(asc(accounts.name))
}

/** An account that is connected; null for one that was disconnected. */
export async function findAccount(db: Db, where: { orgId: string; id: string }): Promise<Account | null> {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.orgId, where.orgId), eq(accounts.id, where.id), alive))
  return row ?? null
}

/** The account, or throws. */
export async function getAccount(db: Db, where: { orgId: string; id: string }): Promise<Account> {
  const row = await findAccount(db, where)
  if (!row) throw new Error('No such account')
  return row
}

/** The account, locked until the transaction ends: decisions about its health follow each other. */
export async function lockAccount(db: Db, where: { orgId: string; id: string }): Promise<Account | null> {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.orgId, where.orgId), eq(accounts.id, where.id), alive))
    .for('update')
  return row ?? null
}

/** A connected account by the cloud's own number, or null. */
export async function findAccountByCloudId(
  db: Db,
  where: { orgId: string; cloud: Account['cloud']; cloudAccountId: string },
): Promise<Account | null> {
  const { orgId, cloud, cloudAccountId } = where
  const [row] = await db
    .select()
    .from(accounts)
    .where(
      and(eq(accounts.orgId, orgId), eq(accounts.cloud, cloud), eq(accounts.cloudAccountId, cloudAccountId), alive),
    )
  return row ?? null
}

/** Throws SQL state 23505 when the account is connected already. */
export async function insertAccount(db: Db, row: typeof accounts.$inferInsert): Promise<Account> {
  const [made] = await db.insert(accounts).values(row).returning()
  return made!
}

/** Changes columns, whether the account is still connected or not. */
export async function updateAccount(
  db: Db,
  where: { orgId: string; id: string; set: Partial<typeof accounts.$inferInsert> },
): Promise<void> {
  await db
    .update(accounts)
    .set(where.set)
    .where(and(eq(accounts.orgId, where.orgId), eq(accounts.id, where.id)))
}

/**
 * Accounts of every organization whose bill should be looked for: it has one, neither it nor importing is paused, and
 * the last attempt is older than the account's import period.
 */
export async function listAccountsDueForImport(
  db: Db,
  where: { now: Date; clouds: Account['cloud'][] },
): Promise<Pick<Account, 'id' | 'orgId'>[]> {
  if (where.clouds.length === 0) return []
  return db
    .select({ id: accounts.id, orgId: accounts.orgId })
    .from(accounts)
    .where(
      and(
        alive,
        accounts.autoImport,
        isNull(accounts.pausedAt),
        eq(accounts.billOrigin, 'own'),
        inArray(accounts.cloud, where.clouds),
        sql`${accounts.credentials} is not null`,
        sql`coalesce(${accounts.lastImportAttemptAt}, '-infinity')
          <= ${where.now.toISOString()}::timestamptz - make_interval(hours => ${accounts.importPeriodHours})`,
      ),
    )
    .orderBy(asc(accounts.id))
}

/** Accounts of every organization in these clouds that have credentials and are not paused. */
export async function listConnectedAccounts(
  db: Db,
  where: { clouds: Account['cloud'][] },
): Promise<Pick<Account, 'id' | 'orgId'>[]> {
  if (where.clouds.length === 0) return []
  return db
    .select({ id: accounts.id, orgId: accounts.orgId })
    .from(accounts)
    .where(
      and(alive, inArray(accounts.cloud, where.clouds), isNotNull(accounts.credentials), isNull(accounts.pausedAt)),
    )
    .orderBy(asc(accounts.id))
}

/** The billing periods that are visible of an account, newest first. */
export async function listBillScopes(db: Db, where: { orgId: string; accountId: string }): Promise<BillScope[]> {
  return db
    .select()
    .from(billScopes)
    .where(and(eq(billScopes.orgId, where.orgId), eq(billScopes.accountId, where.accountId)))
    .orderBy(sql`${billScopes.period} desc`)
}
