/** Documents are part of the change: every path, script and command they name exists. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settings } from '../config.ts'
import { recommendationsPage } from './recommendations-page.ts'

const root = resolve(import.meta.dirname, '..')
const documents = readdirSync(root).filter((name) => name.endsWith('.md'))
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts)
const rooms = ['bot', 'engine', 'integrations', 'db', 'web', 'test', '.ci']

/** Paths in backticks or links that claim to be ours: they start with a room, or are a file of the root. `…` and `<` mark patterns. */
export function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\s]+)`/g), ...text.matchAll(/\]\(([^)\s#]+)\)/g)].map(([, path]) => path!)
  const ours = quoted.filter(
    (path) => rooms.some((room) => path.startsWith(`${room}/`)) || /^[\w-]+\.(ts|mjs|json|md)$/.test(path),
  )
  return ours.filter((path) => !/[<…*{]/.test(path))
}

describe('the documents', () => {
  it.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'DECISIONS.md', 'CHANGELOG.md'])(
    '%s is there',
    (name) => {
      expect(documents).toContain(name)
    },
  )

  it.each(documents)('%s names only paths that exist', (name) => {
    const stale = pathsIn(read(name)).filter((path) => !existsSync(join(root, path.replace(/:\d+$/, ''))))
    expect(stale).toEqual([])
  })

  it.each(documents)('%s names only npm scripts that exist', (name) => {
    const named = [...read(name).matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
      ([, script, short]) => script ?? short!,
    )
    expect(named.filter((script) => !scripts.includes(script))).toEqual([])
  })

  it('the README explains every setting and no other', () => {
    const named = [...read('README.md').matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, setting]) => setting!)
    expect(named.sort()).toEqual(settings.map(({ name }) => name).sort())
  })

  it('DECISIONS.md gives a reason for every dependency', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    const text = read('DECISIONS.md')
    expect(
      Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !text.includes(`\`${name}\``)),
    ).toEqual([])
  })

  it('RECOMMENDATIONS.md is what the modules say (run npm run fix)', () => {
    expect(read('RECOMMENDATIONS.md')).toBe(recommendationsPage())
  })

  it('a stale path is found', () => {
    expect(pathsIn('see `engine/nowhere.ts` and [x](db/gone.ts)')).toEqual(['engine/nowhere.ts', 'db/gone.ts'])
    expect(existsSync(join(root, 'engine/nowhere.ts'))).toBe(false)
  })
})
