/** What EC2 of the stand-in sells: machine types, spot prices and reservations, over the Query protocol. */
import { ec2Page, type Ec2Call } from './aws-ec2-parts.ts'
import { AwsFault } from './aws-request.ts'
import type { SandboxReservation, SandboxSpotPrice } from './aws-state.ts'
import type { XmlValue } from './aws-xml.ts'

/** The calls about the market, by their name. */
export const marketCalls: Record<string, Ec2Call> = {
  DescribeInstanceTypes({ state, region, form }) {
    const { items, next } = ec2Page(region.machineTypes ?? [], { form, state })
    const instanceTypeSet = items.map(({ type, current, architectures }) => ({
      instanceType: type,
      currentGeneration: current,
      processorInfo: { supportedArchitectures: architectures },
    }))
    return { instanceTypeSet, nextToken: next }
  },

  /** AWS shows the price that held at StartTime too, with its own older time. */
  DescribeSpotPriceHistory({ state, region, form }) {
    const [types, descriptions] = [listOf(form, 'InstanceType'), listOf(form, 'ProductDescription')]
    const from = new Date(form.get('StartTime') ?? 0)
    const all = (region.spotPrices ?? []).filter(
      (price) => fits(types, price.type) && fits(descriptions, price.description),
    )
    const key = ({ type, zone, description }: SandboxSpotPrice) => `${type} ${zone} ${description}`
    const before = new Map<string, SandboxSpotPrice>()
    for (const price of all)
      if (price.at < from && price.at > (before.get(key(price))?.at ?? new Date(0))) before.set(key(price), price)
    const holds = all.filter((price) => price.at >= from || before.get(key(price)) === price)
    const { items, next } = ec2Page(holds, { form, state })
    const spotPriceHistorySet = items.map(({ type, zone, description, usd, at }) => ({
      ...{ instanceType: type, productDescription: description, spotPrice: usd, timestamp: at, availabilityZone: zone },
    }))
    return { spotPriceHistorySet, nextToken: next ?? '' }
  },

  DescribeReservedInstancesOfferings({ state, region, form }) {
    const tenancy = form.get('InstanceTenancy') ?? 'default'
    const filters = filtersOf(form)
    const wanted = (region.reservations ?? []).filter((offering) => {
      const said: Record<string, string> = attributesOf(offering)
      const isShown = !offering.marketplace || form.get('IncludeMarketplace') !== 'false'
      return (
        isShown && offering.tenancy === tenancy && filters.every(([name, values]) => fits(values, said[name] ?? ''))
      )
    })
    const { items, next } = ec2Page(wanted, { form, state })
    return { reservedInstancesOfferingsSet: items.map(offeringOf), nextToken: next }
  },
}

const fits = (wanted: string[], is: string) => wanted.length === 0 || wanted.includes(is)

const listOf = (form: URLSearchParams, name: string) =>
  [...form].flatMap(([key, value]) => (key.startsWith(`${name}.`) ? [value] : []))

/** Filters of the request; one the stand-in does not know is refused rather than passed over. */
function filtersOf(form: URLSearchParams): [name: string, values: string[]][] {
  const known = ['instance-type', 'product-description', 'scope']
  const names = [...form].filter(([key]) => /^Filter\.\d+\.Name$/.test(key))
  return names.map(([key, name]) => {
    if (!known.includes(name)) throw new AwsFault(400, 'InvalidParameterValue', `The filter ${name} is unknown.`)
    return [name, listOf(form, key.replace('.Name', '.Value'))]
  })
}

const attributesOf = ({ type, description, scope = 'Region' }: SandboxReservation) => ({
  ...{ 'instance-type': type, 'product-description': description, scope },
})

const offeringOf = (each: SandboxReservation): XmlValue => ({
  reservedInstancesOfferingId: each.id,
  instanceType: each.type,
  productDescription: each.description,
  instanceTenancy: each.tenancy,
  offeringClass: each.class,
  offeringType: each.payment,
  duration: each.seconds,
  fixedPrice: each.fixed,
  usagePrice: 0,
  currencyCode: 'USD',
  scope: each.scope ?? 'Region',
  marketplace: each.marketplace ?? false,
  pricingDetailsSet: [],
  recurringCharges: each.hourly ? [{ frequency: 'Hourly', amount: each.hourly }] : [],
})
