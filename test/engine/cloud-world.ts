/** A world connected to the AWS stand-in: the real adapter, the real SDK clients, a server of our own. */
import { eq } from 'drizzle-orm'
import { afterAll } from 'vitest'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { resources, type Resource } from '../../db/schema/resources.ts'
import { sealCredentials } from '../../engine/accounts/credentials.ts'
import { awsAdapter } from '../../integrations/aws/adapter.ts'
import { billReader } from '../../integrations/bills/read-bill.ts'
import { startAws, type AwsSandbox } from '../../integrations/sandbox/aws.ts'
import { emptyAws, type SandboxAws } from '../../integrations/sandbox/aws-state.ts'
import { world, type World } from '../world.ts'

export const key = { accessKeyId: 'AKIASANDBOXKEY000001', secretAccessKey: 'sandbox-secret-key-0001' }

/** The installation's own key, with which it takes roles, and a role tests may let it take. */
const own = { accessKeyId: 'AKIAINSTALLATION0001', secretAccessKey: 'installation-secret-key-0001' }
export const roleArn = 'arn:aws:iam::111122223333:role/megaops-finops'

export type CloudWorld = World & {
  aws: AwsSandbox
  /** An AWS account of the organization whose key opens the stand-in. */
  connected: (more?: Partial<Account>) => Promise<Account>
  /** The resources of an account by their cloud id. */
  inventory: (account: Account) => Promise<Record<string, Resource>>
}

/** The stand-in follows the world's clock. */
export async function cloudWorld(state: Partial<SandboxAws> = {}): Promise<CloudWorld> {
  let now = () => new Date()
  const installation = emptyAws({ accountId: '999900001111', keys: { [own.accessKeyId]: own.secretAccessKey } })
  const aws = await startAws([emptyAws(state), installation], { now: () => now() })
  afterAll(() => aws.close())
  const adapter = awsAdapter({ endpoint: aws.url, key: own, attempts: 2, timeoutMs: 2000, now: () => now() })
  const w = await world({ outside: { clouds: { aws: adapter }, readBill: billReader() } })
  now = w.clock.now
  return {
    ...w,
    aws,
    async connected(more = {}) {
      const account = await w.account('aws', more)
      const credentials = sealCredentials(w.deps, account, key)
      await w.database.sql`update accounts set credentials = ${credentials} where id = ${account.id}`
      return { ...account, credentials }
    },
    async inventory(account) {
      const rows = await w.deps.db.select().from(resources).where(eq(resources.accountId, account.id))
      return Object.fromEntries(rows.map((row) => [row.cloudResourceId, row]))
    },
  }
}
