import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { manuals, recommendations } from '../../engine/recommendations/catalog.ts'
import { optionsSchema } from '../../engine/recommendations/options.ts'

describe.each(recommendations)('$id', (one) => {
  const file = one.id.replaceAll('_', '-')

  it('is the file of that name and has a test', () => {
    expect(existsSync(join(import.meta.dirname, `../../engine/recommendations/${file}.ts`))).toBe(true)
    expect(existsSync(join(import.meta.dirname, `${file}.test.ts`))).toBe(true)
  })

  it('has a manual that says when it is reported, what it saves and how it ends', () => {
    expect(manuals[one.id]).toMatch(/Reported when[\s\S]*Saving: [\s\S]*Ends as /)
  })

  it('names every option and every piece of evidence for people, and every option has a default', () => {
    const fields = Object.entries({ ...optionsSchema(one).shape, ...one.evidence.shape }) as [string, z.ZodType][]
    for (const [name, field] of fields) expect(field.meta()?.['label'], name).toBeTruthy()
    expect(optionsSchema(one).safeParse({}).error).toBeUndefined()
  })
})

it('no two have the same id or title', () => {
  expect(new Set(recommendations.map((one) => one.id)).size).toBe(recommendations.length)
  expect(new Set(recommendations.map((one) => one.title)).size).toBe(recommendations.length)
})
