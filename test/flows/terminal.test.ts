/** The terminal while nothing else runs: it does the work itself. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
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

it('says in a sentence that the database went away under it', { timeout: 120_000 }, async () => {
  const w = await world()
  await w.account('aws', { name: 'prod' })
  const folder = await mkdtemp(join(tmpdir(), 'finops-terminal-'))
  await writeFile(join(folder, 'bill.csv.gz'), gzipSync([...csvChunks({ lines: 100_000 })].join('')))
  const env = { ...process.env, DATABASE_URL: w.url, SECRET_KEY: 'sixteen characters or more', DATA_DIR: folder }
  const connected = () => w.database.sql<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database()`
  const ours = (await connected()).map(({ pid }) => pid)
  const child = spawn(process.execPath, ['cli.ts', 'import', 'prod', join(folder, 'bill.csv.gz')], { env })
  let [said, cut] = ['', false]
  for (const out of [child.stdout, child.stderr])
    out.on('data', (text: Buffer) => {
      said += text.toString()
      if (cut || !said.includes('storing:')) return
      cut = true
      void w.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> all (${ours})`.execute()
    })
  await once(child, 'close')
  expect(cut).toBe(true)
  expect(child.exitCode).toBe(1)
  expect(said.split('\n').at(-2)).toBe(
    'My database went away while I worked on this, so it may not have happened. Wait a minute and look before you try again.',
  )
})

it('hands the flags of a line on', { timeout: 120_000 }, async () => {
  const w = await world()
  const folder = await mkdtemp(join(tmpdir(), 'finops-terminal-'))
  const env = { ...process.env, DATABASE_URL: w.url, SECRET_KEY: 'sixteen characters or more', DATA_DIR: folder }
  const child = spawn(process.execPath, ['cli.ts', 'coverage', '30d', '--csv', '--as', 'lea'], { env })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  await once(child, 'close')
  expect(said).toBe('I hand over files in Slack and in the web view, not at the terminal.\n')
})
