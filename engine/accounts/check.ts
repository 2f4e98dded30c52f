import { z } from 'zod'
import { getOrganization } from '../../db/queries/organizations.ts'
import type { Cloud } from '../../db/vocabulary.ts'
import {
  CloudError,
  formsOf,
  type AccountIdentity,
  type BillSettings,
  type CloudAdapter,
  type Credentials,
  type MissingPermission,
} from '../../integrations/cloud.ts'
import type { Context } from '../context.ts'
import { invalid, upstream } from '../errors.ts'
import { otherCurrency } from './currency.ts'
import { externalIdOf } from './external-id.ts'
import { clockNext, deniedNext } from './problems.ts'

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
  const fitting = readCredentials(ctx, adapter, credentials)
  const identity = await adapter.check(fitting).catch(asAnswer(adapter, fitting))
  const { currency } = await getOrganization(ctx.db, ctx.orgId)
  if (identity.currency && identity.currency !== currency) throw otherCurrency(identity.currency, currency)
  return { credentials: fitting, identity }
}

/** Of several ways in, the one most of whose fields were filled in is meant. What is `given` is ours, whatever was sent. */
function readCredentials(ctx: Context, { credentials: forms }: CloudAdapter, sent: Credentials): Credentials {
  const known = (form: z.ZodObject) => Object.keys(form.shape).filter((name) => sent[name]).length
  const [form] = formsOf(forms).toSorted((one, other) => known(other) - known(one))
  const isGiven = ([, field]: [string, z.ZodType]) => field.meta()?.['given'] === true
  const given = Object.entries(form!.shape as Record<string, z.ZodType>).filter(isGiven)
  const filled = { ...sent, ...Object.fromEntries(given.map(([name]) => [name, externalIdOf(ctx)])) }
  const parsed = form!.safeParse(filled)
  if (parsed.success) return parsed.data as Credentials
  const [issue] = parsed.error.issues
  throw invalid(`${issue?.message ?? z.prettifyError(parsed.error)} Nothing was changed.`, {
    field: String(issue?.path[0] ?? 'credentials'),
  })
}

/** Asks for everything the policy holds; answers what is refused. Invalid when the bill's bucket is not there. */
export async function findMissing(
  ctx: Context,
  { cloud, credentials, settings }: { cloud: Cloud; credentials: Credentials; settings: BillSettings },
): Promise<MissingPermission[]> {
  const adapter = ctx.outside.clouds[cloud]
  if (!adapter?.probe) return []
  return adapter.probe(credentials, settings).catch(asAnswer(adapter, credentials))
}

/** Refuses a key with gaps, once; who has read them may go on. */
export function refuseMissing(missing: MissingPermission[]): void {
  if (missing.length === 0) return
  const isDenied = missing.every(({ denied }) => denied)
  throw invalid(`${sayMissing(missing)} Nothing was changed.`, {
    field: 'despite',
    next: isDenied
      ? `${deniedNext} Or say that it shall be connected all the same.`
      : 'Add what is missing to the policy and try again, or say that it shall be connected all the same.',
    facts: { missing },
  })
}

/** "2 permissions are missing: ec2:DescribeVolumes (volumes are not seen), …". */
export function sayMissing(missing: MissingPermission[]): string {
  const named = missing.map(sayOne).join(', ')
  return missing.length === 1
    ? `A permission is missing: ${named}.`
    : `${missing.length} permissions are missing: ${named}.`
}

const sayOne = ({ permission, without, denied }: MissingPermission) =>
  `${permission} (${without}${denied ? '; the cloud organization denies it, its administrator can help' : ''})`

/** What a cloud said, for a person who is connecting. */
export const asAnswer = (adapter: Pick<CloudAdapter, 'title'>, credentials: Credentials) => (error: unknown) => {
  if (!(error instanceof CloudError)) throw error
  const message = `${error.message} Nothing was changed.`
  const next = credentials['externalId']
    ? 'Make the role from one of the files offered here, or compare its trust policy with them.'
    : 'Check that the key was copied whole and is active.'
  if (error.kind === 'bad_credentials') throw invalid(message, { field: 'credentials', next })
  if (error.kind === 'bad_bill')
    throw invalid(message, { field: 'bucket', next: 'Check the name of the bucket, or leave it empty for now.' })
  if (error.kind === 'denied') throw invalid(message, { field: 'credentials', next: deniedNext })
  if (error.kind === 'missing_permission')
    throw invalid(message, { field: 'credentials', next: 'Give the key the policy shown beside the form.' })
  if (error.kind === 'wrong_clock') throw upstream(message, { next: clockNext })
  throw upstream(message, { next: `Try again in a minute; ${adapter.title} did not answer.` })
}
