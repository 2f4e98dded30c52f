import type { CloudAdapter } from '../cloud.ts'

/** The policy document a person pastes into IAM: what an adapter reads and nothing else. */
export function iamPolicy(permissions: CloudAdapter['permissions']): string {
  const statement = { Sid: 'FinOpsRead', Effect: 'Allow', Action: [...permissions.read].sort(), Resource: '*' }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2)
}
