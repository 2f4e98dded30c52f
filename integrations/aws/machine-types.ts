/** Machines and databases AWS sells, with their on-demand list prices: shared hardware, used capacity, licence included. */
import { EC2Client, paginateDescribeInstanceTypes } from '@aws-sdk/client-ec2'
import type { Credentials, MachineOffer, PriceRole } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { sold, type System } from './editions.ts'
import { closeRegions } from './places.ts'
import { hourlyPrice, products, type Product } from './products.ts'

const onDemand = {
  tenancy: 'Shared',
  capacitystatus: 'Used',
  licenseModel: 'No License required',
  marketoption: 'OnDemand',
}

/** Every EC2 machine type of a region in every system and edition we advise about; what is current is asked of EC2. */
export const readMachines = (options: AwsOptions): PriceRole<MachineOffer> =>
  async function* (credentials, { region }) {
    const types = await describeTypes(options, { credentials, region })
    for (const { os, software } of sold) {
      const fields = { ...onDemand, regionCode: region, operatingSystem: os, preInstalledSw: software }
      for await (const product of products(options, { credentials, service: 'AmazonEC2', fields })) {
        const offer = toOffer(product)
        if (offer) yield { ...offer, ...types.get(offer.name) }
      }
    }
  }

/** The named machine types in the other regions of the continent. */
export const readNearbyMachines = (options: AwsOptions): PriceRole<MachineOffer> =>
  async function* (credentials, { region, names }) {
    const close = new Set(closeRegions(region))
    if (close.size === 0) return
    for (const instanceType of names)
      for await (const product of products(options, {
        ...{ credentials, service: 'AmazonEC2', fields: { ...onDemand, instanceType } },
      })) {
        const offer = toOffer(product)
        if (offer && close.has(offer.region) && isSold(offer)) yield offer
      }
  }

/** Every database class of a region in one zone, by engine and edition. */
export const readDatabases = (options: AwsOptions): PriceRole<MachineOffer> =>
  async function* (credentials, { region }) {
    const fields = { regionCode: region, productFamily: 'Database Instance', deploymentOption: 'Single-AZ' }
    for await (const product of products(options, { credentials, service: 'AmazonRDS', fields })) {
      const offer = isPlainDatabase(product) ? toOffer(product) : null
      if (offer) yield offer
    }
  }

const isSold = (offer: System) => sold.some(({ os, software }) => os === offer.os && software === offer.software)

/** Neither the customer's own licence nor the dearer hours of I/O-optimized storage. */
const isPlainDatabase = ({ product }: Product) =>
  product?.attributes?.['licenseModel'] !== 'Bring your own license' &&
  /(^|-)InstanceUsage:/.test(product?.attributes?.['usagetype'] ?? '')

type Described = Pick<MachineOffer, 'currentGeneration' | 'architecture'>

async function describeTypes(
  options: AwsOptions,
  { credentials, region }: { credentials: Credentials; region: string },
): Promise<Map<string, Described>> {
  const client = new EC2Client(awsConfig(options, { credentials, region }))
  const found = new Map<string, Described>()
  const answer = paginateDescribeInstanceTypes({ client, pageSize: 100 }, {})
  for await (const page of pages('ec2:DescribeInstanceTypes', answer))
    for (const {
      InstanceType: name = '',
      CurrentGeneration: current,
      ProcessorInfo: processor,
    } of page.InstanceTypes ?? [])
      found.set(name, {
        currentGeneration: current ?? null,
        architecture: (processor?.SupportedArchitectures ?? []).toSorted().join(','),
      })
  return found
}

/** A product as an offer; null for what has no hourly price (free or not sold) or no size. */
export function toOffer(product: Product): MachineOffer | null {
  const { sku = '', attributes: said = {} } = product.product ?? {}
  const { instanceType: name, regionCode: region, databaseEngine: engine, currentGeneration: current } = said
  const os = engine ?? said['operatingSystem']
  const price = hourlyPrice(product)
  const [cpus, memoryGib] = [Number(said['vcpu']), Number.parseFloat(said['memory']?.replaceAll(',', '') ?? '')]
  if (!name || !region || !os || !price || !(cpus > 0) || !(memoryGib > 0)) return null
  const family = name.slice(0, name.lastIndexOf('.'))
  return {
    ...{ region, name, os, software: (engine ? said['databaseEdition'] : said['preInstalledSw']) ?? 'NA' },
    ...{ family, ...generationOf(family), cpus, memoryGib, hourlyPrice: price, sku, architecture: '' },
    currentGeneration: current === undefined ? null : current === 'Yes',
  }
}

/** `m5ad` is generation 5 of `m`, `db.r6g` 6 of `db.r`. Instance type naming conventions, EC2 user guide. */
export function generationOf(family: string): { series: string; generation: number | null } {
  const [, series = family, number] = /^((?:db\.)?[a-z]+)(\d+)/.exec(family) ?? []
  return { series, generation: number === undefined ? null : Number(number) }
}
