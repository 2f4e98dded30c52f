/** The terminal while nothing else runs: it does the work itself. */
import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { csvChunks } from '../bench/bills.ts'
import { world } from '../world.ts'

it('reads a bill and refuses a cut one in a sentence', { timeout: 120_000 }, async () => {
  const w = await world()
  await w.account('aws', { name: 'prod' })
  const folder = await mkdtemp(join(tmpdir(), 'finops-terminal-'))
  const bill = gzipSync([...csvChunks({ lines: 500 })].join(''))
  await writeFile(join(folder, 'whole.csv.gz'), bill)
  await writeFile(join(folder, 'cut.csv.gz'), bill.subarray(0, bill.length - 500))
  const env = { ...process.env, DATABASE_URL: w.url, SECRET_KEY: 'sixteen characters or more', DATA_DIR: folder }
  const type = (file: string) =>
    new Promise<string>((said) => {
      const words = ['cli.ts', 'import', 'prod', join(folder, file)]
      execFile(process.execPath, words, { env }, (_, out, err) => said(`${out}${err}`))
    })
  expect(await type('whole.csv.gz')).toMatch(/500 rows in [\s\S]*This process took \d+ MB/)
  expect(await type('cut.csv.gz')).toContain('cut.csv.gz is cut: the end of the gzip data is missing. Send it again.')
})
