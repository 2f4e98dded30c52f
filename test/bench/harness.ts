/**
 * What every benchmark has in common: contenders run by turns on the same data, their results are compared before any time
 * is shown, best and median are kept, ratios of bests are held against gates.
 */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'

/** One of those compared: `run` does the whole work once and returns what it took, in the bench's unit. */
export type Contender = { name: string; run: () => Promise<number> } | { name: string; skipped: string }

/** A promise about the bests: `value` computes it, NaN when a contender was skipped. */
export type Gate = {
  goal: string
  value: (best: (name: string) => number) => number
  /** `atMost` or `atLeast`, in CI. */
  atMost?: number
  atLeast?: number
}

export type Opened = {
  contenders: Contender[]
  gates: Gate[]
  unit: 's' | 'ms' | '/s'
  /** Throws when the contenders disagree; returns a sentence on what they agree about. Runs after the first round. */
  compare: () => Promise<string>
  close: () => Promise<void>
}

export type Bench = { name: string; open: (options: { quick: boolean }) => Promise<Opened> }

type Times = { best: number; median: number; all: number[] }
export type Report = {
  name: string
  unit: string
  agreed: string
  times: Record<string, Times | { skipped: string }>
  gates: { goal: string; value: number | null; gate: string; verdict: 'ok' | 'MISSED' | 'skipped' }[]
}

/** Runs one benchmark: a round of everybody by turns, then the comparison, then the other rounds. */
export async function runBench(bench: Bench, { quick, rounds }: { quick: boolean; rounds: number }): Promise<Report> {
  const opened = await bench.open({ quick })
  const all = new Map<string, number[]>()
  let agreed = ''
  try {
    for (let round = 0; round < rounds; round++) {
      for (const contender of opened.contenders)
        if ('run' in contender) all.set(contender.name, [...(all.get(contender.name) ?? []), await contender.run()])
      if (round === 0) agreed = await opened.compare()
    }
  } finally {
    await opened.close()
  }
  const times = Object.fromEntries(
    opened.contenders.map((contender) =>
      'run' in contender
        ? [contender.name, summary(all.get(contender.name)!, opened.unit)]
        : [contender.name, { skipped: contender.skipped }],
    ),
  )
  const best = (name: string) => {
    const of = times[name]
    return of && 'best' in of ? of.best : Number.NaN
  }
  return { name: bench.name, unit: opened.unit, agreed, times, gates: opened.gates.map((gate) => judge(gate, best)) }
}

function summary(all: number[], unit: Opened['unit']): Times {
  const sorted = all.toSorted((a, b) => (unit === '/s' ? b - a : a - b))
  return { best: sorted[0]!, median: sorted[sorted.length >> 1]!, all }
}

function judge({ goal, value, atMost, atLeast }: Gate, best: (name: string) => number): Report['gates'][number] {
  const found = value(best)
  const gate = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`
  if (Number.isNaN(found)) return { goal, value: null, gate, verdict: 'skipped' }
  const kept = atMost === undefined ? found >= atLeast! : found <= atMost
  return { goal, value: found, gate, verdict: kept ? 'ok' : 'MISSED' }
}

/** Seconds a piece of work takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** The lines people read: every contender with its ratio to ours, then the gates. */
export function printReport({ name, unit, agreed, times, gates }: Report): string {
  const ours = Object.values(times)[0]
  const base = ours && 'best' in ours ? ours.best : Number.NaN
  const parts = Object.entries(times).map(([who, time], at) => {
    if ('skipped' in time) return `${who} skipped (${time.skipped})`
    const ratio = at === 0 ? '' : ` (${digits(Math.max(time.best, base) / Math.min(time.best, base))}×)`
    return `${who} ${digits(time.best)} ${unit}${ratio}, median ${digits(time.median)}`
  })
  const verdicts = gates.map(
    ({ goal, value, gate, verdict }) =>
      `    ${verdict.padEnd(7)} ${goal}: ${value === null ? '–' : digits(value)} (gate ${gate})`,
  )
  return [`${name.padEnd(26)} ${parts.join('   ')}`, `    same: ${agreed}`, ...verdicts].join('\n')
}

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value >= 0.1 ? value.toFixed(2) : value.toFixed(4)

/** Where it ran: figures mean little without it. */
export function machine(): Record<string, string> {
  return {
    at: new Date().toISOString(),
    node: process.version,
    cores: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
    commit: commit(),
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    return 'unknown'
  }
}
