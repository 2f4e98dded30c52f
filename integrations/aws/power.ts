/** Starts and stops EC2 instances. The only calls of this adapter that change anything; they need the power policy. */
import { EC2Client, StartInstancesCommand, StopInstancesCommand, type InstanceStateChange } from '@aws-sdk/client-ec2'
import { CloudError, type Credentials, type PowerRequest, type PowerResult, type PowerRoles } from '../cloud.ts'
import { asCloudError, awsConfig, type AwsOptions } from './client.ts'

/** So many instances are asked for in one call; one bad id spoils a call, so it is then asked in halves. */
const batchSize = 50

const calls = {
  'ec2:StartInstances': async (client: EC2Client, ids: string[], isTest: boolean) =>
    (await client.send(new StartInstancesCommand({ InstanceIds: ids, DryRun: isTest }))).StartingInstances ?? [],
  'ec2:StopInstances': async (client: EC2Client, ids: string[], isTest: boolean) =>
    (await client.send(new StopInstancesCommand({ InstanceIds: ids, DryRun: isTest }))).StoppingInstances ?? [],
}
type Action = keyof typeof calls
type Target = { client: EC2Client; action: Action }

/** The power roles of AWS. */
export function awsPower(options: AwsOptions): PowerRoles {
  const clientOf = (credentials: Credentials, region: string) =>
    new EC2Client(awsConfig(options, { credentials, region }))
  const through = (action: Action) => (credentials: Credentials, request: PowerRequest) =>
    switchAll({ client: clientOf(credentials, request.region), action }, request.cloudResourceIds)
  return {
    start: through('ec2:StartInstances'),
    stop: through('ec2:StopInstances'),
    async check(credentials, { region, cloudResourceIds }) {
      const client = clientOf(credentials, region)
      for (const action of Object.keys(calls) as Action[]) await mayCall({ client, action }, cloudResourceIds)
    },
  }
}

async function switchAll(target: Target, ids: string[]): Promise<PowerResult[]> {
  const results: PowerResult[] = []
  for (let from = 0; from < ids.length; from += batchSize)
    results.push(...(await switchBatch(target, ids.slice(from, from + batchSize))))
  return results
}

async function switchBatch(target: Target, ids: string[]): Promise<PowerResult[]> {
  try {
    return (await calls[target.action](target.client, ids, false)).map(toResult)
  } catch (error) {
    const refusal = refusalOf(error, target.action)
    if (!refusal) throw asCloudError(error, target.action)
    if (ids.length === 1) return [{ cloudResourceId: ids[0]!, ...refusal }]
    const half = Math.ceil(ids.length / 2)
    return [...(await switchBatch(target, ids.slice(0, half))), ...(await switchBatch(target, ids.slice(half)))]
  }
}

/** AWS answers for an instance that is so already with the same state before and after. */
const toResult = ({
  InstanceId: id = '',
  CurrentState: now,
  PreviousState: before,
}: InstanceStateChange): PowerResult => ({
  cloudResourceId: id,
  outcome: now?.Name === before?.Name ? 'already' : 'changed',
})

/** What AWS says about single instances; null for what concerns the whole account. */
function refusalOf(error: unknown, action: Action): Omit<PowerResult, 'cloudResourceId'> | null {
  const { name, message } = error as Error
  if (/^InvalidInstanceID\b/.test(name)) return { outcome: 'gone' }
  if (name === 'IncorrectInstanceState') return { outcome: 'wrong_state', message, again: true }
  if (name === 'OperationNotPermitted') return { outcome: 'protected', message }
  if (/^Insufficient\w*Capacity/.test(name)) return { outcome: 'impossible', message, again: true }
  if (/^(Unsupported\w+|InvalidParameter\w+|IncorrectSpotRequestState)$/.test(name))
    return { outcome: 'impossible', message }
  const asked = asCloudError(error, action)
  return asked instanceof CloudError && asked.isRefusal ? { outcome: 'not_allowed', message: asked.message } : null
}

/** A dry run never succeeds: `DryRunOperation` says that it would have. Rights are judged before states. */
async function mayCall({ client, action }: Target, ids: string[]): Promise<void> {
  try {
    await calls[action](client, ids, true)
  } catch (error) {
    if ((error as Error).name === 'DryRunOperation') return
    const refusal = refusalOf(error, action)
    if (!refusal || refusal.outcome === 'not_allowed') throw asCloudError(error, action)
  }
}
