import {
  EC2Client,
  paginateDescribeReservedInstancesOfferings,
  type ReservedInstancesOffering,
} from '@aws-sdk/client-ec2'
import type { CommitmentOffer, PriceRole } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { sold, systemOf } from './editions.ts'

/** What a filter takes. */
const valuesPerFilter = 200

/** Regional reservations of the named machine types that AWS itself sells, every term, class, payment and tenancy. */
export const readReservations = (options: AwsOptions): PriceRole<CommitmentOffer> =>
  async function* (credentials, { region, names }) {
    const client = new EC2Client(awsConfig(options, { credentials, region }))
    for (let n = 0; n < names.length; n += valuesPerFilter)
      for (const tenancy of ['default', 'dedicated'] as const) {
        const wanted = {
          'instance-type': names.slice(n, n + valuesPerFilter),
          'product-description': sold.map(({ description }) => description),
          scope: ['Region'],
        }
        const Filters = Object.entries(wanted).map(([Name, Values]) => ({ Name, Values }))
        const answer = paginateDescribeReservedInstancesOfferings(
          { client, pageSize: 100 },
          { IncludeMarketplace: false, InstanceTenancy: tenancy, Filters },
        )
        for await (const page of pages('ec2:DescribeReservedInstancesOfferings', answer))
          for (const offering of page.ReservedInstancesOfferings ?? []) {
            const offer = toReservation(offering, region)
            if (offer) yield offer
          }
      }
  }

/** An offering as an offer; null for the marketplace, another currency, a zone or a system we do not advise about. */
export function toReservation(offering: ReservedInstancesOffering, region: string): CommitmentOffer | null {
  const { ReservedInstancesOfferingId: offeringId, InstanceType: flavor, Duration: termSeconds } = offering
  const { OfferingType: payment, OfferingClass: kind, InstanceTenancy: tenancy } = offering
  const system = systemOf(offering.ProductDescription)
  const isOurs =
    !offering.Marketplace && offering.Scope !== 'Availability Zone' && (offering.CurrencyCode ?? 'USD') === 'USD'
  if (!offeringId || !flavor || !termSeconds || !payment || !system || !isOurs || tenancy === 'host') return null
  return {
    ...{ region, kind: 'ri', offeringId, flavor, family: flavor.slice(0, flavor.lastIndexOf('.')), ...system },
    ...{ tenancy: tenancy ?? 'default', class: kind ?? 'standard', payment, termSeconds },
    ...{ upfront: exact(offering.FixedPrice), hourly: hourlyOf(offering) },
  }
}

/** The hourly fee; offerings of old bill hours of use besides. AWS sends floats, a price list has ten decimals at most. */
function hourlyOf({ UsagePrice: use = 0, RecurringCharges: fees = [] }: ReservedInstancesOffering): string {
  const fee = fees.find(({ Frequency: frequency }) => frequency === 'Hourly')?.Amount ?? 0
  return fee > 0 ? exact(fee) : exact(use)
}

const exact = (amount = 0) => String(Number(amount.toFixed(10)))
