import { beforeAll, expect, it } from 'vitest'
import { findOption, replaceOption, setOption } from '../../../db/queries/organizations.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

it('an option that somebody edited meanwhile is not overwritten by what was read before', async () => {
  const row = { orgId: w.org.id, name: 'recommendation_x' }
  const value = () => findOption(w.deps.db, row)
  await setOption(w.deps.db, { ...row, value: { days: 1, list: ['a'] } })
  const before = (await value())!
  expect(await replaceOption(w.deps.db, { ...row, value: { days: 2 }, before })).toBe(true)
  await setOption(w.deps.db, { ...row, value: { days: 30 } })
  expect(await replaceOption(w.deps.db, { ...row, value: { days: 3 }, before: { days: 2 } })).toBe(false)
  expect(await value()).toEqual({ days: 30 })
})
