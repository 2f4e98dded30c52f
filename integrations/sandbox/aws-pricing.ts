/** The price list of the stand-in: GetProducts over JSON 1.1, pages of at most 100, filters as exact matches of attributes. */
import { pageOf } from './aws-page.ts'
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws, SandboxPrice } from './aws-state.ts'

type Input = {
  ServiceCode: string
  Filters?: { Type: string; Field: string; Value: string }[]
  MaxResults?: number
  NextToken?: string
}

/** Answers one call of the price list. */
export function answerPricing(state: SandboxAws, request: AwsRequest): AwsReply {
  if (request.action !== 'GetProducts') throw new AwsFault(400, 'InvalidAction', `No action ${request.action}.`)
  const { ServiceCode: service, Filters = [], ...input } = JSON.parse(request.body.toString('utf8')) as Input
  if (Filters.some(({ Type }) => Type !== 'TERM_MATCH'))
    throw new AwsFault(400, 'InvalidParameterException', 'The stand-in knows TERM_MATCH only.')
  const wanted = (state.prices ?? []).map(product).filter(({ serviceCode, product: { productFamily, attributes } }) => {
    const said: Record<string, string> = { productFamily, ...attributes }
    return serviceCode === service && Filters.every(({ Field, Value }) => said[Field] === Value)
  })
  const size = Math.min(100, input.MaxResults ?? 100)
  const { items, next } = pageOf(wanted, { state, size, token: input.NextToken })
  const body = {
    FormatVersion: 'aws_v1',
    PriceList: items.map((one) => JSON.stringify(one)),
    ...(next ? { NextToken: next } : {}),
  }
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) }
}

function product({
  region,
  type,
  cpus,
  memoryGib,
  usd,
  os = 'Linux',
  software = 'NA',
  engine,
  attributes,
}: SandboxPrice) {
  const sku = ['SKU', type, os, software, engine].filter(Boolean).join('').replaceAll(/[^\w]/g, '').toUpperCase()
  const size = { regionCode: region, instanceType: type, vcpu: String(cpus), memory: `${memoryGib} GiB` }
  const machine = {
    ...{ operatingSystem: os, preInstalledSw: software, tenancy: 'Shared', capacitystatus: 'Used' },
    ...{ licenseModel: 'No License required', marketoption: 'OnDemand', locationType: 'AWS Region' },
    usagetype: `BoxUsage:${type}`,
  }
  const database = {
    ...{ databaseEngine: engine ?? '', deploymentOption: 'Single-AZ', locationType: 'AWS Region' },
    ...{ licenseModel: 'No license required', usagetype: `InstanceUsage:${type}` },
  }
  return {
    product: {
      productFamily: engine ? 'Database Instance' : 'Compute Instance',
      attributes: { ...size, ...(engine ? database : machine), ...attributes } as Record<string, string>,
      sku,
    },
    serviceCode: engine ? 'AmazonRDS' : 'AmazonEC2',
    terms: {
      OnDemand: { [`${sku}.JRTCKXETXF`]: { priceDimensions: { rate: { unit: 'Hrs', pricePerUnit: { USD: usd } } } } },
    },
  }
}
