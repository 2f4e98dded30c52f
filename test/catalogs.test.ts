/** Where there are many of a kind, each one is listed, tested and explained; what is queued is handled, what is told has words. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { handlers as botHandlers } from '../bot/jobs/catalog.ts'
import { messages } from '../bot/messages/catalog.ts'
import { conditions } from '../engine/assignment/conditions/catalog.ts'
import { handlers as engineHandlers } from '../engine/jobs/catalog.ts'
import { queues } from '../engine/queues.ts'
import { recommendations } from '../engine/recommendations/catalog.ts'
import { stale } from './generate.ts'

const root = resolve(import.meta.dirname, '..')
const engineFiles = files(join(root, 'engine')).map((path) => readFileSync(path, 'utf8'))

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : name.endsWith('.ts') ? [path] : []
  })
}

describe('catalogs', () => {
  it('list exactly the files of their folders (run npm run fix)', () => {
    expect(stale()).toEqual([])
  })

  it('every queue of the timetable has exactly one handler', () => {
    const handled = [...engineHandlers, ...botHandlers].map(({ queue }) => queue)
    expect(handled.toSorted((a, b) => a.localeCompare(b))).toEqual(
      (Object.keys(queues) as (keyof typeof queues)[]).toSorted((a, b) => a.localeCompare(b)),
    )
  })

  it('every notification the engine decides has a message that says it', () => {
    const told = engineFiles.flatMap((text) =>
      [...text.matchAll(/\b(?:notify|tell)\(ctx,[^{]*\{[^}]*?\bkind: '([a-z-]+)'/g)].map(([, kind]) => kind!),
    )
    const known = new Set<string>(messages.map(({ name }) => name))
    expect(told.length).toBeGreaterThan(4)
    expect(told.filter((kind) => !known.has(kind))).toEqual([])
  })
})

describe.each(recommendations.map((one) => [one.id, one] as const))('recommendation %s', (id) => {
  const name = id.replaceAll('_', '-')
  it('is a file of its name with a test and a doc comment', () => {
    expect(existsSync(join(root, `engine/recommendations/${name}.ts`))).toBe(true)
    expect(existsSync(join(root, `test/recommendations/${name}.test.ts`))).toBe(true)
    expect(readFileSync(join(root, `engine/recommendations/${name}.ts`), 'utf8')).toMatch(
      /^\/\*\*[\s\S]+?\*\/\n(?:import|export)/m,
    )
  })
})

it('conditions are files of their kinds', () => {
  const missing = conditions.filter(({ kind }) => !existsSync(join(root, `engine/assignment/conditions/${kind}.ts`)))
  expect(missing).toEqual([])
})
