/** STS of the stand-in: who a key belongs to, and sessions of roles that check principal and external id. */
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws } from './aws-state.ts'
import { xml, type XmlValue } from './aws-xml.ts'

type Of = { states: readonly SandboxAws[]; state: SandboxAws; request: AwsRequest; now: Date }

/** Answers one STS call of the account `state`, whose key signed it. */
export function answerSts(of: Of): AwsReply {
  const { action } = of.request
  const calls: Record<string, (of: Of) => XmlValue> = { GetCallerIdentity: identity, AssumeRole: assumeRole }
  const result = calls[action]?.(of)
  if (!result) throw new AwsFault(400, 'InvalidAction', `No action ${action}.`)
  const body = xml(`${action}Response`, { [`${action}Result`]: result, ResponseMetadata: { RequestId: 'sandbox' } })
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}

const arnOf = ({ accountId }: SandboxAws) => `arn:aws:iam::${accountId}:user/finops`

function identity({ state, request }: Of): XmlValue {
  const session = state.sessions?.[request.accessKeyId]
  const role = session?.roleArn.split('/').at(-1) ?? ''
  const Arn = session ? `arn:aws:sts::${state.accountId}:assumed-role/${role}/megaops-finops` : arnOf(state)
  return { Arn, UserId: session ? 'AROASANDBOX:megaops-finops' : 'AIDASANDBOX', Account: state.accountId }
}

/** AWS does not say whether the role, the principal or the external id is wrong; neither do we. */
function assumeRole({ states, state, request: { form }, now }: Of): XmlValue {
  const [roleArn, seconds] = [form.get('RoleArn') ?? '', Number(form.get('DurationSeconds') ?? 3600)]
  const target = states.find(({ roles }) => roles && roleArn in roles)
  const role = target?.roles?.[roleArn]
  const trusts = role?.externalId === null || role?.externalId === form.get('ExternalId')
  if (!target || role?.principal !== arnOf(state) || !trusts)
    throw new AwsFault(
      403,
      'AccessDenied',
      `User: ${arnOf(state)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    )
  if (seconds > 3600)
    throw new AwsFault(
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  const sessions = (target.sessions ??= {})
  const n = String(Object.keys(sessions).length + 1).padStart(4, '0')
  const session = { secret: `session-secret-of-role-${n}`, token: `session-token-${n}`, roleArn }
  const expires = new Date(now.getTime() + seconds * 1000)
  sessions[`ASIASANDBOX0000${n}`] = { ...session, expires }
  return {
    AssumedRoleUser: { Arn: `${roleArn}/megaops-finops`, AssumedRoleId: 'AROASANDBOX:megaops-finops' },
    Credentials: {
      ...{ AccessKeyId: `ASIASANDBOX0000${n}`, SecretAccessKey: session.secret },
      ...{ SessionToken: session.token, Expiration: expires },
    },
  }
}
