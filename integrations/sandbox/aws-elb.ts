/** Load balancers of the stand-in: the Query protocol, pages by Marker. Shape: the ELBv2 API reference, DescribeLoadBalancers. */
import { pageOf } from './aws-page.ts'
import { queryReply } from './aws-query.ts'
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws } from './aws-state.ts'

/** Answers one ELBv2 call. */
export function answerElb(state: SandboxAws, { action, form, region }: AwsRequest): AwsReply {
  if (action !== 'DescribeLoadBalancers') throw new AwsFault(400, 'InvalidAction', `No action ${action}.`)
  const size = Number(form.get('PageSize') ?? 400)
  const all = state.regions[region]?.balancers ?? []
  const { items, next } = pageOf(all, { state, size, token: form.get('Marker') })
  const arn = `arn:aws:elasticloadbalancing:${region}:${state.accountId}:loadbalancer`
  const balancers = items.map(({ name, type, hash, allocationIds }) => ({
    LoadBalancerArn: `${arn}/${type === 'network' ? 'net' : 'app'}/${name}/${hash}`,
    LoadBalancerName: name,
    Scheme: 'internet-facing',
    State: { Code: 'active' },
    Type: type,
    AvailabilityZones: {
      'member[]': [
        {
          ZoneName: `${region}a`,
          LoadBalancerAddresses: { 'member[]': (allocationIds ?? []).map((AllocationId) => ({ AllocationId })) },
        },
      ],
    },
  }))
  return queryReply(action, { LoadBalancers: { 'member[]': balancers }, NextMarker: next })
}
