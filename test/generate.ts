/**
 * Writes the catalog of every series: `catalog.ts` imports each default export of its folder into one array.
 *
 *   node test/generate.ts            writes what is stale
 *   node test/generate.ts --check    only says what is stale, and fails
 *
 * Then `manifest.json` and `RECOMMENDATIONS.md` are written from the catalogs; tests say when they are stale.
 * A folder that does not exist yet is skipped. A file without a default export is machinery, not an item.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

/**
 * A folder of many of a kind. `contract` lists where the item's type may be declared: `Any<Type>` wins over `<Type>`;
 * with neither the array keeps the type it infers. `manuals`: the doc comments are the user's manual, by id.
 */
type Series = { folder: string; name: string; type: string; contract: string[]; manuals?: true }

const series: Series[] = [
  {
    folder: 'engine/recommendations',
    name: 'recommendations',
    type: 'Recommendation',
    contract: ['./recommendation.ts'],
    manuals: true,
  },
  {
    folder: 'engine/assignment/conditions',
    name: 'conditions',
    type: 'Condition',
    contract: ['./condition.ts', '../condition.ts'],
  },
  { folder: 'engine/jobs', name: 'handlers', type: 'Handler', contract: ['../worker.ts'] },
  { folder: 'bot/jobs', name: 'handlers', type: 'Handler', contract: ['../../engine/worker.ts'] },
  ...['command', 'action', 'modal', 'message', 'event', 'shortcut'].map((kind) => ({
    folder: `bot/${kind}s`,
    name: `${kind}s`,
    type: capital(kind),
    contract: [`./${kind}.ts`],
  })),
]

/** The catalogs as they should be, for the folders that exist. */
export function catalogs(): { path: string; text: string }[] {
  return series.filter(({ folder }) => existsSync(join(root, folder))).map(catalog)
}

/** Paths of the catalogs that are missing or differ from what would be written. */
export function stale(): string[] {
  return catalogs()
    .filter(({ path, text }) => read(path) !== text)
    .map(({ path }) => path)
}

function catalog(one: Series): { path: string; text: string } {
  const items = readdirSync(join(root, one.folder))
    .filter((file) => file.endsWith('.ts') && file !== 'catalog.ts')
    .toSorted()
    .map((file) => ({ file, text: read(`${one.folder}/${file}`) ?? '' }))
    .filter(({ text }) => /^export default /m.test(text))
    .map((item) => ({ ...item, name: itemName(item.file, one) }))
  const type = itemType(one)
  const imports = [
    ...items.map(({ name, file }) => ({ from: `./${file}`, line: `import ${name} from './${file}'` })),
    ...(type ? [{ from: type.from, line: `import type { ${type.name} } from '${type.from}'` }] : []),
  ]
  const text = [
    '// Made by test/generate.ts. Do not edit.',
    ...imports.map(({ line }) => line),
    ...(imports.length ? [''] : []),
    `/** Every default export of this folder, by file name. */`,
    list(
      `export const ${one.name}${type ? `: ${type.name}[]` : items.length ? '' : ': never[]'} = `,
      items.map(({ name }) => name),
    ),
    ...(one.manuals ? manuals(items) : []),
  ].join('\n')
  return { path: `${one.folder}/catalog.ts`, text: `${text}\n` }
}

/** The type of an item where its contract declares one that takes no parameters. */
function itemType({ folder, type, contract }: Series): { name: string; from: string } | null {
  for (const from of contract) {
    const text = read(join(folder, from)) ?? ''
    const name = [`Any${type}`, type].find((name) => new RegExp(`^export type ${name} =`, 'm').test(text))
    if (name) return { name, from }
  }
  return null
}

/** camelCase of the file name; a word the language or the array has taken gets the kind behind it. */
function itemName(file: string, { name, type }: Series): string {
  const camel = file.replace(/\.ts$/, '').replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const taken = ['delete', 'new', 'default', 'switch', 'import', 'export', 'return', 'in', 'for', 'with', name]
  return taken.includes(camel) || !/^[a-z]/.test(camel) ? `${camel}${type}` : camel
}

/** One line when it fits, one item per line otherwise, as the formatter wants it. */
function list(start: string, names: string[]): string {
  const line = `${start}[${names.join(', ')}]`
  return line.length <= 120 ? line : `${start}[\n${names.map((name) => `  ${name},\n`).join('')}]`
}

function manuals(items: { file: string; text: string }[]): string[] {
  const entries = items.map(({ file, text }) => {
    const id = file.replace(/\.ts$/, '').replaceAll('-', '_')
    return `  ${id}: \`${manual(text).replaceAll(/[`\\]|\$\{/g, (found) => `\\${found}`)}\`,`
  })
  const body = entries.length ? `{\n${entries.join('\n')}\n}` : '{}'
  return [
    '',
    '/** The doc comment of each file is its manual: what is reported, how the saving is computed, how it ends. */',
    `export const manuals: Record<string, string> = ${body}`,
  ]
}

/** The text of the first doc comment, without its stars. */
function manual(text: string): string {
  const comment = text.match(/^\s*\/\*\*([\s\S]*?)\*\//)?.[1] ?? ''
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim()
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1)
}

function read(path: string): string | null {
  const full = join(root, path)
  return existsSync(full) ? readFileSync(full, 'utf8') : null
}

/** What is made from the catalogs; read only once they are fresh, so the import is late. */
async function fromCatalogs(): Promise<{ path: string; text: string }[]> {
  const { manifestText } = await import('../bot/manifest.ts')
  const { recommendationsPage } = await import('./recommendations-page.ts')
  return [
    { path: 'manifest.json', text: manifestText() },
    { path: 'RECOMMENDATIONS.md', text: recommendationsPage() },
  ]
}

function write(files: { path: string; text: string }[]): void {
  for (const { path, text } of files.filter(({ path, text }) => read(path) !== text)) {
    writeFileSync(join(root, path), text)
    console.log(`wrote ${path}`)
  }
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const old = stale()
    for (const path of old) console.error(`${path} is stale: run node test/generate.ts`)
    process.exitCode = old.length ? 1 : 0
  } else {
    write(catalogs())
    write(await fromCatalogs())
  }
}
