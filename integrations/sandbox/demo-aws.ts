/**
 * The AWS accounts of the demo organization as the stand-in shows them: the instances, volumes, addresses and more that are on
 * the demo's bills (`demo-bills.ts`), by the same ids, and the bills in a bucket each (data/README.md).
 */
import { demoBills, type DemoBill } from './demo-bills.ts'
import type { DemoResource } from './demo-charge.ts'
import { demoLoad, databaseLoad, type Load } from './demo-load.ts'
import {
  demoBucket,
  demoDatabase,
  demoImages,
  demoSecurityGroups,
  demoSnapshot,
  demoStream,
  demoUsers,
} from './demo-inventory.ts'
import { demoMarket, demoPlanRates } from './demo-offers.ts'
import { demoObjects } from './demo-objects.ts'
import { demoDatabasePrices, demoPrices } from './demo-prices.ts'
import { billBucket, demoResources } from './demo-rows.ts'
import type { SandboxAddress, SandboxInstance, SandboxVolume } from './aws-ec2-state.ts'
import { emptyAws, emptyRegion, type SandboxAws, type SandboxMetric, type SandboxRegion } from './aws-state.ts'

export type DemoAws = {
  name: string
  credentials: { accessKeyId: string; secretAccessKey: string }
  /** Where the bill lies. */
  settings: { bucket: string; prefix: string; report: string }
  state: SandboxAws
}

/** Every AWS account of the demo at `now`: what to connect it with, and its state for `startAws`. */
export function demoAws(now: Date, bills = demoBills(now)): DemoAws[] {
  const resources = withPublicIps([...demoResources().values()])
  return bills
    .filter((account) => account.cloud === 'aws')
    .map((account, n) => {
      const own = resources.filter((each) => each.account === account.number && (each.active || isStream(each)))
      const buckets = own.filter(({ type }) => type === 'Bucket')
      const credentials = {
        accessKeyId: `AKIADEMOACCOUNT0000${n + 1}`,
        secretAccessKey: `demo-secret-access-key-0000000000000000${n + 1}`,
      }
      const bucket = billBucket(account.cloudAccountId)
      const state = emptyAws({
        accountId: account.cloudAccountId,
        keys: { [credentials.accessKeyId]: credentials.secretAccessKey },
        regions: regionsOf(own, now),
        buckets: {
          ...Object.fromEntries(
            buckets.map(({ cloudResourceId }) => [cloudResourceId, demoObjects(cloudResourceId, now)]),
          ),
          [bucket]: bucketOf(account, now),
        },
        bucketSettings: {
          ...Object.fromEntries(buckets.map((each) => [each.cloudResourceId, demoBucket(each, now)])),
          [bucket]: { createdAt: new Date(now.getTime() - 4e10), block: { policy: true, acls: true } },
        },
        users: demoUsers(account.cloudAccountId, now),
        prices: [...demoPrices, ...demoDatabasePrices],
        planRates: demoPlanRates,
      })
      return { name: account.name, credentials, settings: { bucket, prefix: 'cur', report: 'demo' }, state }
    })
}

/** The data has no addresses any more: each gets one of those kept for documentation. */
function withPublicIps(resources: DemoResource[]): DemoResource[] {
  let last = 9
  return resources.map((resource) => {
    if (resource.type !== 'IP Address' || !resource.cloudResourceId.startsWith('eipalloc-')) return resource
    last += 1
    return { ...resource, facts: { ...resource.facts, public_ip: `203.0.113.${last}` } }
  })
}

const bucketOf = ({ files }: DemoBill, now: Date) =>
  new Map(files.map(({ key, body }) => [key, { body, lastModified: now }]))

function regionsOf(resources: DemoResource[], now: Date): Record<string, SandboxRegion> {
  const load = demoLoad(now)
  const found = Map.groupBy(resources.filter(isInventory), ({ region }) => region)
  const empty = Object.fromEntries(enabled.map((name) => [name, emptyRegion()]))
  const filled = Object.fromEntries(
    [...found].map(([name, own]) => {
      const machines = own.filter(({ type }) => type === 'Instance')
      const addresses = own.filter(({ type }) => type === 'IP Address').map(toAddress)
      const instances = [...machines.map((machine) => toInstance(machine, now)), ...stoppedOnes(addresses, now)]
      const volumes = attach(
        own.filter(({ type }) => type === 'Volume'),
        instances,
        now,
      )
      const snapshots = own.filter(({ type }) => type === 'Snapshot').map((each) => demoSnapshot(each, now))
      const streams = own.filter(isStream).map((each) => demoStream(each, now))
      const more = {
        snapshots,
        images: demoImages(snapshots),
        securityGroups: demoSecurityGroups(instances),
        ...holdersOf(addresses),
        databases: streams.length ? [demoDatabase(now)] : [],
        streams,
      }
      const metric = metricOf(machines, { load, now })
      return [name, emptyRegion({ instances, volumes, addresses, ...more, metric, ...demoMarket(name, now) })]
    }),
  )
  return { ...empty, ...filled }
}

/** Regions an account has whether it uses them or not. */
const enabled = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'eu-north-1']

const isInventory = (resource: DemoResource) =>
  resource.region !== '' &&
  (['Instance', 'Volume', 'IP Address', 'Snapshot', 'Bucket'].includes(resource.type) || isStream(resource))

/** Streams are known from the bill only. */
const isStream = ({ service }: DemoResource) => service === 'AmazonKinesis'

const createdAt = ({ createdSecondsAgo }: DemoResource, now: Date) => new Date(now.getTime() - createdSecondsAgo * 1000)
const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** What the tag editor shows: `aws:createdBy` exists on bills only. */
const tagsOf = ({ tags }: DemoResource) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => key !== 'aws:createdBy' && key !== 'Name'))

const named = ({ name }: DemoResource) => (name ? { name } : {})

const cores: Record<string, number> = { 't2.micro': 1, 'c5.2xlarge': 8, 'c5d.2xlarge': 8 }

function toInstance(resource: DemoResource, now: Date): SandboxInstance {
  const { facts, cloudResourceId: id, region } = resource
  const type = text(facts['flavor'])
  const groups = (facts['security_groups'] ?? []) as { GroupId: string; GroupName: string }[]
  return {
    id,
    ...named(resource),
    type,
    state: 'running',
    launchedAt: createdAt(resource, now),
    attachedAt: createdAt(resource, now),
    zone: `${region}a`,
    spot: facts['spotted'] === true,
    ...(facts['os'] === 'Windows' ? { platform: 'Windows' } : {}),
    cores: cores[type] ?? 2,
    imageId: text(facts['image_id']),
    vpcId: text(facts['vpc_id']),
    securityGroups: groups.map(({ GroupId, GroupName }) => ({ id: GroupId, name: GroupName })),
    tags: tagsOf(resource),
  }
}

/** Instances that addresses name but no bill knows: they are stopped, so they cost nothing. */
const stoppedOnes = (addresses: SandboxAddress[], now: Date): SandboxInstance[] =>
  addresses.flatMap(({ instanceId: id }) =>
    id
      ? [
          {
            id,
            name: 'recovery target',
            type: 't2.small',
            state: 'stopped',
            launchedAt: new Date(now.getTime() - 4e10),
          },
        ]
      : [],
  )

/** An attached volume belongs to the instance that was made closest to it in time and has none yet, else to the first. */
function attach(volumes: DemoResource[], instances: SandboxInstance[], now: Date): SandboxVolume[] {
  const free = new Set(instances)
  return volumes.map((resource) => {
    const born = createdAt(resource, now)
    const distance = (instance: SandboxInstance) => Math.abs(instance.launchedAt.getTime() - born.getTime())
    const [host = instances[0]] = [...free].sort((a, b) => distance(a) - distance(b))
    const isAttached = resource.facts['attached'] === true && host !== undefined
    if (isAttached) free.delete(host)
    const snapshotId = text(resource.facts['snapshot_id'])
    return {
      id: resource.cloudResourceId,
      ...named(resource),
      sizeGib: Math.round(Number(resource.facts['size'] ?? 0) / 2 ** 30),
      type: text(resource.facts['volume_type']),
      createdAt: born,
      zone: `${resource.region}a`,
      ...(isAttached ? { attachedTo: host.id } : {}),
      ...(snapshotId ? { snapshotId } : {}),
      tags: tagsOf(resource),
    }
  })
}

/** The addresses of NAT gateways are in use although no instance has them; the stack's tag tells which they are. */
function toAddress(resource: DemoResource): SandboxAddress {
  const instanceId = text(resource.facts['instance_id'])
  const isGateway = resource.tags['aws:cloudformation:logical-id']?.startsWith('NatGateway') ?? false
  return {
    allocationId: resource.cloudResourceId,
    publicIp: text(resource.facts['public_ip']),
    ...named(resource),
    ...(instanceId ? { instanceId } : {}),
    ...(isGateway ? { networkInterfaceId: `eni-${resource.cloudResourceId.slice(9)}` } : {}),
    tags: tagsOf(resource),
  }
}

/** The NAT gateways behind addresses, with their network interfaces. */
function holdersOf(addresses: SandboxAddress[]) {
  const held = addresses.flatMap(({ allocationId, networkInterfaceId: interfaceId }) =>
    interfaceId ? [{ allocationId, interfaceId, id: `nat-${allocationId.slice(9)}` }] : [],
  )
  return {
    interfaces: held.map(({ id, interfaceId }) => ({
      ...{ id: interfaceId, type: 'nat_gateway', attached: true },
      description: `Interface for NAT Gateway ${id}`,
    })),
    gateways: held.map(({ id, allocationId, interfaceId }) => ({ id, allocationIds: [allocationId], interfaceId })),
  }
}

/** CloudWatch of a region: the average of the CPU, sums of the others, nothing before an instance was launched. */
function metricOf(
  machines: DemoResource[],
  { load, now }: { load: ReturnType<typeof demoLoad>; now: Date },
): SandboxMetric {
  const byId = new Map(machines.map((machine) => [machine.cloudResourceId, machine]))
  return ({ instanceId, namespace, name, start, seconds }) => {
    if (namespace === 'AWS/RDS') return databaseLoad(name, start)
    const machine = byId.get(instanceId)
    const counter = counters[name]
    if (!machine || !counter || start < createdAt(machine, now)) return null
    const value = load({ id: machine.id, name: machine.name, at: start })[counter]
    return counter === 'cpu' ? value : value * seconds
  }
}

const counters: Record<string, keyof Load> = {
  CPUUtilization: 'cpu',
  NetworkIn: 'networkIn',
  NetworkOut: 'networkOut',
  DiskReadOps: 'diskReads',
  DiskWriteOps: 'diskWrites',
}
