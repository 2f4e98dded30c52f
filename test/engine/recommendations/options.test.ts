import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { getRecommendation, readOptions, setOptions } from '../../../engine/recommendations/options.ts'
import { meanwhile } from '../../meanwhile.ts'
import { world } from '../../world.ts'

const w = await world()

it('keeps both when two people change two of them at once', async () => {
  const recommendation = 'obsolete_ips'
  await setOptions(w.as(), { recommendation, options: { days_threshold: 8 } })
  const skip = [randomUUID()]
  await meanwhile(w, (tx) => tx`select from options for update`, {
    work: () =>
      Promise.all([
        setOptions(w.as(), { recommendation, options: { days_threshold: 30 } }),
        setOptions(w.as(), { recommendation, options: { skip_cloud_accounts: skip } }),
      ]),
    waiting: 2,
  })
  expect(await readOptions(w.as(), getRecommendation(recommendation))).toMatchObject({
    days_threshold: 30,
    skip_cloud_accounts: skip,
  })
})
