import { paginateGetProducts, PricingClient } from '@aws-sdk/client-pricing'
import type { Credentials } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'

/** A product of the price list, as far as we read it. */
export type Product = {
  product?: { sku?: string; attributes?: Record<string, string | undefined> }
  terms?: {
    OnDemand?: Record<string, { priceDimensions?: Record<string, { unit?: string; pricePerUnit?: { USD?: string } }> }>
  }
}

export type ProductQuery = {
  credentials: Credentials
  service: 'AmazonEC2' | 'AmazonRDS'
  fields: Record<string, string>
}

/** Products whose attributes are exactly these. Source: the Price List Query API, which answers for all regions from one. */
export async function* products(
  options: AwsOptions,
  { credentials, service, fields }: ProductQuery,
): AsyncIterable<Product> {
  const client = new PricingClient(awsConfig(options, { credentials }))
  const Filters = Object.entries(fields).map(([Field, Value]) => ({ Type: 'TERM_MATCH' as const, Field, Value }))
  const answer = paginateGetProducts(
    { client, pageSize: 100 },
    { ServiceCode: service, Filters, FormatVersion: 'aws_v1' },
  )
  for await (const page of pages('pricing:GetProducts', answer))
    for (const text of page.PriceList ?? []) yield JSON.parse(String(text)) as Product
}

/** The on-demand price of one hour in USD; null for what has none (free, or sold by other units). */
export function hourlyPrice({ terms }: Product): string | null {
  const prices = Object.values(terms?.OnDemand ?? {}).flatMap((term) => Object.values(term.priceDimensions ?? {}))
  const price = prices.find(({ unit }) => unit === 'Hrs')?.pricePerUnit?.USD
  return Number(price) > 0 ? price! : null
}
