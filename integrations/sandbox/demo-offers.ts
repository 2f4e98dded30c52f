/**
 * What the demo's clouds offer besides on-demand hours: spot prices, reservations and savings plans of the machine types in
 * `demo-prices.ts`. The shares of the on-demand price are round numbers near those AWS asks.
 */
import type {
  SandboxMachineType,
  SandboxPlanRate,
  SandboxPrice,
  SandboxReservation,
  SandboxSpotPrice,
} from './aws-state.ts'
import { demoPrices } from './demo-prices.ts'

const yearSeconds = 31_536_000
const yearHours = 8760
const terms = [1, 3]
const payments = [
  { payment: 'No Upfront', atOnce: 0 },
  { payment: 'Partial Upfront', atOnce: 0.5 },
  { payment: 'All Upfront', atOnce: 1 },
]
/** Share of the on-demand price for a year; three years cost two thirds of that, paying at once a twentieth less. */
const shares = { standard: 0.63, convertible: 0.73, Compute: 0.73, EC2Instance: 0.63 }

const priceOf = (share: number, { years, atOnce }: { years: number; atOnce: number }) =>
  share * (years === 3 ? 2 / 3 : 1) * (1 - atOnce / 20)
const conditions = terms.flatMap((years) => payments.map((each) => ({ years, ...each })))
const soldIn = (region: string) => demoPrices.filter((price) => price.region === region)

/** What the offers of one region are, for its state. `now` ends the history of spot prices. */
export const demoMarket = (region: string, now: Date) => ({
  machineTypes: soldIn(region)
    .filter(({ os }) => !os)
    .map(toMachineType),
  spotPrices: soldIn(region).flatMap((price) => toSpotPrices(price, now)),
  reservations: soldIn(region).flatMap(toReservations),
})

/** EC2 counts m4 among the previous generations. */
const toMachineType = ({ type }: SandboxPrice): SandboxMachineType => ({
  ...{
    type,
    current: !type.startsWith('m4.'),
    architectures: type.startsWith('t2.') ? ['i386', 'x86_64'] : ['x86_64'],
  },
})

type Sold = (typeof demoPrices)[number]
/** How offers name a system. */
const described = ({ os }: Sold) => os ?? 'Linux/UNIX'
/** A commitment lowers the price of the machine, not of the licence on it. */
const withShare = ({ usd, licence = '0' }: Sold, share: number) =>
  (Number(usd) - Number(licence)) * share + Number(licence)

/** A price a day, which moves by a tenth around a third of the on-demand price. */
const toSpotPrices = ({ region, type, usd, ...more }: Sold, now: Date): SandboxSpotPrice[] =>
  Array.from({ length: 30 }, (_, n) => ({
    ...{ type, zone: `${region}a`, description: described({ region, type, usd, ...more }) },
    usd: ((Number(usd) / 3) * (1 + Math.sin(n) / 10)).toFixed(6),
    at: new Date(now.getTime() - n * 86_400_000),
  }))

const toReservations = (sold: Sold): SandboxReservation[] =>
  (['standard', 'convertible'] as const).flatMap((kind) =>
    conditions.map(({ years, payment, atOnce }) => {
      const { region, type, os = '' } = sold
      const hourly = withShare(sold, priceOf(shares[kind], { years, atOnce }))
      return {
        id: `${region}-${type}-${os}${kind}-${years}-${payment}`.toLowerCase().replaceAll(' ', '-'),
        ...{
          type,
          description: described(sold),
          tenancy: 'default',
          class: kind,
          payment,
          seconds: years * yearSeconds,
        },
        fixed: Math.round(hourly * atOnce * years * yearHours),
        hourly: Number((hourly * (1 - atOnce)).toFixed(5)),
      }
    }),
  )

/** The rates of savings plans in all regions of the demo. */
export const demoPlanRates: SandboxPlanRate[] = demoPrices.flatMap((sold) =>
  (['Compute', 'EC2Instance'] as const).flatMap((plan) =>
    conditions.map(({ years, payment, atOnce }) => ({
      offering: {
        id: `demo-${plan}-${years}-${payment}`.toLowerCase().replaceAll(' ', '-'),
        ...{ type: plan, payment, seconds: years * yearSeconds },
      },
      ...{ region: sold.region, type: sold.type, description: described(sold), tenancy: 'shared' as const },
      usageType: `BoxUsage:${sold.type}`,
      rate: withShare(sold, priceOf(shares[plan], { years, atOnce })).toFixed(10),
    })),
  ),
)
