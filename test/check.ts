/** `npm run check`: format, lint, types, generated files fresh, all tests. `npm run fix` mends what can be mended. */
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const fix = process.argv.includes('--fix')
const bin = (name: string) => join(root, 'node_modules/.bin', name)
const node = process.execPath

type Step = { name: string; command: string[] }
const steps: Step[] = [
  { name: 'generated catalogs', command: [node, 'test/generate.ts', ...(fix ? [] : ['--check'])] },
  // What the linter mends is formatted after it.
  { name: 'lint', command: [node, 'node_modules/oxlint/bin/oxlint', '--quiet', ...(fix ? ['--fix'] : [])] },
  { name: 'format', command: [node, 'node_modules/oxfmt/bin/oxfmt', ...(fix ? [] : ['--check']), '.'] },
  { name: 'types', command: [bin('tsc'), '-p', '.'] },
  ...(fix ? [] : [{ name: 'tests', command: [node, 'node_modules/vitest/vitest.mjs', 'run'] }]),
]

const failed = steps.filter(({ name, command }) => !run(name, command)).map(({ name }) => name)
if (!migrationsAreFresh()) failed.push('migrations')
if (failed.length) {
  console.error(`Not green: ${failed.join(', ')}`)
  process.exit(1)
}
console.log(fix ? 'Mended what can be mended.' : 'Green.')

function run(name: string, [command, ...args]: string[]): boolean {
  const started = Date.now()
  const { status } = spawnSync(command!, args, { cwd: root, stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  return status === 0
}

/** Generating the migrations again must produce nothing: the tables and the SQL say the same. */
function migrationsAreFresh(): boolean {
  const folder = join(root, 'db/migrations')
  const before = new Set(readdirSync(folder))
  const { stdout } = spawnSync(node, ['node_modules/drizzle-kit/bin.cjs', 'generate', '--name', 'forgotten'], {
    cwd: root,
    encoding: 'utf8',
  })
  const added = readdirSync(folder).filter((name) => !before.has(name))
  for (const name of added) rmSync(join(folder, name))
  if (added.length) spawnSync('git', ['checkout', '-q', '--', 'db/migrations/meta'], { cwd: root })
  const fresh = added.length === 0 && stdout.includes('No schema changes')
  console.log(`${fresh ? 'ok  ' : 'FAIL'} migrations`)
  return fresh
}
