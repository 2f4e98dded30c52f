/** The AWS stand-in with a customer's account and the installation's own, and the adapter that speaks to it. */
import { afterAll } from 'vitest'
import { awsAdapter } from '../integrations/aws/adapter.ts'
import { startAws } from '../integrations/sandbox/aws.ts'
import { emptyAws, emptyRegion } from '../integrations/sandbox/aws-state.ts'

export const key = { accessKeyId: 'AKIASANDBOXKEY000001', secretAccessKey: 'sandbox-secret-key-0001' }
const own = { accessKeyId: 'AKIAINSTALLATION0001', secretAccessKey: 'installation-secret-key-0001' }
export const roleArn = 'arn:aws:iam::111122223333:role/megaops-finops'
export const installationArn = 'arn:aws:iam::999900001111:user/finops'

/** Starts it; it is closed after the file. `now` is its clock. */
export async function awsOutside(now: () => Date) {
  const customer = emptyAws({ regions: { 'us-east-1': emptyRegion() }, buckets: { bills: new Map() } })
  const installation = emptyAws({ accountId: '999900001111', keys: { [own.accessKeyId]: own.secretAccessKey } })
  const aws = await startAws([customer, installation], { now })
  afterAll(() => aws.close())
  return { aws, adapter: awsAdapter({ endpoint: aws.url, key: own, attempts: 1, timeoutMs: 2000, now }) }
}

/** A delivery of a legacy report below `cur/`. */
export const delivery = (name: string, month: string) =>
  [
    `cur/${name}/${month}01-20991231/${name}-Manifest.json`,
    { body: Buffer.from('{}'), lastModified: new Date('2026-11-01') },
  ] as const
