import { describe, expect, it } from 'vitest'
import { refuseVanishing } from '../../../engine/ingest/vanish.ts'

const refused = (...counts: [region: string, known: number, gone: number][]) => [
  ...refuseVanishing(
    'Volume',
    counts.map(([region, known, gone]) => ({ region, known, gone })),
  ).keys(),
]

describe('a vanishing', () => {
  it.each([
    { name: 'ten of ten is fine', counts: [['a', 10, 10]], refused: [] },
    { name: 'eleven of eleven is refused', counts: [['a', 11, 11]], refused: ['a'] },
    { name: 'eleven of twenty-two is fine', counts: [['a', 22, 11]], refused: [] },
    { name: 'eleven of twenty-one is refused', counts: [['a', 21, 11]], refused: ['a'] },
    {
      name: 'one region of a large account is refused alone',
      counts: [
        ['a', 20, 20],
        ['b', 900, 1],
      ],
      refused: ['a'],
    },
    {
      name: 'a few everywhere are refused together',
      counts: [
        ['a', 5, 5],
        ['b', 6, 6],
        ['c', 1, 0],
      ],
      refused: ['a', 'b'],
    },
  ] as { name: string; counts: [string, number, number][]; refused: string[] }[])('of $name', (each) => {
    expect(refused(...each.counts)).toEqual(each.refused)
  })
})
