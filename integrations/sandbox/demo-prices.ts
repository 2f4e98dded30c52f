/**
 * On-demand prices of the families the demo uses. The rates of the sizes on its bills are the real ones of the data
 * (`pricing/publicOnDemandRate`); other sizes of a family follow from them, because AWS doubles price with size. What
 * the data has not (m4, m5, Windows, databases) is at the public list price.
 */
import type { SandboxPrice } from './aws-state.ts'

type Family = { memoryPerStep: number; sizes: [size: string, cpus: number, steps: number][] }

/** One step is the size `small` for t2 and t3, `large` for c5 and c5d. */
const burstable: Family['sizes'] = [
  ['micro', 1, 0.5],
  ['small', 1, 1],
  ['medium', 2, 2],
  ['large', 2, 4],
  ['xlarge', 4, 8],
  ['2xlarge', 8, 16],
]
const fixed: Family['sizes'] = [
  ['large', 2, 1],
  ['xlarge', 4, 2],
  ['2xlarge', 8, 4],
  ['4xlarge', 16, 8],
]

const families: Record<string, Family> = {
  t2: { memoryPerStep: 2, sizes: burstable },
  t3: { memoryPerStep: 2, sizes: burstable.map(([size, cpus, steps]) => [size, Math.max(2, cpus), steps]) },
  c5: { memoryPerStep: 4, sizes: fixed },
  c5d: { memoryPerStep: 4, sizes: fixed },
  m4: { memoryPerStep: 8, sizes: fixed },
  m5: { memoryPerStep: 8, sizes: fixed },
}

/** Ten-thousandths of a dollar per hour and step. */
const rates: Record<string, Record<string, number>> = {
  'us-east-1': { t2: 232, t3: 208, c5: 850, c5d: 960 },
  'us-west-1': { t2: 276, t3: 248 },
  'us-west-2': { t2: 232, t3: 208, m4: 1000, m5: 960 },
}

/** What Windows costs besides, per hour and step. */
const windows: Record<string, number> = { m5: 920 }

/** Machines in what `GetProducts` of the demo answers; `licence` is the part of the price no commitment makes cheaper. */
export const demoPrices: (SandboxPrice & { licence?: string })[] = Object.entries(rates).flatMap(([region, own]) =>
  Object.entries(own).flatMap(([family, rate]) => {
    const { memoryPerStep, sizes } = families[family]!
    return sizes.flatMap(([size, cpus, steps]) => {
      const machine = { region, type: `${family}.${size}`, cpus, memoryGib: memoryPerStep * steps }
      const usd = (each: number) => ((each * steps) / 10_000).toFixed(10)
      const licence = windows[family]
      const licensed = licence ? [{ ...machine, os: 'Windows', usd: usd(rate + licence), licence: usd(licence) }] : []
      return [{ ...machine, usd: usd(rate) }, ...licensed]
    })
  }),
)

/** PostgreSQL in one zone. */
export const demoDatabasePrices: SandboxPrice[] = [
  { type: 'db.t3.medium', cpus: 2, memoryGib: 4, usd: '0.0720000000' },
  { type: 'db.t3.large', cpus: 2, memoryGib: 8, usd: '0.1450000000' },
  { type: 'db.t3.xlarge', cpus: 4, memoryGib: 16, usd: '0.2900000000' },
].map((each) => ({ ...each, region: 'us-west-2', engine: 'PostgreSQL' }))
