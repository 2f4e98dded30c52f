import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { awsCur } from '../../../integrations/bills/aws-cur.ts'
import { openDuck } from '../../../integrations/bills/duck.ts'
import { readHeader } from '../../../integrations/bills/header.ts'
import { groupLines, spreadGroups } from '../../../integrations/bills/groups.ts'
import { csvChunks } from '../../bench/bills.ts'
import { scratch } from './reading.ts'

it('reads a bill part by part when its groups do not fit into memory, to the same rows', async () => {
  const folder = await scratch()
  const path = join(folder, 'bill.csv')
  await writeFile(path, [...csvChunks({ lines: 200_000 })].join(''))
  /** What comes of it, and in how many parts it was read in the end. */
  const read = async (memoryMb: number) => {
    const duck = await openDuck({ folder, readable: [folder], memoryMb })
    let parts = 0
    const headers = [await readHeader(duck, { name: 'bill.csv', path, kind: 'csv', bytes: 0 })]
    await groupLines(duck, { mapping: awsCur, headers, begins: (part) => (parts = part.parts) })
    await spreadGroups(duck)
    const sum = async (table: string) =>
      (await duck.rows(`select count(*) as rows, sum(hash(t)::hugeint)::varchar as checksum from ${table} t`))[0]
    const rows = [await sum('charges'), await sum('used')]
    duck.close()
    return { parts, rows }
  }
  const [whole, parted] = [await read(400), await read(110)]
  expect(whole.parts).toBe(1)
  expect(parted.parts).toBeGreaterThan(1)
  expect(parted.rows).toEqual(whole.rows)
}, 120_000)
