import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { runDuplicateCheck } from '../../../engine/duplicates/check.ts'
import { getDuplicateCheck } from '../../../engine/duplicates/matrix.ts'
import { startDuplicateCheck } from '../../../engine/duplicates/start.ts'
import { bucketsWorld, type Item } from './buckets-world.ts'

it('kill -9 at three moments of a check leaves no figure, and the next try finds everything once', async () => {
  const w = await bucketsWorld()
  w.aws.state.pageLimit = 20
  const items = Array.from({ length: 1000 }, (_, n): Item => [`k${n}`, `t${n % 400}`, 10])
  const buckets = [await w.bucket('one', items), await w.bucket('two', items.slice(0, 500))]
  const { id } = await startDuplicateCheck(w.as(), { bucketIds: buckets.map((bucket) => bucket.id) })
  for (const calls of [5, 30, 70]) {
    const before = w.aws.calls.length
    const file = join(import.meta.dirname, 'check-child.ts')
    const child = spawn(process.execPath, [file, w.url, w.org.id, id, w.aws.url], { stdio: 'ignore' })
    while (w.aws.calls.length < before + calls && child.exitCode === null) await sleep(5)
    child.kill('SIGKILL')
    await once(child, 'close')
    const { check, matrix } = await getDuplicateCheck(w.as(), id)
    expect(check).toMatchObject({ state: 'running', groups: 0 })
    expect(matrix.flat().filter((cell) => cell !== null)).toEqual([])
  }
  await runDuplicateCheck(w.job(), { checkId: id })
  const { check } = await getDuplicateCheck(w.as(), id)
  // 1000 + 500 objects of 10 bytes with 400 tags, each at least three times.
  expect(check).toMatchObject({ state: 'success', attempts: 4, objects: 1500, groups: 400, duplicateObjects: 1500 })
  expect(check.duplicateBytes).toBe((1500 - 400) * 10)
}, 120_000)
