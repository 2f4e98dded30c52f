import type { CloudAdapter } from '../cloud.ts'

/** The policy document a person pastes into IAM: what an adapter reads and nothing else. */
export const iamPolicy = ({ read }: CloudAdapter['permissions']): string => policy('FinOpsRead', read)

/** A second, optional policy: what power schedules need besides. */
export const powerPolicy = ({ power }: CloudAdapter['permissions']): string => policy('FinOpsPower', power)

function policy(name: string, actions: string[]): string {
  const statement = { Sid: name, Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2)
}
