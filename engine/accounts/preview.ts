/** What there is to decide before an account is connected: gaps in its rights, and which of its reports is the bill. */
import { z } from 'zod'
import type { FoundReport, MissingPermission, ReportSetup } from '../../integrations/cloud.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { hourMs } from '../time.ts'
import { asAnswer, checkCredentials, findMissing } from './check.ts'
import { ConnectAccount, refuseTwice } from './connect.ts'
import { refuseCurrency } from './currency.ts'

export type Preview = {
  name: string
  cloudAccountId: string
  missing: MissingPermission[]
  /** To choose from. */
  reports: FoundReport[]
  /** How to have a bill written, when none was found. */
  setup: ReportSetup | null
  /** Nothing is left to decide. */
  ready: boolean
  /** Everything that was typed, sealed for the person who typed it, so that no secret goes back and forth. */
  draft: string
}

/**
 * Looks at an account without connecting it. Refuses what `connectAccount` would refuse: a bad key, an account or a name
 * that is there already, a bill in another currency.
 */
export async function previewAccount(ctx: Context, input: ConnectAccount): Promise<Preview> {
  const asked = ConnectAccount.parse(input)
  const { cloud, name, settings, billOrigin } = asked
  await assertCan(ctx, 'manage_accounts')
  const { credentials, identity } = await checkCredentials(ctx, asked)
  const { cloudAccountId } = identity
  await refuseTwice(ctx, { cloud, name, cloudAccountId })
  const adapter = ctx.outside.clouds[cloud]!
  const missing = await findMissing(ctx, { cloud, credentials, settings })
  const open = billOrigin === 'own' && adapter.bill?.findReports && !(settings['bucket'] && settings['report'])
  const denied = settings['bucket'] && missing.some(({ permission }) => permission === 's3:ListBucket')
  const reports =
    open && !denied ? await adapter.bill!.findReports!(credentials, settings).catch(asAnswer(adapter, credentials)) : []
  const [only, ...others] = reports
  const clear = only !== undefined && others.length === 0 && settings['bucket'] && !only.flaws
  const chosen = clear ? { ...asked, settings: { ...settings, ...only.settings } } : asked
  if (billOrigin === 'own') await refuseCurrency(ctx, { cloud, credentials, settings: chosen.settings })
  const setup = open && !only ? (adapter.bill?.setup?.({ cloudAccountId, settings }) ?? null) : null
  return {
    ...{ name, cloudAccountId, missing, reports: clear ? [] : reports, setup },
    ready: missing.length === 0 && (clear || reports.length === 0) && setup === null,
    draft: sealDraft(ctx, chosen),
  }
}

const placeOf = ({ orgId, actor }: Context) => `${orgId}/drafts/${actor.personId}`

const sealDraft = (ctx: Context, asked: ConnectAccount) =>
  ctx.secrets.seal(JSON.stringify({ asked, at: ctx.now().toISOString() }), placeOf(ctx))

/** What was typed before, for an hour and for the same person; Invalid when it is neither. */
export function openDraft(ctx: Context, draft: string): ConnectAccount {
  const Draft = z.object({ asked: ConnectAccount, at: z.coerce.date() })
  try {
    const { asked, at } = Draft.parse(JSON.parse(ctx.secrets.open(draft, placeOf(ctx))))
    if (ctx.now().getTime() - at.getTime() < hourMs) return asked
  } catch {
    // Altered, or of somebody else: the same sentence as for one that is too old.
  }
  throw invalid('What you typed is no longer kept. Nothing was connected.', { next: 'Fill in the form again.' })
}
