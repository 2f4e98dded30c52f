/** Goal 8: five times the lines of a report, gzip, take about five times as long and little more memory. */
import { join } from 'node:path'
import { writeBill } from './bills.ts'
import type { Bench } from './harness.ts'
import { measureApart } from './import-apart.ts'
import { ingestWorld } from './ingest-world.ts'

export const bench: Bench = {
  name: 'ingest-scale',
  async open({ quick }) {
    const [few, many] = quick ? [50_000, 250_000] : [1_000_000, 5_000_000]
    const w = await ingestWorld(['max_wal_size=8GB'])
    const memory: Record<string, number> = {}
    const contender = async (name: string, lines: number) => {
      const file = join(w.folder, `${lines}.csv.gz`)
      await writeBill(file, { lines })
      const run = async () => {
        const measured = await measureApart(w, file)
        memory[name] = Math.max(memory[name] ?? 0, measured.memory)
        return measured.took
      }
      return { name, run }
    }
    const [one, five] = ['lines', 'five times the lines']
    return {
      unit: 's',
      contenders: [await contender(one, few), await contender(five, many)],
      gates: [
        // A small bill takes a second of which most is starting.
        { goal: 'time of 5× the lines (goal 8)', atMost: 7, value: (best) => best(five) / best(one) },
        { goal: 'memory of 5× the lines (goal 8)', atMost: 2, value: () => memory[five]! / memory[one]! },
      ],
      compare: () =>
        Promise.resolve(`${few} and ${many} lines, memory of the process ${memory[one]} and ${memory[five]} MB`),
      close: () => w.close(),
    }
  },
}
