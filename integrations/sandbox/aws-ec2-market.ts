/** What EC2 of the stand-in sells: machine types, spot prices and reservations, over the Query protocol. */
import { page } from './aws-page.ts'
import { AwsFault } from './aws-request.ts'
import type { SandboxRegion, SandboxReservation } from './aws-state.ts'
import type { XmlValue } from './aws-xml.ts'

type Question = { region: SandboxRegion; form: URLSearchParams }

/** The calls about the market, by their name. */
export const marketCalls = {
  DescribeInstanceTypes({ region, form }: Question): Record<string, XmlValue> {
    const { items, next } = page(region.machineTypes ?? [], form)
    const instanceTypeSet = items.map(({ type, current, architectures }) => ({
      instanceType: type,
      currentGeneration: current,
      processorInfo: { supportedArchitectures: architectures },
    }))
    return { instanceTypeSet, nextToken: next }
  },

  /** AWS shows the price that held at StartTime too, with its own older time. */
  DescribeSpotPriceHistory({ region, form }: Question): Record<string, XmlValue> {
    const [types, descriptions] = [listOf(form, 'InstanceType'), listOf(form, 'ProductDescription')]
    const from = new Date(form.get('StartTime') ?? 0)
    const all = (region.spotPrices ?? []).filter(
      (price) => fits(types, price.type) && fits(descriptions, price.description),
    )
    const holds = all.filter(({ type, zone, description, at }) => {
      const later = all.some(
        (one) =>
          one.type === type && one.zone === zone && one.description === description && one.at > at && one.at <= from,
      )
      return at >= from || !later
    })
    const { items, next } = page(holds, form)
    const spotPriceHistorySet = items.map(({ type, zone, description, usd, at }) => ({
      ...{ instanceType: type, productDescription: description, spotPrice: usd, timestamp: at, availabilityZone: zone },
    }))
    return { spotPriceHistorySet, nextToken: next ?? '' }
  },

  DescribeReservedInstancesOfferings({ region, form }: Question): Record<string, XmlValue> {
    const tenancy = form.get('InstanceTenancy') ?? 'default'
    const filters = filtersOf(form)
    const wanted = (region.reservations ?? []).filter((offering) => {
      const said: Record<string, string> = attributesOf(offering)
      const isShown = !offering.marketplace || form.get('IncludeMarketplace') !== 'false'
      return (
        isShown && offering.tenancy === tenancy && filters.every(([name, values]) => fits(values, said[name] ?? ''))
      )
    })
    const { items, next } = page(wanted, form)
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
