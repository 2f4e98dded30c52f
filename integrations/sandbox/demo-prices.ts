/**
 * On-demand Linux prices of the families the demo uses. The rates of the sizes on its bills are the real ones of the data
 * (`pricing/publicOnDemandRate`); other sizes of a family follow from them, because AWS doubles price with size.
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
}

/** Ten-thousandths of a dollar per hour and step. */
const rates: Record<string, Record<string, number>> = {
  'us-east-1': { t2: 232, t3: 208, c5: 850, c5d: 960 },
  'us-west-1': { t2: 276, t3: 248 },
  'us-west-2': { t2: 232, t3: 208 },
}

/** What `GetProducts` of the demo answers. */
export const demoPrices: SandboxPrice[] = Object.entries(rates).flatMap(([region, own]) =>
  Object.entries(own).flatMap(([family, rate]) => {
    const { memoryPerStep, sizes } = families[family]!
    return sizes.map(([size, cpus, steps]) => ({
      region,
      type: `${family}.${size}`,
      cpus,
      memoryGib: memoryPerStep * steps,
      usd: ((rate * steps) / 10_000).toFixed(10),
    }))
  }),
)
