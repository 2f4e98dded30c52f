import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inTurns } from '../../../engine/ingest/in-turns.ts'

describe('work in turns', () => {
  it('has no more than so many under way, and answers in the order of the items', async () => {
    let [now, most] = [0, 0]
    const answers = await inTurns([30, 10, 20, 0], 2, async (ms) => {
      most = Math.max(most, ++now)
      await sleep(ms)
      now--
      return ms * 2
    })
    expect(answers).toEqual([60, 20, 40, 0])
    expect(most).toBe(2)
  })

  it('begins nothing after a throw, and throws it once what was under way has ended', async () => {
    const [begun, ended]: [number[], number[]] = [[], []]
    const work = async (n: number) => {
      begun.push(n)
      if (n === 1) throw new Error('the first')
      await sleep(50)
      ended.push(n)
    }
    await expect(inTurns([0, 1, 2, 3], 2, work)).rejects.toThrow('the first')
    expect([begun, ended]).toEqual([[0, 1], [0]])
  })
})
