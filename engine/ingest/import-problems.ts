/** Why an import failed, in words of its account. */
import { ControlTotalError } from '../../db/queries/expense-store.ts'
import type { Import } from '../../db/schema/cloud-accounts.ts'
import { BillError } from '../../integrations/bill.ts'
import { CloudError } from '../../integrations/cloud.ts'
import type { Problem } from '../accounts/problems.ts'
import type { Context } from '../context.ts'
import { postgresError } from '../errors.ts'
import { isLost } from '../reach.ts'
import { hourMs } from '../time.ts'
import { isSpoolFull } from './spool.ts'

const diskFull = '53100'
const noSpace =
  'The database has no disk space left, so nothing of this bill was kept. Free space on its disk, then import the bill again.'
const noSpool =
  'The disk of the spool folder (spool in DATA_DIR) is full, so nothing of this bill was kept. Earlier figures are unchanged. Free space on that disk, then import the bill again.'

/** Which disk is full, in words; null when none is. The database says of its own disk what the system says of ours. */
export function sayFullDisk(error: unknown): string | null {
  const ofDatabase = postgresError(error)
  if (ofDatabase) return ofDatabase.code === diskFull ? noSpace : null
  return isSpoolFull(error) ? noSpool : null
}

const ourFault =
  'This bill could not be read because of a fault of ours; it is in the log. It is tried again every hour.'

/** What nobody can explain, once a bill of a bucket has not been read for an hour because of it: the other periods wait behind it. */
export function faultOf(
  ctx: Context,
  { row, signal, error }: { row: Import; signal: AbortSignal | undefined; error: unknown },
): Problem | null {
  const isYoung = ctx.now().getTime() - row.createdAt.getTime() <= hourMs
  if (row.source !== 'bucket' || isYoung || signal?.aborted || isLost(error)) return null
  ctx.log.error({ err: error, importId: row.id }, 'a bill could not be read')
  return { kind: 'bad_bill', message: ourFault }
}

/** What a bill or a cloud said is wrong; null when it was neither. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof BillError || error instanceof ControlTotalError)
    return { kind: 'bad_bill', message: error.message }
  if (error instanceof CloudError) return { kind: error.kind, message: error.message }
  return null
}
