import { z } from 'zod'
import { getOrganization } from '../../db/queries/organizations.ts'
import type { Cloud } from '../../db/vocabulary.ts'
import { CloudError, type AccountIdentity, type Credentials } from '../../integrations/cloud.ts'
import type { Context } from '../context.ts'
import { invalid, upstream } from '../errors.ts'

/**
 * Asks a cloud whose credentials these are. Returns them as its adapter reads them, with the account's identity. Invalid
 * with the field when they do not fit the form or the cloud refuses them, Upstream when the cloud does not answer.
 */
export async function checkCredentials(
  ctx: Context,
  { cloud, credentials }: { cloud: Cloud; credentials: Credentials },
): Promise<{ credentials: Credentials; identity: AccountIdentity }> {
  const adapter = ctx.outside.clouds[cloud]
  if (!adapter?.check)
    throw invalid(`This installation cannot ask ${cloud} by itself. Nothing was changed.`, {
      next: 'Connect it without a key and upload its bill.',
    })
  const parsed = adapter.credentials.safeParse(credentials)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw invalid(`${issue?.message ?? z.prettifyError(parsed.error)} Nothing was changed.`, {
      field: String(issue?.path[0] ?? 'credentials'),
    })
  }
  const fitting = parsed.data as Credentials
  const identity = await adapter.check(fitting).catch(asAnswer(adapter.title))
  const { currency } = await getOrganization(ctx.db, ctx.orgId)
  if (identity.currency && identity.currency !== currency)
    throw invalid(
      `This account is billed in ${identity.currency}, the organization counts in ${currency}. Nothing was changed.`,
    )
  return { credentials: fitting, identity }
}

const asAnswer = (title: string) => (error: unknown) => {
  if (!(error instanceof CloudError)) throw error
  const message = `${error.message} Nothing was changed.`
  if (error.kind === 'bad_credentials')
    throw invalid(message, { field: 'credentials', next: 'Check that the key was copied whole and is active.' })
  if (error.kind === 'missing_permission')
    throw invalid(message, { field: 'credentials', next: 'Give the key the policy shown beside the form.' })
  throw upstream(message, { next: `Try again in a minute; ${title} did not answer.` })
}
