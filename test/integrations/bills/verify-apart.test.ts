import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BillError } from '../../../integrations/bill.ts'
import { verifyApart } from '../../../integrations/bills/verify-apart.ts'
import { verifyLimits } from '../../../integrations/bills/verify.ts'
import { csvChunks, writeBill } from '../../bench/bills.ts'
import { scratch } from './reading.ts'

/** A packed bill large enough for a thread of its own. */
async function bigBill() {
  const folder = await scratch()
  const path = join(folder, 'bill.csv.gz')
  await writeBill(path, { lines: 40_000 })
  const { size: bytes } = await stat(path)
  expect(bytes).toBeGreaterThan(1_000_000)
  return { path, bytes, options: { folder, limits: verifyLimits, bytes } }
}

it('unpacks a large bill on a thread of its own, and tells how far it is', async () => {
  const { path, bytes, options } = await bigBill()
  let read = 0
  const files = await verifyApart([path], { ...options, read: (more) => void (read += more) })
  expect(read).toBe(bytes)
  expect(files).toMatchObject([{ name: 'bill.csv.gz', kind: 'csv' }])
  expect(await readFile(files[0]!.path, 'utf8')).toBe([...csvChunks({ lines: 40_000 })].join(''))
})

it('says what is wrong with it in the same words', async () => {
  const { path, bytes, options } = await bigBill()
  await truncate(path, bytes - 100)
  const refused = verifyApart([path], { ...options, read: () => {} })
  await expect(refused).rejects.toThrow(BillError)
  await expect(refused).rejects.toThrow('bill.csv.gz is cut: the end of the gzip data is missing. Send it again.')
})

it('ends with the reason when it is told to stop', async () => {
  const { path, options } = await bigBill()
  const stop = new AbortController()
  const read = () => stop.abort(new Error('the worker stops'))
  await expect(verifyApart([path], { ...options, read, signal: stop.signal })).rejects.toThrow('the worker stops')
})

it('a file that is gone is an error with its code', async () => {
  const { path, options } = await bigBill()
  const gone = verifyApart([`${path}.gone`], { ...options, read: () => {} })
  await expect(gone).rejects.toMatchObject({ code: 'ENOENT' })
})

it('a small bill is verified where it is asked for', async () => {
  const folder = await scratch()
  const path = join(folder, 'bill.csv')
  await writeFile(path, 'a,b\n1,2\n')
  const options = { folder, limits: verifyLimits, bytes: 8, read: () => {} }
  expect(await verifyApart([path], options)).toEqual([{ name: 'bill.csv', path, kind: 'csv', bytes: 8 }])
})
