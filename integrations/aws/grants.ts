/** Documents that grant us what we read: policies as JSON, and a role as CloudFormation and Terraform. Power is apart and off. */
import { CloudError, type CloudAdapter, type GrantFile } from '../cloud.ts'
import type { AwsOptions } from './client.ts'
import { iamPolicy, powerPolicy, readPolicy, trustPolicy } from './iam-policy.ts'
import { awsPermissions } from './permissions.ts'
import { principalOf } from './sessions.ts'

const roleName = 'megaops-finops'
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** What the adapter asks people to grant: the permissions, the policy, and every document to grant them with. */
export const awsGrants = (options: AwsOptions): Pick<CloudAdapter, 'permissions' | 'policy' | 'grants'> => ({
  permissions: awsPermissions,
  policy: iamPolicy(awsPermissions),
  grants: grantFiles(options, awsPermissions),
})

/** The documents for one organization's external id; those with a role need this installation to have a key of its own. */
const grantFiles =
  (options: AwsOptions, permissions: CloudAdapter['permissions']) =>
  ({ externalId }: { externalId: string }): GrantFile[] => {
    const policies = { read: readPolicy(permissions), power: powerPolicy(permissions) }
    const file = (name: string, title: string, content: () => Promise<string>) => ({ name, title, content })
    const trusted = async (draw: (trust: ReturnType<typeof trustPolicy>) => string) =>
      draw(trustPolicy({ principal: await knownPrincipal(options), externalId }))
    return [
      file('finops-read-policy.json', 'Read policy', async () => json(policies.read)),
      file('finops-role.cloudformation.json', 'Role as CloudFormation', () =>
        trusted((trust) => cloudFormation(trust, policies)),
      ),
      file('finops-role.tf', 'Role as Terraform', () => trusted((trust) => terraform(trust, policies))),
      file('finops-trust-policy.json', 'Trust policy of the role', () => trusted(json)),
      file('finops-power-policy.json', 'Power policy (only for power schedules)', async () => json(policies.power)),
    ]
  }

async function knownPrincipal(options: AwsOptions): Promise<string> {
  const principal = await principalOf(options)
  if (principal) return principal
  throw new CloudError(
    'bad_credentials',
    'A role must name who may take it, and this installation has no AWS key of its own. Whoever runs it sets AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  )
}

type Policies = Record<'read' | 'power', unknown>

function cloudFormation(trust: unknown, { read, power }: Policies): string {
  return json({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Lets MegaOps FinOps read costs and inventory of this account',
    Parameters: {
      AllowPower: {
        ...{ Type: 'String', Default: 'no', AllowedValues: ['no', 'yes'] },
        Description: 'May power schedules start and stop instances?',
      },
    },
    Conditions: { WithPower: { 'Fn::Equals': [{ Ref: 'AllowPower' }, 'yes'] } },
    Resources: {
      FinOpsRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          ...{ RoleName: roleName, MaxSessionDuration: 3600, AssumeRolePolicyDocument: trust },
          Policies: [{ PolicyName: 'finops-read', PolicyDocument: read }],
        },
      },
      FinOpsPower: {
        ...{ Type: 'AWS::IAM::Policy', Condition: 'WithPower' },
        Properties: { PolicyName: 'finops-power', PolicyDocument: power, Roles: [{ Ref: 'FinOpsRole' }] },
      },
    },
    Outputs: { RoleArn: { Value: { 'Fn::GetAtt': ['FinOpsRole', 'Arn'] } } },
  })
}

/** An object of JSON is an expression of Terraform. */
const encoded = (policy: unknown) => `jsonencode(${JSON.stringify(policy, null, 2).replaceAll('\n', '\n  ')})`

const terraform = (trust: unknown, { read, power }: Policies): string => `variable "allow_power" {
  type        = bool
  default     = false
  description = "May power schedules start and stop instances?"
}

resource "aws_iam_role" "finops" {
  name                 = "${roleName}"
  max_session_duration = 3600
  assume_role_policy   = ${encoded(trust)}
}

resource "aws_iam_role_policy" "finops_read" {
  name   = "finops-read"
  role   = aws_iam_role.finops.id
  policy = ${encoded(read)}
}

resource "aws_iam_role_policy" "finops_power" {
  count  = var.allow_power ? 1 : 0
  name   = "finops-power"
  role   = aws_iam_role.finops.id
  policy = ${encoded(power)}
}

output "role_arn" {
  value = aws_iam_role.finops.arn
}
`
