import insecureSecurityGroups from '../../engine/recommendations/insecure-security-groups.ts'
import { testRecommendation, type Beside, type Thing } from './tester.ts'

type Rule = { protocol: string; from: number | null; to: number | null; cidrs: string[] }
const open = ['0.0.0.0/0']
const ssh: Rule = { protocol: 'tcp', from: 22, to: 22, cidrs: open }
const group = (...rules: Rule[]): Beside => ({
  ...{ kind: 'security_group', cloudId: 'sg-1', name: 'web', region: 'eu-west-1', facts: { vpcId: 'vpc-1', rules } },
})
const instance = (more: Thing = {}): Thing => ({
  cloudResourceId: 'i-1',
  facts: {
    securityGroups: [
      { id: 'sg-0', name: 'own' },
      { id: 'sg-1', name: 'web' },
    ],
  },
  ...more,
})
const reported = { given: instance(), key: 'i-1 sg-1', saving: null }

testRecommendation(insecureSecurityGroups, {
  reports: [
    {
      name: 'an instance whose group lets everybody in on SSH',
      ...reported,
      beside: [group(ssh)],
      evidence: {
        ...{ security_group_id: 'sg-1', security_group_name: 'web' },
        insecure_ports: [{ port: 22, protocol: 'tcp' }],
      },
    },
    {
      name: 'everybody of IPv6, and a range with remote desktop in it',
      ...reported,
      beside: [group({ protocol: 'tcp', from: 3000, to: 4000, cidrs: ['10.0.0.0/8', '::/0'] })],
      evidence: { insecure_ports: [{ port: 3389, protocol: 'tcp' }] },
    },
    {
      name: 'a group that lets everything in',
      ...reported,
      beside: [group({ protocol: '-1', from: null, to: null, cidrs: open }, ssh)],
      evidence: { insecure_ports: [{ port: '*', protocol: null }] },
    },
    {
      name: 'all ports of TCP',
      ...reported,
      beside: [group({ protocol: 'tcp', from: 0, to: 65535, cidrs: open })],
      evidence: { insecure_ports: [{ port: '*', protocol: null }] },
    },
    {
      name: 'the ports somebody chose',
      ...reported,
      beside: [group({ protocol: 'udp', from: 161, to: 162, cidrs: open })],
      options: { insecure_ports: [{ port: 161, protocol: 'udp' }] },
      evidence: { insecure_ports: [{ port: 161, protocol: 'udp' }] },
    },
  ],
  ignores: [
    { name: 'SSH for a network', given: instance(), beside: [group({ ...ssh, cidrs: ['10.0.0.0/8'] })] },
    {
      name: 'a group that trusts itself with everything',
      given: instance(),
      beside: [group({ protocol: '-1', from: null, to: null, cidrs: [] })],
    },
    { name: 'port 22 of another protocol', given: instance(), beside: [group({ ...ssh, protocol: 'udp' })] },
    { name: 'a web port', given: instance(), beside: [group({ ...ssh, from: 443, to: 443 })] },
    {
      name: 'a group of another instance',
      given: instance({ facts: { securityGroups: [{ id: 'sg-0' }] } }),
      beside: [group(ssh)],
    },
    { name: 'an instance that is gone', given: instance({ active: false }), beside: [group(ssh)] },
    { name: 'an instance without groups', given: instance({ facts: {} }), beside: [group(ssh)] },
  ],
  ends: [
    {
      name: 'as deleted when the instance is gone',
      given: instance(),
      beside: [group(ssh)],
      becomes: { active: false },
      reason: 'resource_deleted',
    },
    {
      name: 'as failed when the group was taken off',
      given: instance(),
      beside: [group(ssh)],
      becomes: { facts: { securityGroups: [{ id: 'sg-0' }] } },
      reason: 'failed_dependency',
    },
    {
      name: 'as applied when the rule was narrowed',
      given: instance(),
      beside: [group(ssh)],
      becomes: {},
      besides: [group({ ...ssh, cidrs: ['192.0.2.1/32'] })],
      reason: 'recommendation_applied',
    },
    {
      name: 'as changed settings when the port is no longer asked for',
      given: instance(),
      beside: [group(ssh)],
      becomes: {},
      laterOptions: { insecure_ports: [{ port: 3389, protocol: 'tcp' }] },
      reason: 'options_changed',
    },
  ],
})
