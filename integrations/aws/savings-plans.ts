import {
  DescribeSavingsPlansOfferingRatesCommand,
  SavingsplansClient,
  type SavingsPlanOfferingRate,
} from '@aws-sdk/client-savingsplans'
import type { CommitmentOffer, Credentials, PriceRole } from '../cloud.ts'
import { awsConfig, call, type AwsOptions } from './client.ts'
import { sold, systemOf } from './editions.ts'

/** How many machine types are asked about at once. */
const namesPerCall = 50

/** Rates of compute and EC2 instance savings plans for the named machine types. One place answers for all regions. */
export const readSavingsPlans = (options: AwsOptions): PriceRole<CommitmentOffer> =>
  async function* (credentials, { region, names }) {
    for (let n = 0; n < names.length; n += namesPerCall) {
      const asked = { region: [region], instanceType: names.slice(n, n + namesPerCall) }
      for await (const rate of rates(options, { credentials, asked })) {
        const offer = toPlan(rate, region)
        if (offer) yield offer
      }
    }
  }

type Question = { credentials: Credentials; asked: { region: string[]; instanceType: string[] } }

async function* rates(options: AwsOptions, { credentials, asked }: Question): AsyncIterable<SavingsPlanOfferingRate> {
  const client = new SavingsplansClient(awsConfig(options, { credentials }))
  for (let nextToken: string | undefined; ;) {
    const request = new DescribeSavingsPlansOfferingRatesCommand({
      savingsPlanTypes: ['Compute', 'EC2Instance'],
      products: ['EC2'],
      serviceCodes: ['AmazonEC2'],
      filters: [
        { name: 'region', values: asked.region },
        { name: 'instanceType', values: asked.instanceType },
        { name: 'tenancy', values: ['shared', 'dedicated'] },
        { name: 'productDescription', values: sold.map(({ description }) => description) },
      ],
      maxResults: 1000,
      nextToken,
    })
    const page = await call('savingsplans:DescribeSavingsPlansOfferingRates', () => client.send(request))
    yield* page.searchResults ?? []
    if (!page.nextToken) return
    nextToken = page.nextToken
  }
}

const tenancies = { shared: 'default', dedicated: 'dedicated' } as const
const classes = { Compute: 'compute', EC2Instance: 'ec2_instance' } as const
const isKey = <K extends string>(known: Record<K, unknown>, word: string): word is K => Object.hasOwn(known, word)

/** A rate as an offer; null for another currency, capacity that is reserved but not used, or a system we do not advise about. */
export function toPlan(rate: SavingsPlanOfferingRate, region: string): CommitmentOffer | null {
  const { savingsPlanOffering: plan, rate: hourly, unit, usageType = '' } = rate
  const said = Object.fromEntries((rate.properties ?? []).map(({ name = '', value = '' }) => [name, value]))
  const { instanceType: flavor, tenancy = 'shared', productDescription: description } = said
  const system = systemOf(description)
  const type = plan?.planType ?? ''
  if (!plan?.offeringId || !plan.durationSeconds || !plan.paymentOption || !flavor || !hourly || !system) return null
  if (plan.currency === 'CNY' || unit !== 'Hrs' || !/(^|-)(BoxUsage|DedicatedUsage)/.test(usageType)) return null
  if (!isKey(tenancies, tenancy) || !isKey(classes, type)) return null
  return {
    ...{ region, kind: 'sp', offeringId: plan.offeringId, flavor, family: flavor.slice(0, flavor.lastIndexOf('.')) },
    ...{ ...system, tenancy: tenancies[tenancy], class: classes[type], payment: plan.paymentOption },
    ...{ termSeconds: plan.durationSeconds, upfront: '0', hourly },
  }
}
