/** Savings plans of the stand-in: DescribeSavingsPlansOfferingRates over REST JSON, at most 1000 a page. */
import { pageOf } from './aws-page.ts'
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws, SandboxPlanRate } from './aws-state.ts'

type Input = {
  savingsPlanTypes?: string[]
  filters?: { name: string; values: string[] }[]
  maxResults?: number
  nextToken?: string
}

/** Answers one call about savings plans. */
export function answerSavingsPlans(state: SandboxAws, request: AwsRequest): AwsReply {
  if (request.action !== 'DescribeSavingsPlansOfferingRates')
    throw new AwsFault(400, 'InvalidAction', `No action ${request.action}.`)
  const input = JSON.parse(request.body.toString('utf8')) as Input
  if ((input.maxResults ?? 0) > 1000) throw new AwsFault(400, 'ValidationException', 'maxResults is 1000 at most.')
  const wanted = (state.planRates ?? []).filter((rate) => {
    const said: Record<string, string> = properties(rate)
    const isOfType = !input.savingsPlanTypes || input.savingsPlanTypes.includes(rate.offering.type)
    return isOfType && (input.filters ?? []).every(({ name, values }) => values.includes(said[name] ?? ''))
  })
  const { items, next } = pageOf(wanted, { state, size: input.maxResults ?? 1000, token: input.nextToken })
  const body = { searchResults: items.map(answerOf), ...(next ? { nextToken: next } : {}) }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

const properties = ({ region, type, tenancy, description }: SandboxPlanRate) => ({
  ...{ region, instanceType: type, instanceFamily: type.split('.')[0]!, tenancy, productDescription: description },
})

const answerOf = (rate: SandboxPlanRate) => ({
  savingsPlanOffering: {
    offeringId: rate.offering.id,
    paymentOption: rate.offering.payment,
    planType: rate.offering.type,
    durationSeconds: rate.offering.seconds,
    currency: rate.offering.currency ?? 'USD',
  },
  rate: rate.rate,
  unit: 'Hrs',
  productType: 'EC2',
  serviceCode: 'AmazonEC2',
  usageType: rate.usageType,
  operation: 'RunInstances',
  properties: Object.entries(properties(rate)).map(([name, value]) => ({ name, value })),
})
