/** The house has arrows (who may import whom), budgets and guards. This reads every source file and says who broke which. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const rooms = ['bot', 'db', 'engine', 'integrations', 'web'] as const
const rootFiles = ['main.ts', 'cli.ts', 'config.ts', 'installation.ts', 'sandbox.ts']

type Source = { path: string; text: string; imports: { names: string; from: string; target: string | null }[] }

const sources = rooms
  .map((room) => join(root, room))
  .filter(existsSync)
  .flatMap(walk)
  .map(read)
const byPath = new Map(sources.map((source) => [source.path, source]))

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? walk(path) : name.endsWith('.ts') ? [path] : []
  })
}

function read(path: string): Source {
  const text = readFileSync(path, 'utf8')
  const statements = [
    ...text.matchAll(
      /^(?:import|export)\s+(?:type\s+)?([^'"]*?)\s*from\s*'([^']+)'|^import\s*'([^']+)'|import\('([^']+)'\)/gm,
    ),
  ]
  const imports = statements.map(([, names = '', from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic!
    const target = specifier.startsWith('.') ? relative(root, resolve(dirname(path), specifier)) : null
    return { names: names.trim(), from: specifier, target }
  })
  return { path: relative(root, path), text, imports }
}

const room = (path: string) => path.split('/')[0]!
const importedNames = (names: string) =>
  names
    .replaceAll(/[{}]/g, '')
    .split(',')
    .map((n) =>
      n
        .replace(/\btype\b/, '')
        .split(' as ')[0]!
        .trim(),
    )
    .filter(Boolean)
const contracts = ['cloud', 'calendar', 'bill', 'http', 'paging'].map((name) => `integrations/${name}.ts`)
const reading = /^(get|list|find|count|sum)[A-Z]/

/** Why this import is not allowed, or null. */
export function broken(from: string, target: string, names: string[]): string | null {
  const [here, there] = [room(from), room(target)]
  if (rootFiles.includes(target)) return 'only main and cli assemble'
  if (here === there) return here === 'integrations' ? crossCloud(from, target) : null
  if (here === 'db') return 'db imports only db'
  if (here === 'integrations') return target === 'db/vocabulary.ts' ? null : 'integrations see only db/vocabulary.ts'
  if (here === 'engine')
    return there === 'db' || contracts.includes(target) ? null : 'engine sees db and the contracts of integrations'
  if (there === 'engine' || target === 'db/vocabulary.ts' || target.startsWith('db/schema/')) return null
  if (here === 'bot' && target.startsWith('db/queries/slack')) return null
  if (target.startsWith('db/queries/')) {
    const writing = names.filter((name) => !reading.test(name) && !/^[A-Z]/.test(name))
    return writing.length ? `${here} may only read; ${writing.join(', ')} is not get/list/find/count/sum` : null
  }
  return `${here} may not import ${there}`
}

function crossCloud(from: string, target: string): string | null {
  const folder = (path: string) => (path.split('/').length > 2 ? path.split('/')[1] : null)
  if (contracts.includes(target) || folder(target) === folder(from)) return null
  return folder(from) === null && folder(target) !== null && from === 'integrations/clouds.ts'
    ? null
    : 'an integration sees its own folder and the contracts'
}

describe('arrows', () => {
  it('are kept by every import', () => {
    const found = sources.flatMap((source) =>
      source.imports.flatMap(({ target, names }) => {
        const why = target && broken(source.path, target, importedNames(names))
        return why ? [`${source.path} → ${target}: ${why}`] : []
      }),
    )
    expect(found).toEqual([])
  })

  it('refuse a bot import in the engine, a writing query in the bot and another cloud in a cloud', () => {
    expect(broken('engine/pools/pool.ts', 'bot/app.ts', ['createBot'])).toBeTruthy()
    expect(broken('bot/commands/recs.ts', 'db/queries/recommendations.ts', ['replaceFindings'])).toBeTruthy()
    expect(broken('bot/commands/recs.ts', 'db/queries/recommendations.ts', ['listFindings'])).toBeNull()
    expect(broken('integrations/aws/bill.ts', 'integrations/azure/bill.ts', ['x'])).toBeTruthy()
    expect(broken('db/client.ts', 'engine/money.ts', ['x'])).toBeTruthy()
  })

  it('have no star imports of queries', () => {
    const found = sources
      .filter((s) => s.imports.some((i) => i.names.startsWith('*') && i.target?.startsWith('db/queries')))
      .map((s) => s.path)
    expect(found).toEqual([])
  })

  it('recommendations never import each other', () => {
    const kind = /^engine\/recommendations\/[a-z0-9-]+\.ts$/
    const isModule = (path: string | null) =>
      path !== null && kind.test(path) && /^export default /m.test(byPath.get(path)?.text ?? '')
    const found = sources
      .filter((s) => isModule(s.path))
      .flatMap((s) => s.imports.filter((i) => isModule(i.target)).map((i) => `${s.path} → ${i.target}`))
    expect(found).toEqual([])
  })

  it('make no cycle, types included', () => {
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (path: string, trail: string[]) => {
      if (trail.includes(path)) return void cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      if (done.has(path)) return
      for (const { target } of byPath.get(path)?.imports ?? []) if (target) visit(target, [...trail, path])
      done.add(path)
    }
    for (const { path } of sources) visit(path, [])
    expect(cycles).toEqual([])
  })
})

const codeLines = (text: string) =>
  text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => line.trim() && !line.trim().startsWith('//')).length
const exempt = /^(db\/schema\/|db\/migrations\/)|catalog\.ts$|\.generated\.ts$/

describe('budgets', () => {
  it('files hold at most 300 code lines', () => {
    const found = sources
      .filter((s) => !exempt.test(s.path) && codeLines(s.text) > 300)
      .map((s) => `${s.path}: ${codeLines(s.text)}`)
    expect(found).toEqual([])
  })

  it('files import from at most 15 others', () => {
    const found = sources
      .filter((s) => !exempt.test(s.path) && new Set(s.imports.map((i) => i.from)).size > 15)
      .map((s) => `${s.path}: ${s.imports.length}`)
    expect(found).toEqual([])
  })

  it('functions have at most 60 lines', () => {
    const found = sources.flatMap((s) => longFunctions(s.text).map((f) => `${s.path}: ${f}`))
    expect(found).toEqual([])
  })

  it('imports climb at most two folders and folders lie at most two deep', () => {
    const climbing = sources.filter((s) => s.imports.some((i) => i.from.startsWith('../../../'))).map((s) => s.path)
    const deep = sources.filter((s) => s.path.split('/').length > 4).map((s) => s.path)
    expect([...climbing, ...deep]).toEqual([])
  })
})

/** Top-level functions by their first line and the closing brace in column 0. */
function longFunctions(text: string): string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, start) => {
    const name = line.match(/^(?:export )?(?:default )?(?:async )?function\*? ?(\w*)/)?.[1]
    if (name === undefined) return []
    const length = lines.slice(start).findIndex((l) => l.startsWith('}')) + 1
    return length > 60 ? [`${name} (${length})`] : []
  })
}

describe('names and guards', () => {
  const banned =
    /^(utils?|helpers?|common|misc|lib|core|base|manager|service|data|info|process|types|constants|index)\.ts$/
  it('no file is named after nothing', () => {
    expect(sources.filter((s) => banned.test(s.path.split('/').at(-1)!)).map((s) => s.path)).toEqual([])
  })

  it('file names are kebab-case', () => {
    expect(
      sources
        .filter((s) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.generated)?\.ts$/.test(s.path.split('/').at(-1)!))
        .map((s) => s.path),
    ).toEqual([])
  })

  it('only errors are classes', () => {
    expect(
      sources
        .filter((s) => /^\s*(export )?(default )?class (?!\w+ extends \w*Error\b)/m.test(s.text))
        .map((s) => s.path),
    ).toEqual([])
  })

  it('the engine asks the context for the time and nobody but config reads the environment', () => {
    const clock = sources
      .filter(
        (s) => room(s.path) === 'engine' && s.path !== 'engine/worker.ts' && /new Date\(\)|Date\.now\(\)/.test(s.text),
      )
      .map((s) => `${s.path}: use ctx.now()`)
    const env = sources.filter((s) => /process\.env/.test(s.text)).map((s) => `${s.path}: process.env`)
    expect([...clock, ...env]).toEqual([])
  })

  it('a verb that opens a transaction checks a right (or is a job) and records what changed', () => {
    const verbs = sources
      .filter((s) => room(s.path) === 'engine' && s.path !== 'engine/context.ts')
      .flatMap((s) => exportedVerbs(s))
    const open = verbs.filter((verb) => /\binTransaction\(/.test(verb.body))
    const unguarded = open
      .filter((verb) => !/assertCan|jobs may|mayOnly\w+/.test(verb.body))
      .map((verb) => `${verb.name}: no assertCan (a job-only verb says "jobs may" in a comment)`)
    const silent = open
      .filter((verb) => !/\brecord\(|no event:/.test(verb.body))
      .map((verb) => `${verb.name}: no record() (or a comment "no event: why")`)
    expect([...unguarded, ...silent]).toEqual([])
  })

  it('exported functions have a docstring', () => {
    const found = sources
      .filter((s) => !exempt.test(s.path) && !s.path.startsWith('db/queries/'))
      .flatMap((s) => {
        const lines = s.text.split('\n')
        return lines.flatMap((line, n) => {
          const name = line.match(/^export (?:async )?function\*? (\w+)/)?.[1]
          return name && !(lines[n - 1] ?? '').endsWith('*/') ? [`${s.path}: ${name}`] : []
        })
      })
    expect(found).toEqual([])
  })
})

function exportedVerbs({ path, text }: Source): { name: string; body: string }[] {
  const starts = [...text.matchAll(/^export async function (\w+)/gm)]
  return starts.map((start) => {
    const rest = text.slice(start.index)
    return { name: `${path} ${start[1]}`, body: rest.slice(0, rest.indexOf('\n}')) }
  })
}
