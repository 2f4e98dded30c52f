/** StartInstances and StopInstances of the stand-in: states change at once, all of a call or nothing. */
import { AwsFault } from './aws-request.ts'
import type { Ec2Call } from './aws-ec2-parts.ts'
import type { SandboxInstance } from './aws-ec2-state.ts'
import type { SandboxRegion } from './aws-state.ts'

/** The numbers EC2 has for its states. */
export const stateCodes: Record<SandboxInstance['state'], number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
}

type State = SandboxInstance['state']
type Switch = { from: State[]; shown: State; to: State; verb: string }

const start: Switch = { from: ['stopped', 'running', 'pending'], shown: 'pending', to: 'running', verb: 'started' }
const stop: Switch = { from: ['running', 'stopped', 'stopping'], shown: 'stopping', to: 'stopped', verb: 'stopped' }

export const powerCalls: Record<string, Ec2Call> = {
  StartInstances: ({ region, form }) => change(region, form, start),
  StopInstances: ({ region, form }) => change(region, form, stop),
}

function change(region: SandboxRegion, form: URLSearchParams, { from, shown, to, verb }: Switch) {
  const ids = [...form].flatMap(([name, value]) => (name.startsWith('InstanceId.') ? [value] : []))
  const missing = ids.filter((id) => !region.instances.some((one) => one.id === id))
  if (missing.length)
    throw new AwsFault(400, 'InvalidInstanceID.NotFound', `The instance IDs '${missing.join(', ')}' do not exist`)
  if (form.get('DryRun') === 'true')
    throw new AwsFault(412, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.')
  const machines = region.instances.filter(({ id }) => ids.includes(id))
  for (const { id, state, stopProtected } of machines) {
    if (!from.includes(state))
      throw new AwsFault(
        400,
        'IncorrectInstanceState',
        `The instance '${id}' is not in a state from which it can be ${verb}.`,
      )
    if (stopProtected && to === 'stopped')
      throw new AwsFault(
        400,
        'OperationNotPermitted',
        `The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
      )
  }
  return {
    instancesSet: machines.map((machine) => {
      const before = machine.state
      const isThere = before === to || before === shown
      machine.state = to
      const asState = (name: State) => ({ code: stateCodes[name], name })
      return {
        instanceId: machine.id,
        currentState: asState(isThere ? before : shown),
        previousState: asState(before),
      }
    }),
  }
}
