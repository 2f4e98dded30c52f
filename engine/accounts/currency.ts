import { randomUUID } from 'node:crypto'
import { getOrganization } from '../../db/queries/organizations.ts'
import type { Cloud } from '../../db/vocabulary.ts'
import { CurrencyError } from '../../integrations/bill.ts'
import type { BillSettings, BillSource, Credentials } from '../../integrations/cloud.ts'
import type { Context } from '../context.ts'
import { invalid, type AppError } from '../errors.ts'
import { dropSpool, spoolFolder } from '../ingest/spool.ts'

/** A bigger file is not fetched while somebody waits before a form; the first import reads it anyway. */
const mostBytes = 20 * 1024 * 1024

/** A cloud that takes longer is left to the first import. */
const patience = 15_000

/** Costs in two currencies cannot be added up, and nothing is converted. */
export const otherCurrency = (found: string, wanted: string): AppError =>
  invalid(
    `This account is billed in ${found}, the organization counts in ${wanted}, and nothing is converted. Nothing was changed.`,
    {
      field: 'bucket',
      next: `Have the cloud bill it in ${wanted}, connect it in an organization that counts in ${found}, or leave its bill out to read its inventory only.`,
    },
  )

type Asked = { cloud: Cloud; credentials: Credentials; settings: BillSettings; patienceMs?: number }

/**
 * Looks at the smallest file of the newest bill that the settings name: Invalid when it is in another currency than the
 * organization counts in. What cannot be looked at (no bill yet, a big file, one that cannot be read, a silent cloud) says nothing: the first import will.
 */
export async function refuseCurrency(
  ctx: Context,
  { cloud, credentials, settings, patienceMs = patience }: Asked,
): Promise<void> {
  const source = ctx.outside.clouds[cloud]?.bill
  if (!source || !settings['bucket']) return
  const { currency } = await getOrganization(ctx.db, ctx.orgId)
  const looked = look(ctx, { source, credentials, settings, currency }).catch((error: unknown) => {
    if (error instanceof CurrencyError) return error.found
    ctx.log.info({ err: error, cloud }, 'a bill could not be looked at before it is imported')
    return null
  })
  const other = await atMost(patienceMs, looked)
  if (other) throw otherCurrency(other, currency)
}

/** Null when it takes longer. */
async function atMost<T>(ms: number, asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<null>((resolve) => (timer = setTimeout(resolve, ms, null)))
  return Promise.race([asked, over]).finally(() => clearTimeout(timer))
}

type Look = { source: BillSource; credentials: Credentials; settings: BillSettings; currency: string }

/** Reads the file as an import would and keeps nothing of it. Throws `CurrencyError` when it is in another currency. */
async function look(ctx: Context, { source, credentials, settings, currency }: Look): Promise<null> {
  const newest = (await source.find(credentials, settings)).find(({ flaw }) => !flaw)
  const [file] = (newest?.files ?? []).toSorted((one, other) => one.size - other.size)
  if (!file || file.size === 0 || file.size > mostBytes) return null
  const id = randomUUID()
  const folder = await spoolFolder(ctx, id)
  try {
    const path = await source.download(credentials, settings, { ...file, folder })
    const bill = await ctx.outside.readBill({ files: [path], folder: `${folder}/look`, currency, progress: () => {} })
    await bill.close()
    return null
  } finally {
    await dropSpool(ctx, id)
  }
}
