/**
 * `npm run bench -- [--quick] [--rounds N] [name …]`: runs the benchmarks of this folder (every file that exports `bench`),
 * prints them, writes bench.json beside the text and exits 1 when a gate is missed.
 */
import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { machine, printReport, runBench, type Bench, type Report } from './harness.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    out: { type: 'string', default: 'bench.json' },
  },
})

const files = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.ts') && !/^(run|harness|bills)\.ts$/.test(name),
)
const names = files
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !positionals.length || positionals.includes(name))
const where = machine()
console.log(
  Object.entries(where)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · '),
)

const reports: Report[] = []
for (const name of names) {
  const { bench } = (await import(join(import.meta.dirname, `${name}.ts`))) as { bench?: Bench }
  if (!bench) continue
  const report = await runBench(bench, { quick: values.quick, rounds: Number(values.rounds ?? (values.quick ? 2 : 5)) })
  reports.push(report)
  console.log(printReport(report))
}
await writeFile(values.out, `${JSON.stringify({ machine: where, quick: values.quick, reports }, null, 2)}\n`)
const missed = reports.flatMap(({ name, gates }) =>
  gates.filter(({ verdict }) => verdict === 'MISSED').map(({ goal }) => `${name}: ${goal}`),
)
if (missed.length) {
  console.error(`Missed: ${missed.join('; ')}`)
  process.exitCode = 1
}
