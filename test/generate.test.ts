import { expect, it } from 'vitest'
import { stale } from './generate.ts'

it('every catalog lists exactly the files of its folder (run node test/generate.ts)', () => {
  expect(stale()).toEqual([])
})
