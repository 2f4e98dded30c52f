/** What people hear about an import, and what the account says about its bill. */
import { countCompletedImports, findImport, updateImport } from '../../db/queries/imports.ts'
import { listManagers } from '../../db/queries/organizations.ts'
import type { Account, Import } from '../../db/schema/cloud-accounts.ts'
import { noteResults } from '../accounts/health.ts'
import type { Problem } from '../accounts/problems.ts'
import { inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import { checkSoon } from '../recommendations/force-check.ts'
import { dayOf } from '../time.ts'

const subjectOf = (row: Import) => ({ kind: 'import', id: row.id }) as const

/** Who follows an import: the person who asked, else the organization managers. */
async function followers(ctx: Context, row: Import): Promise<string[]> {
  if (row.personId) return [row.personId]
  return (await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })).map((person) => person.id)
}

/** Posts the living card of an import. */
export async function announceImport(ctx: Context, { row }: { account: Account; row: Import }): Promise<void> {
  await notify(ctx, {
    kind: 'import-progress',
    key: `import-progress ${row.id}`,
    personIds: await followers(ctx, row),
    subject: subjectOf(row),
    facts: { importId: row.id },
  })
}

type Outcome = {
  account: Pick<Account, 'id' | 'name'>
  row: Import
  state: 'completed' | 'unchanged' | 'failed'
  reason?: string
}

/**
 * Ends an import: a completed one was closed with its figures already; an unchanged or failed one is closed here. A
 * failure and lines that were set aside are reported once. An account's first data is checked for savings at once.
 */
export async function finishImport(ctx: Context, { account, row, state, reason }: Outcome): Promise<void> {
  // jobs may
  const { orgId } = ctx
  await inTransaction(ctx, async (ctx) => {
    if (state !== 'completed') {
      const set = { state, step: 'done', reason: reason ?? null, finishedAt: ctx.now(), updatedAt: ctx.now() }
      await updateImport(ctx.db, { orgId, id: row.id, set })
      await record(ctx, `import.${state === 'failed' ? 'failed' : 'skipped'}`, {
        subject: subjectOf(row),
        after: { account: account.name, state, ...(reason ? { reason } : {}) },
      })
    }
    if (state === 'completed' && (await countCompletedImports(ctx.db, { orgId, accountId: account.id })) === 1)
      await checkSoon(ctx)
    const after = await findImport(ctx.db, { orgId, id: row.id })
    if (state !== 'failed' && !after?.quarantined) return
    await notify(ctx, {
      kind: 'import-report',
      key: reportKey(ctx, { account, row, ...(reason ? { reason } : {}) }),
      personIds: await followers(ctx, row),
      subject: subjectOf(row),
      facts: { importId: row.id },
    })
  })
}

/** What a bucket says again and again, because nobody mended it yet, is told once a day. */
const reportKey = (ctx: Context, { account, row, reason }: Omit<Outcome, 'state'>): string =>
  row.source === 'bucket' && !row.personId && reason
    ? `import-report ${account.id} ${dayOf(ctx.now())} ${reason}`
    : `import-report ${row.id}`

/**
 * Notes on the account how reading its bill went. A bad file a person sent says nothing about an account that has a
 * bucket; without one it is all there is.
 */
export async function noteBill(
  ctx: Context,
  { account, row, problem }: { account: Account; row: Import | null; problem: Problem | null },
): Promise<void> {
  const ofBucket = account.credentials !== null
  const isUpload = row?.source === 'upload'
  if (isUpload && ofBucket && problem) return
  // What was uploaded says nothing about the bucket, yet a first bill is there now: the health is settled anew.
  const results = isUpload && ofBucket ? [] : [{ part: 'bill', region: '', problem }]
  await noteResults(ctx, { accountId: account.id, results })
}
