import { beforeEach, expect, it } from 'vitest'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import type { SandboxInstance } from '../../../integrations/sandbox/aws-ec2-state.ts'
import { awsWorld, credentials } from './aws-world.ts'

const { aws, adapter } = await awsWorld()
const power = adapter.power!
const region = 'us-east-1'
const machine = (
  id: string,
  state: SandboxInstance['state'],
  more: Partial<SandboxInstance> = {},
): SandboxInstance => ({
  ...{ id, type: 't3.small', state, launchedAt: new Date('2026-11-01T00:00:00Z') },
  ...more,
})
beforeEach(() => {
  aws.heal()
  aws.calls.length = 0
  aws.state.regions[region] = emptyRegion({
    instances: [
      machine('i-run', 'running'),
      machine('i-still', 'stopped'),
      machine('i-guarded', 'running', { stopProtected: true }),
      machine('i-leaving', 'shutting-down'),
    ],
  })
})
const ids = (...cloudResourceIds: string[]) => ({ region, cloudResourceIds })
const outcomes = async (answers: ReturnType<typeof power.stop>) =>
  Object.fromEntries((await answers).map(({ cloudResourceId, outcome }) => [cloudResourceId, outcome]))
const stateOf = (id: string) => aws.state.regions[region]!.instances.find((one) => one.id === id)?.state

it('stops what can be stopped although others of the call cannot, and says why of each', async () => {
  const all = ids('i-run', 'i-still', 'i-guarded', 'i-leaving', 'i-never')
  expect(await outcomes(power.stop(credentials, all))).toEqual({
    'i-run': 'changed',
    'i-still': 'already',
    'i-guarded': 'protected',
    'i-leaving': 'wrong_state',
    'i-never': 'gone',
  })
  expect([stateOf('i-run'), stateOf('i-guarded')]).toEqual(['stopped', 'running'])
})

it('asks once for machines that have no trouble', async () => {
  expect(await outcomes(power.start(credentials, ids('i-run', 'i-still')))).toEqual({
    'i-run': 'already',
    'i-still': 'changed',
  })
  expect(aws.calls.map(({ action }) => action)).toEqual(['StartInstances'])
})

it('names the permission the key has not, and changes nothing when it only asks', async () => {
  await power.check(credentials, ids('i-run'))
  expect(stateOf('i-run')).toBe('running')
  aws.trouble({ kind: 'refused', action: 'StopInstances' })
  await expect(power.check(credentials, ids('i-run'))).rejects.toMatchObject({
    kind: 'missing_permission',
    message: expect.stringContaining('ec2:StopInstances') as string,
  })
  expect(await power.stop(credentials, ids('i-run'))).toEqual([
    {
      cloudResourceId: 'i-run',
      outcome: 'not_allowed',
      message: 'The access key may not use ec2:StopInstances (UnauthorizedOperation).',
    },
  ])
})

it('waits when it is asked to slow down, and says so when that does not end', async () => {
  aws.trouble({ kind: 'throttled', action: 'StopInstances', times: 1 })
  expect(await outcomes(power.stop(credentials, ids('i-run')))).toEqual({ 'i-run': 'changed' })
  aws.trouble({ kind: 'throttled', action: 'StopInstances' })
  await expect(power.stop(credentials, ids('i-run'))).rejects.toMatchObject({ kind: 'throttled' })
})

it('asks for the power rights in a policy of their own', () => {
  expect(JSON.parse(adapter.powerPolicy!)).toMatchObject({
    Statement: [{ Sid: 'FinOpsPower', Action: ['ec2:StartInstances', 'ec2:StopInstances'] }],
  })
  expect(adapter.policy).not.toMatch(/StartInstances|StopInstances/)
})
