/** How busy the demo's instances are: recorded where the data has it, else one of three plain habits. */
import { createHash } from 'node:crypto'
import { rows } from './demo-bills.ts'

/** Load in one interval of 900 s: CPU in per cent, the others per second. */
export type Load = { cpu: number; networkIn: number; networkOut: number; diskReads: number; diskWrites: number }

const stepMs = 900_000
const dayMs = 86_400_000

type Series = { oldest: number; values: number[] }

/** Recorded series by resource number and metric; times are ms before the demo's start. */
const recorded = (): Map<string, Series> =>
  new Map(
    rows('aws_metrics').map((row) => [
      `${String(row['resource_id'])} ${String(row['metric'])}`,
      { oldest: Number(row['oldest_offset']) * 1000, values: row['values'] as number[] },
    ]),
  )

/**
 * The load of a demo instance at any time. A recording goes on before its first and after its last value with the same
 * time of the week, or of the day when it is shorter than a week.
 */
export function demoLoad(now: Date): (of: { id: string; name: string; at: Date }) => Load {
  const series = recorded()
  const start = Math.floor(now.getTime() / stepMs) * stepMs
  return ({ id, name, at }) => {
    const read = (metric: string) => valueAt(series.get(`${id} ${metric}`), start - at.getTime())
    const cpu = read('cpu')
    if (cpu === null) return (habits[name] ?? idle)(at, name)
    const [networkIn, networkOut] = [read('network_in_io') ?? 0, read('network_out_io') ?? 0]
    return { cpu, networkIn, networkOut, diskReads: read('disk_read_io') ?? 0, diskWrites: read('disk_write_io') ?? 0 }
  }
}

function valueAt(series: Series | undefined, ago: number): number | null {
  if (!series) return null
  const { oldest, values } = series
  const newest = oldest - (values.length - 1) * stepMs
  const repeat = oldest - newest >= 7 * dayMs ? 7 * dayMs : dayMs
  const later = Math.max(0, Math.ceil((ago - oldest) / repeat))
  const earlier = Math.max(0, Math.ceil((newest - ago) / repeat))
  return values[Math.round((oldest - (ago - (later - earlier) * repeat)) / stepMs)] ?? null
}

type Habit = (at: Date, name: string) => Load

/** 0 to 1, the same for the same instance and time. */
const chance = (at: Date, name: string) =>
  createHash('md5').update(`${name} ${at.getTime()}`).digest().readUInt16BE(0) / 65_535

const idle: Habit = (at, name) => {
  const some = chance(at, name)
  return {
    cpu: 0.3 + some,
    networkIn: 90 + 60 * some,
    networkOut: 120 + 80 * some,
    diskReads: 0,
    diskWrites: 0.1 * some,
  }
}

const steady =
  (cpu: number): Habit =>
  (at, name) => {
    const some = chance(at, name)
    return {
      cpu: cpu + 4 * some,
      networkIn: 22_000 + 9000 * some,
      networkOut: 25_000 + 9000 * some,
      diskReads: some,
      diskWrites: 2,
    }
  }

/** Busy from Monday to Friday, 7 to 19 o'clock UTC. */
const officeHours: Habit = (at, name) => {
  const working = at.getUTCDay() % 6 !== 0 && at.getUTCHours() >= 7 && at.getUTCHours() < 19
  const some = chance(at, name)
  return working
    ? { cpu: 18 + 30 * some, networkIn: 30_000 + 40_000 * some, networkOut: 90_000 * some, diskReads: 4, diskWrites: 9 }
    : idle(at, name)
}

const habits: Record<string, Habit> = {
  aqa_us_instance_for_migration: steady(9),
  'wg-oregon': steady(2),
  'wg-frankfurt': steady(3),
  sunflowerWebSite: officeHours,
  orchidAiWebsite: officeHours,
  'orchid-dev-proxy': steady(6),
}
