import type { Credentials, MachineOffer } from '../cloud.ts'
import { homeRegion, type AwsOptions } from './client.ts'
import { callSigned } from './signed-call.ts'

const systems = ['Linux', 'Windows']

/** What a product of the price list says, as far as we read it. */
type Product = {
  product?: { attributes?: { instanceType?: string; vcpu?: string; memory?: string; operatingSystem?: string } }
  terms?: {
    OnDemand?: Record<string, { priceDimensions?: Record<string, { unit?: string; pricePerUnit?: { USD?: string } }> }>
  }
}

/**
 * Machine types EC2 sells in a region with their on-demand list prices: shared hardware, no software, used capacity, Linux
 * and Windows. Source: the Price List Query API, which answers for all regions from one.
 */
export const readMachineTypes = (options: AwsOptions) =>
  async function* (credentials: Credentials, region: string): AsyncIterable<MachineOffer> {
    for (const operatingSystem of systems) {
      const fields = {
        regionCode: region,
        operatingSystem,
        tenancy: 'Shared',
        preInstalledSw: 'NA',
        capacitystatus: 'Used',
      }
      const wanted = { ...fields, licenseModel: 'No License required', marketoption: 'OnDemand' }
      const Filters = Object.entries(wanted).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value }))
      for (let NextToken: unknown; ;) {
        const input = { ServiceCode: 'AmazonEC2', Filters, FormatVersion: 'aws_v1', MaxResults: 100, NextToken }
        const answer = await callSigned(options, { ...priceList, credentials, input })
        for (const text of (answer['PriceList'] ?? []) as string[]) {
          const offer = toOffer(JSON.parse(text) as Product, region)
          if (offer) yield offer
        }
        if (!answer['NextToken']) break
        NextToken = answer['NextToken']
      }
    }
  }

const priceList = {
  service: 'pricing',
  region: homeRegion,
  host: `api.pricing.${homeRegion}.amazonaws.com`,
  target: 'AWSPriceListService.GetProducts',
}

/** A product as an offer; null for what has no hourly price (free or not sold) or no size. */
export function toOffer({ product, terms }: Product, region: string): MachineOffer | null {
  const { instanceType: name, vcpu, memory, operatingSystem: os } = product?.attributes ?? {}
  const prices = Object.values(terms?.OnDemand ?? {}).flatMap((term) => Object.values(term.priceDimensions ?? {}))
  const hourlyPrice = prices.find(({ unit }) => unit === 'Hrs')?.pricePerUnit?.USD
  const [cpus, memoryGib] = [Number(vcpu), Number.parseFloat(memory?.replaceAll(',', '') ?? '')]
  if (!name || !os || !(cpus > 0) || !(memoryGib > 0) || !(Number(hourlyPrice) > 0)) return null
  return { region, name, os, family: name.slice(0, name.lastIndexOf('.')), cpus, memoryGib, hourlyPrice: hourlyPrice! }
}
