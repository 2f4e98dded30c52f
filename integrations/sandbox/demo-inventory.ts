/**
 * What the demo's AWS accounts hold besides machines, disks and addresses. Snapshots, buckets and which of them are public
 * are recorded; images are those that snapshots say they were made for. Users, rules of groups, the shards of the stream
 * and the database are invented (data/README.md).
 */
import type { SandboxImage, SandboxInstance, SandboxSecurityGroup, SandboxSnapshot } from './aws-ec2-state.ts'
import type { SandboxBucket, SandboxDatabase, SandboxStream, SandboxUser } from './aws-state.ts'
import type { DemoResource } from './demo-charge.ts'

const dayMs = 86_400_000
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const bornAt = ({ createdSecondsAgo }: DemoResource, now: Date) => new Date(now.getTime() - createdSecondsAgo * 1000)

/** A recorded snapshot. */
export function demoSnapshot(resource: DemoResource, now: Date): SandboxSnapshot {
  const { facts, name, cloudResourceId: id } = resource
  const volumeId = text(facts['volume_id'])
  return {
    id,
    ...(name ? { name } : {}),
    sizeGib: Math.round(Number(facts['size'] ?? 0) / 2 ** 30),
    state: text(facts['state']) || 'completed',
    ...(volumeId ? { volumeId } : {}),
    description: text(facts['description']),
    createdAt: bornAt(resource, now),
  }
}

/** The images that snapshots were made for; images that were only copied from elsewhere are long gone. */
export function demoImages(snapshots: SandboxSnapshot[]): SandboxImage[] {
  const made = snapshots.flatMap((snapshot) => {
    const [, machine, id] = /^Created by CreateImage\((i-\w+)\) for (ami-\w+)/.exec(snapshot.description ?? '') ?? []
    return machine && id ? [{ machine, id, snapshot }] : []
  })
  return [...Map.groupBy(made, ({ id }) => id)].map(([id, disks]) => ({
    id,
    name: `image of ${disks[0]!.machine}`,
    createdAt: disks[0]!.snapshot.createdAt,
    snapshotIds: disks.map(({ snapshot }) => snapshot.id),
  }))
}

/** The groups instances are in: the launch wizard leaves SSH open to everybody, web servers answer everybody. */
export function demoSecurityGroups(instances: SandboxInstance[]): SandboxSecurityGroup[] {
  const groups = new Map(instances.flatMap((each) => each.securityGroups ?? []).map((group) => [group.id, group]))
  const open = (port: number) => ({ protocol: 'tcp', from: port, to: port, cidrs: ['0.0.0.0/0'] })
  return [...groups.values()].map(({ id, name }) => ({
    id,
    name,
    rules: name.startsWith('launch-wizard') ? [open(22)] : [open(80), open(443)],
  }))
}

/** A recorded bucket without its objects. */
export const demoBucket = (resource: DemoResource, now: Date): SandboxBucket => ({
  region: resource.region,
  createdAt: bornAt(resource, now),
  ...(resource.facts['is_public_policy'] === true ? { publicPolicy: true } : {}),
  grants: resource.facts['is_public_acls'] === true ? [{ group: 'AllUsers', permission: 'READ' }] : [],
})

/** Streams that are on the bill. */
export const demoStream = (resource: DemoResource, now: Date): SandboxStream => ({
  name: resource.cloudResourceId,
  shards: 1,
  createdAt: bornAt(resource, now),
})

/** One person at work, one robot whose console lies idle, one contractor who left. */
export function demoUsers(accountId: string, now: Date): SandboxUser[] {
  const ago = (days: number) => new Date(now.getTime() - days * dayMs)
  const user = (n: number, name: string) => ({ id: `AIDADEMO${accountId}${n}`, name, createdAt: ago(600) })
  const key = (n: number, used: number) => ({ id: `AKIADEMO${accountId}${n}`, active: true, usedAt: ago(used) })
  return [
    { ...user(1, 'platform-admin'), hasConsole: true, passwordUsedAt: ago(1), keys: [key(1, 2)] },
    { ...user(2, 'build-robot'), hasConsole: true, passwordUsedAt: ago(400), keys: [key(2, 1)] },
    { ...user(3, 'former-contractor'), hasConsole: true, passwordUsedAt: ago(310), keys: [key(3, 290)] },
  ]
}

/** The one database of the demo. */
export const demoDatabase = (now: Date): SandboxDatabase => ({
  name: 'reports',
  type: 'db.t3.xlarge',
  engine: 'postgres',
  version: '15.7',
  createdAt: new Date(now.getTime() - 200 * dayMs),
  zone: 'us-west-2a',
})
