import { beforeEach, describe, expect, it } from 'vitest'
import type { InventoryKind } from '../../../db/vocabulary.ts'
import { emptyRegion, type SandboxRegion } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const born = new Date('2026-03-01T08:00:00Z')
const { aws, adapter } = await awsWorld()
const read = (kind: InventoryKind) => {
  const role = adapter.inventory![kind]!
  return all(role.read(credentials, role.global ? '' : 'us-east-1'))
}
let east: SandboxRegion

beforeEach(() => {
  aws.heal()
  east = emptyRegion()
  Object.assign(aws.state, { regions: { 'us-east-1': east }, users: [] })
  delete aws.state.pageLimit
})

describe('images', () => {
  it('are those of the account, disabled ones too, with the snapshots behind their disks', async () => {
    east.images.push(
      { id: 'ami-1', name: 'web 2026-03', createdAt: born, snapshotIds: ['snap-1', 'snap-2'], tags: { team: 'blue' } },
      { id: 'ami-2', name: 'old', createdAt: born, snapshotIds: [], state: 'disabled' },
      { id: 'ami-3', name: 'shared', createdAt: born, snapshotIds: ['snap-9'], foreign: true },
    )
    expect(await read('image')).toEqual([
      {
        cloudId: 'ami-1',
        kind: 'image',
        name: 'web 2026-03',
        region: 'us-east-1',
        tags: { team: 'blue' },
        facts: { snapshotIds: ['snap-1', 'snap-2'], state: 'available' },
        cloudCreatedAt: born,
      },
      expect.objectContaining({ cloudId: 'ami-2', facts: { snapshotIds: [], state: 'disabled' } }),
    ])
  })
})

describe('security groups', () => {
  it('have their inbound rules, with addresses of both kinds and none for trusted groups', async () => {
    east.securityGroups.push({
      id: 'sg-1',
      name: 'bastion',
      vpcId: 'vpc-1',
      rules: [
        { protocol: 'tcp', from: 22, to: 22, cidrs: ['0.0.0.0/0', '10.0.0.0/8'], cidrs6: ['::/0'] },
        { protocol: '-1', groups: ['sg-1'] },
      ],
      tags: { team: 'blue' },
    })
    expect(await read('security_group')).toEqual([
      {
        cloudId: 'sg-1',
        kind: 'security_group',
        name: 'bastion',
        region: 'us-east-1',
        tags: { team: 'blue' },
        facts: {
          vpcId: 'vpc-1',
          rules: [
            { protocol: 'tcp', from: 22, to: 22, cidrs: ['0.0.0.0/0', '10.0.0.0/8', '::/0'] },
            { protocol: '-1', from: null, to: null, cidrs: [] },
          ],
        },
        cloudCreatedAt: null,
      },
    ])
  })
})

describe('users', () => {
  it('have console access when they have a login profile, and keys with their last use', async () => {
    aws.state.users = [
      {
        id: 'AIDA1',
        name: 'ann',
        createdAt: born,
        hasConsole: true,
        passwordUsedAt: new Date('2026-11-01T10:00:00Z'),
        keys: [
          { id: 'AKIAUSED', active: true, usedAt: new Date('2026-11-20T00:00:00Z') },
          { id: 'AKIANEVER', active: false },
        ],
      },
      { id: 'AIDA2', name: 'robot', createdAt: born },
    ]
    expect(await read('user')).toEqual([
      {
        cloudId: 'AIDA1',
        kind: 'user',
        name: 'ann',
        region: '',
        tags: {},
        facts: {
          hasConsole: true,
          passwordLastUsedAt: Date.UTC(2026, 10, 1, 10) / 1000,
          keys: [
            { id: 'AKIAUSED', active: true, lastUsedAt: Date.UTC(2026, 10, 20) / 1000 },
            { id: 'AKIANEVER', active: false, lastUsedAt: null },
          ],
        },
        cloudCreatedAt: born,
      },
      expect.objectContaining({ cloudId: 'AIDA2', facts: { hasConsole: false, passwordLastUsedAt: null, keys: [] } }),
    ])
  })

  it('are read to the last page, and through throttling', async () => {
    const names = Array.from({ length: 7 }, (_, n) => `user-${n}`)
    const keys = ['1', '2', '3'].map((id) => ({ active: true, id }))
    aws.state.users = names.map((name) => ({
      id: `AIDA ${name}`,
      name,
      createdAt: born,
      keys: keys.map((key) => ({ ...key, id: `${name} ${key.id}` })),
    }))
    aws.state.pageLimit = 2
    aws.trouble({ kind: 'throttled', service: 'iam', times: 2 })
    const seen = await read('user')
    expect(seen.map(({ name }) => name)).toEqual(names)
    expect(seen.every(({ facts }) => (facts['keys'] as unknown[]).length === 3)).toBe(true)
  })
})

describe('small pages', () => {
  it('of images and groups are followed', async () => {
    for (let n = 0; n < 5; n += 1) {
      east.images.push({ id: `ami-${n}`, name: 'x', createdAt: born, snapshotIds: [] })
      east.securityGroups.push({ id: `sg-${n}`, name: 'x', rules: [] })
    }
    aws.state.pageLimit = 2
    expect(await read('image')).toHaveLength(5)
    expect(await read('security_group')).toHaveLength(5)
  })
})

describe('a refusal', () => {
  it.each([
    ['ListUsers', 'iam:ListUsers', 'user'],
    ['GetAccessKeyLastUsed', 'iam:GetAccessKeyLastUsed', 'user'],
    ['DescribeImages', 'ec2:DescribeImages', 'image'],
    ['DescribeSecurityGroups', 'ec2:DescribeSecurityGroups', 'security_group'],
  ] as [string, string, InventoryKind][])('of %s names the permission', async (action, permission, kind) => {
    aws.state.users = [{ id: 'AIDA1', name: 'ann', createdAt: born, keys: [{ id: 'AKIA1', active: true }] }]
    aws.trouble({ kind: 'refused', action })
    await expect(read(kind)).rejects.toMatchObject({
      kind: 'missing_permission',
      message: expect.stringContaining(`may not use ${permission} (`),
    })
  })
})
