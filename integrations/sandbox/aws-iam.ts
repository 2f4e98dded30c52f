/** IAM of the stand-in: the Query protocol, pages by Marker and IsTruncated. Shapes: the IAM API reference. */
import { pageOf } from './aws-page.ts'
import { queryReply } from './aws-query.ts'
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws, SandboxUser } from './aws-state.ts'
import type { XmlValue } from './aws-xml.ts'

/** Answers one IAM call; IAM is signed for us-east-1 whatever region one works in. */
export function answerIam(state: SandboxAws, { action, form, region }: AwsRequest): AwsReply {
  if (region !== 'us-east-1')
    throw new AwsFault(403, 'SignatureDoesNotMatch', 'Credential should be scoped to us-east-1.')
  const answer = calls[action]?.(state, form)
  if (answer === undefined) throw new AwsFault(400, 'InvalidAction', `No action ${action}.`)
  return queryReply(action, answer)
}

const calls: Record<string, (state: SandboxAws, form: URLSearchParams) => XmlValue> = {
  ListUsers: (state, form) => {
    const size = Number(form.get('MaxItems') ?? 100)
    const { items, next } = pageOf(state.users, { state, size, token: form.get('Marker') })
    const users = items.map((user) => ({
      Path: '/',
      UserName: user.name,
      UserId: user.id,
      Arn: `arn:aws:iam::${state.accountId}:user/${user.name}`,
      CreateDate: user.createdAt,
      PasswordLastUsed: user.passwordUsedAt,
    }))
    return { Users: { 'member[]': users }, IsTruncated: next !== null, Marker: next }
  },
  GetLoginProfile: (state, form) => {
    const user = userOf(state, form)
    if (!user.hasConsole) throw absent(`Login Profile for User ${user.name} cannot be found.`)
    return { LoginProfile: { UserName: user.name, CreateDate: user.createdAt, PasswordResetRequired: false } }
  },
  ListAccessKeys: (state, form) => {
    const user = userOf(state, form)
    const { items, next } = pageOf(user.keys ?? [], { state, size: 100, token: form.get('Marker') })
    const keys = items.map((key) => ({
      UserName: user.name,
      AccessKeyId: key.id,
      Status: key.active ? 'Active' : 'Inactive',
      CreateDate: user.createdAt,
    }))
    return { AccessKeyMetadata: { 'member[]': keys }, IsTruncated: next !== null, Marker: next }
  },
  GetAccessKeyLastUsed: (state, form) => {
    const id = form.get('AccessKeyId')
    const owner = state.users.find((user) => user.keys?.some((key) => key.id === id))
    const key = owner?.keys?.find((each) => each.id === id)
    if (!owner || !key) throw absent(`The Access Key with id ${id} cannot be found.`)
    const used = key.usedAt
      ? { LastUsedDate: key.usedAt, ServiceName: 's3', Region: 'us-east-1' }
      : { ServiceName: 'N/A', Region: 'N/A' }
    return { UserName: owner.name, AccessKeyLastUsed: used }
  },
}

function userOf(state: SandboxAws, form: URLSearchParams): SandboxUser {
  const name = form.get('UserName')
  const user = state.users.find((each) => each.name === name)
  if (!user) throw absent(`The user with name ${name} cannot be found.`)
  return user
}

const absent = (message: string) => new AwsFault(404, 'NoSuchEntity', message)
