import { describe, expect, it } from 'vitest'
import { sayEvidence, sayList, sayPort } from '../../../engine/recommendations/evidence.ts'
import { getRecommendation } from '../../../engine/recommendations/options.ts'

const said = (id: string, evidence: Record<string, unknown>) =>
  sayEvidence(getRecommendation(id), evidence, 'USD').map(({ label, value }) => [
    label,
    value instanceof Date ? value.toISOString() : value,
  ])

describe('what is known about a finding', () => {
  it('says open ports with the names people know', () => {
    const ports = [
      { port: 22, protocol: 'tcp' },
      { port: 4000, protocol: 'udp' },
    ]
    const group = { security_group_id: 'sg-1', security_group_name: 'open', insecure_ports: ports }
    expect(said('insecure_security_groups', group)).toEqual([
      ['Security group id', 'sg-1'],
      ['Security group', 'open'],
      ['Open to everybody', '22/tcp (SSH), 4000/udp'],
    ])
    expect(sayPort({ port: '*', protocol: null })).toBe('everything')
  })

  it('says snapshots with what each costs, the first three of many', () => {
    const one = (n: number) => ({ cloud_resource_id: `snap-${n}`, resource_id: `${n}`, cost: `${n}.5` })
    const image = {
      cloud_resource_id: 'ami-1',
      name: 'base',
      region: 'eu-west-1',
      first_seen: 1_790_000_000,
      last_used: 0,
    }
    expect(said('obsolete_images', { ...image, snapshots: [1, 2, 3, 4, 5].map(one) })).toEqual([
      ['Image', 'ami-1'],
      ['Name', 'base'],
      ['Region', 'eu-west-1'],
      ['Made', '2026-09-21T14:13:20.000Z'],
      ['Last used', 'never'],
      ['Snapshots', 'snap-1 ($1.50 a month), snap-2 ($2.50 a month), snap-3 ($3.50 a month), 2 more'],
    ])
  })

  it('says hours of the week, yes and no, and names a user once', () => {
    const period = { start: { day_of_week: 5, hour: 0 }, end: { day_of_week: 6, hour: 23 } }
    expect(said('instances_for_shutdown', { inactive_hours: 1, inactivity_periods: [period] })).toEqual([
      ['Inactive hours a week', '1 hour'],
      ['Inactive (UTC)', 'Sat 00:00 to Sun 23:59'],
    ])
    expect(said('s3_public_buckets', { is_public_policy: true, is_public_acls: false })).toEqual([
      ['Public by policy', 'yes'],
      ['Public by access list', 'no'],
    ])
    const user = {
      cloud_resource_id: 'AIDA1',
      name: 'bob',
      region: '',
      user_id: 'AIDA1',
      user_name: 'bob',
      last_used: 0,
    }
    expect(said('inactive_users', user)).toEqual([
      ['User id', 'AIDA1'],
      ['User', 'bob'],
      ['Last used', 'never'],
    ])
  })

  it('says figures with two decimals, and money and per cent as such', () => {
    expect(said('abandoned_instances', { cpu: 1.239, network: 12345.6 })).toEqual([
      ['Average CPU', '1.24%'],
      ['Average network', '12,345.6 bytes/s'],
    ])
    expect(said('obsolete_ips', { cost_not_active_ip: '19', last_seen_active: null })[0]![1]).toBe('$19')
  })

  it('never says [object Object], whatever a list holds', () => {
    expect(
      sayList([
        { id: 'a', more: { deep: [1, 2] } },
        { id: 'b', more: null },
      ]),
    ).toBe('a 1 2, b')
  })
})
