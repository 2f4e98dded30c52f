import type { CloudAdapter } from '../cloud.ts'

type Permissions = CloudAdapter['permissions']
type Policy = { Version: string; Statement: Record<string, unknown>[] }

const allow = (name: string, actions: string[]): Policy => ({
  Version: '2012-10-17',
  Statement: [{ Sid: name, Effect: 'Allow', Action: [...actions].sort(), Resource: '*' }],
})

/** What an adapter reads and nothing else. */
export const readPolicy = ({ read }: Permissions): Policy => allow('FinOpsRead', read)

/** What power schedules need beside it: a person grants it only where machines shall be started and stopped. */
export const powerPolicy = ({ power }: Permissions): Policy => allow('FinOpsPower', power)

/** Who may take the role: this installation, if it says the external id. */
export const trustPolicy = ({ principal, externalId }: { principal: string; externalId: string }): Policy => ({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' },
      Condition: { StringEquals: { 'sts:ExternalId': externalId } },
    },
  ],
})

/** The read policy as a person pastes it into IAM. */
export const iamPolicy = (permissions: Permissions): string => JSON.stringify(readPolicy(permissions), null, 2)
