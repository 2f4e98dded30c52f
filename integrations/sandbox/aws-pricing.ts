/** The price list of the stand-in: GetProducts over JSON 1.1, pages of at most 100. */
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws, SandboxPrice } from './aws-state.ts'

type Input = {
  ServiceCode: string
  Filters: { Field: string; Value: string }[]
  MaxResults?: number
  NextToken?: string
}

/** Answers one call of the price list. */
export function answerPricing(state: SandboxAws, request: AwsRequest): AwsReply {
  if (request.action !== 'GetProducts') throw new AwsFault(400, 'InvalidAction', `No action ${request.action}.`)
  const input = JSON.parse(request.body.toString('utf8')) as Input
  const value = (field: string) => input.Filters.find(({ Field }) => Field === field)?.Value
  const wanted = (state.prices ?? []).filter(
    (price) => price.region === value('regionCode') && (price.os ?? 'Linux') === value('operatingSystem'),
  )
  const [from, size] = [Number(input.NextToken ?? 0), Math.min(100, input.MaxResults ?? 100)]
  const body = {
    FormatVersion: 'aws_v1',
    PriceList: wanted.slice(from, from + size).map((price) => JSON.stringify(product(price))),
    ...(from + size < wanted.length ? { NextToken: String(from + size) } : {}),
  }
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) }
}

const product = ({ region, type, cpus, memoryGib, usd, os = 'Linux' }: SandboxPrice) => ({
  product: {
    productFamily: 'Compute Instance',
    attributes: {
      regionCode: region,
      instanceType: type,
      vcpu: String(cpus),
      memory: `${memoryGib} GiB`,
      operatingSystem: os,
    },
    sku: `SKU${type}`,
  },
  serviceCode: 'AmazonEC2',
  terms: {
    OnDemand: { [`SKU${type}.JRTCKXETXF`]: { priceDimensions: { rate: { unit: 'Hrs', pricePerUnit: { USD: usd } } } } },
  },
})
