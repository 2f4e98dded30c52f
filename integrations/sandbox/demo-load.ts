/** How busy the demo's instances are: recorded where the data has it, else one of three plain habits. */
import { createHash } from 'node:crypto'
import { rows } from './demo-rows.ts'

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

/** Windows updates itself and its services talk, even at night. */
const windowsOffice: Habit = (at, name) => {
  const { cpu, ...more } = officeHours(at, name)
  return { ...more, cpu: cpu + 1 }
}

/** One sample of a CloudWatch metric of the demo's database: little work, always some. */
export function databaseLoad(metric: string, at: Date): number | null {
  const some = chance(at, `database ${metric}`)
  const around: Record<string, number> = {
    ...{
      CPUUtilization: 14,
      DatabaseConnections: 9,
      NetworkReceiveThroughput: 21_000,
      NetworkTransmitThroughput: 64_000,
    },
    ...{ ReadIOPS: 3, WriteIOPS: 12 },
  }
  const middle = around[metric]
  return middle === undefined ? null : middle * (0.75 + some / 2)
}

const habits: Record<string, Habit> = {
  'erp-reports': windowsOffice,
  'legacy-search': steady(31),
  aqa_us_instance_for_migration: steady(9),
  'wg-oregon': steady(2),
  'wg-frankfurt': steady(3),
  sunflowerWebSite: officeHours,
  orchidAiWebsite: officeHours,
  'orchid-dev-proxy': steady(6),
}
