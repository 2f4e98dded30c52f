import {
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  IAMClient,
  paginateListAccessKeys,
  paginateListUsers,
  type AccessKeyMetadata,
  type User,
} from '@aws-sdk/client-iam'
import type { InventoryRole, SeenItem } from '../cloud.ts'
import { awsConfig, callIfThere, pages, type AwsOptions } from './client.ts'

/** IAM throttles early. */
const usersAtOnce = 4

/** Every IAM user with their console access and access keys; IAM is one for all regions. */
export const readUsers = (options: AwsOptions): InventoryRole => ({
  global: true,
  async *read(credentials) {
    const client = new IAMClient(awsConfig(options, { service: 'iam', credentials }))
    for await (const page of pages('iam:ListUsers', paginateListUsers({ client, pageSize: 200 }, {})))
      for (let from = 0; from < (page.Users?.length ?? 0); from += usersAtOnce)
        yield* await Promise.all(page.Users!.slice(from, from + usersAtOnce).map((user) => readUser(client, user)))
  },
})

async function readUser(client: IAMClient, user: User): Promise<SeenItem> {
  const { UserName = '' } = user
  const console = await callIfThere({ action: 'iam:GetLoginProfile', absent: gone }, () =>
    client.send(new GetLoginProfileCommand({ UserName })),
  )
  const keys: AccessKeyMetadata[] = []
  for await (const page of pages('iam:ListAccessKeys', paginateListAccessKeys({ client }, { UserName })))
    keys.push(...(page.AccessKeyMetadata ?? []))
  const used = await Promise.all(keys.map((key) => lastUseOf(client, key)))
  return toUser(user, { hasConsole: console !== null, keys: keys.map((key, n) => toKey(key, used[n] ?? null)) })
}

const gone = ['NoSuchEntity', 'NoSuchEntityException']

async function lastUseOf(client: IAMClient, { AccessKeyId }: AccessKeyMetadata): Promise<Date | null> {
  const answer = await callIfThere({ action: 'iam:GetAccessKeyLastUsed', absent: gone }, () =>
    client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId })),
  )
  return answer?.AccessKeyLastUsed?.LastUsedDate ?? null
}

const seconds = (at: Date | null | undefined) => (at ? Math.floor(at.getTime() / 1000) : null)

const toKey = ({ AccessKeyId: id, Status }: AccessKeyMetadata, lastUsed: Date | null) => ({
  id,
  active: Status === 'Active',
  lastUsedAt: seconds(lastUsed),
})

type Access = { hasConsole: boolean; keys: ReturnType<typeof toKey>[] }

/** A user by the id that is never given twice; a name may be. */
export function toUser(user: User, { hasConsole, keys }: Access): SeenItem {
  const { UserId: id = '', UserName: name = id } = user
  return {
    cloudId: id,
    kind: 'user',
    name,
    region: '',
    tags: {},
    facts: { hasConsole, passwordLastUsedAt: seconds(user.PasswordLastUsed), keys },
    cloudCreatedAt: user.CreateDate ?? null,
  }
}
