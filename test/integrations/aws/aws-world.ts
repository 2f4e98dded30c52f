/** The AWS stand-in with a clock, and the adapter that speaks to it through the real SDK clients. */
import { afterAll } from 'vitest'
import { awsAdapter } from '../../../integrations/aws/adapter.ts'
import { startAws, type AwsSandbox } from '../../../integrations/sandbox/aws.ts'
import { emptyAws, type SandboxAws } from '../../../integrations/sandbox/aws-state.ts'

export const credentials = { accessKeyId: 'AKIASANDBOXKEY000001', secretAccessKey: 'sandbox-secret-key-0001' }

/** Starts a stand-in that is closed after the file. Refusals are tried again at once a few times; answers may take 2 s. */
export async function awsWorld(state: Partial<SandboxAws> = {}, now = () => new Date('2026-11-23T10:00:00Z')) {
  const aws: AwsSandbox = await startAws(emptyAws(state), { now })
  afterAll(() => aws.close())
  return { aws, adapter: awsAdapter({ endpoint: aws.url, attempts: 3, timeoutMs: 2000, now }) }
}

/** Everything an async iterable yields. */
export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const each of source) found.push(each)
  return found
}
