/**
 * Azure and Alibaba Cloud of the demo: an adapter that shows the recorded inventory (data/README.md) as if it had just asked.
 * It is no connection to those clouds; it lets the demo show what only they have, like machines that are stopped yet charged.
 */
import { z } from 'zod'
import { cloud, CloudError, type CloudAdapter, type DiscoverRole, type SeenResource } from '../cloud.ts'
import type { DemoResource } from './demo-charge.ts'
import { demoAccountsOf, demoResources } from './demo-rows.ts'

const types = ['Instance', 'Volume', 'IP Address'] as const
type RecordedType = (typeof types)[number]

const titles = { azure: 'Microsoft Azure (recorded)', alibaba: 'Alibaba Cloud (recorded)' }

/** The recorded accounts of one cloud; the key to each is its number, e.g. `azure-qa`. `now` is when it was asked first. */
export function recordedCloud(kind: 'azure' | 'alibaba', now: Date): CloudAdapter {
  const accounts = demoAccountsOf(kind)
  const resources = [...demoResources().values()].filter((resource) => resource.active && isRecorded(resource))
  const ownOf = (account: string | undefined) => {
    const number = accounts.find(({ cloudAccountId }) => cloudAccountId === account)?.number
    if (!number) throw new CloudError('bad_credentials', `There is no recorded account ${account}.`)
    return resources.filter((resource) => resource.account === number)
  }
  const discover = (type: RecordedType): DiscoverRole =>
    async function* (credentials, region) {
      for (const resource of ownOf(credentials['account']))
        if (resource.type === type && resource.region === region) yield toSeen(resource, type, now)
    }
  return cloud({
    kind,
    title: titles[kind],
    credentials: z.object({
      account: z.string().meta({ label: 'Recorded account', example: accounts[0]?.cloudAccountId }),
    }),
    permissions: { read: [], power: [] },
    check: async ({ account }) => {
      ownOf(account)
      return { cloudAccountId: account!, name: account!, currency: null }
    },
    regions: async ({ account }) => [...new Set(ownOf(account).map(({ region }) => region))],
    discover: Object.fromEntries(types.map((type) => [type, discover(type)])),
  })
}

const isRecorded = ({ type, region }: DemoResource) => types.some((known) => known === type) && region !== ''

function toSeen(resource: DemoResource, type: RecordedType, now: Date): SeenResource {
  const { cloudResourceId, name, service, region, tags, facts } = resource
  const { flavor, os, zone_id: zone, size: sizeBytes, volume_type: volumeType, cpu_count: cpuCount } = facts
  const stopped = facts['stopped_allocated'] === true
  return {
    cloudResourceId,
    type,
    name: name || cloudResourceId,
    service,
    region,
    tags,
    facts: { flavor, os, zone, sizeBytes, volumeType, cpuCount },
    cloudCreatedAt: new Date(now.getTime() - resource.createdSecondsAgo * 1000),
    ...(type === 'Instance' ? { stoppedAllocated: stopped, running: !stopped, spot: facts['spotted'] === true } : {}),
    ...(type === 'Volume' ? { attached: facts['attached'] === true } : {}),
    ...(type === 'IP Address' ? { available: facts['available'] === true } : {}),
  }
}
