/** An AWS account nobody has connected yet: in the sandbox people connect it themselves, by its role. */
import { emptyAws, emptyRegion, type SandboxAws } from './aws-state.ts'

export const spareAccountId = '444455556666'
export const spareRoleArn = `arn:aws:iam::${spareAccountId}:role/megaops-finops`

/** Its state at `now`. `principal` is whom its role trusts; with whichever external id, as the role is made from our files. */
export const spareAws = (now: Date, principal: string): SandboxAws => {
  const launchedAt = new Date(now.getTime() - 20 * 86_400_000)
  const machine = { type: 'm5.large', state: 'running' as const, launchedAt, zone: 'eu-west-1a' }
  return emptyAws({
    accountId: spareAccountId,
    keys: {},
    roles: { [spareRoleArn]: { principal, externalId: null } },
    regions: {
      'us-east-1': emptyRegion(),
      'eu-west-1': emptyRegion({
        instances: [
          { ...machine, id: 'i-0spare0000000001', name: 'checkout-1', tags: { team: 'checkout' } },
          { ...machine, id: 'i-0spare0000000002', name: 'checkout-2', tags: { team: 'checkout' } },
        ],
      }),
    },
  })
}
