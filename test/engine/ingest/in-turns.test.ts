import { expect, it } from 'vitest'
import { inTurns } from '../../../engine/ingest/in-turns.ts'

it('answers in the order of the items, so many side by side', async () => {
  let [now, most] = [0, 0]
  const work = async (n: number) => {
    most = Math.max(most, (now += 1))
    await new Promise((resolve) => setTimeout(resolve, 10 - n))
    now -= 1
    return n * 2
  }
  expect(await inTurns([1, 2, 3, 4, 5], 2, work)).toEqual([2, 4, 6, 8, 10])
  expect(most).toBe(2)
})

it('nothing is begun after a throw, and all that was begun is over when it is thrown', async () => {
  const [begun, ended]: number[][] = [[], []]
  const work = async (n: number) => {
    begun!.push(n)
    await new Promise((resolve) => setTimeout(resolve, n === 1 ? 5 : 30))
    if (n === 1) throw new Error('no')
    ended!.push(n)
  }
  await expect(inTurns([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('no')
  expect([begun, ended]).toEqual([[1, 2], [2]])
})
