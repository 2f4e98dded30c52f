/**
 * The duplicate finder from the first page of S3 to its figures, against the same listing spooled to a file and grouped by
 * DuckDB, and against only fetching the pages. Ten million objects (200,000 with --quick) in four buckets, once.
 */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { updateAccount } from '../../db/queries/cloud-accounts.ts'
import { copyLine } from '../../db/queries/staging.ts'
import { resources } from '../../db/schema/resources.ts'
import { sealCredentials } from '../../engine/accounts/credentials.ts'
import { runDuplicateCheck } from '../../engine/duplicates/check.ts'
import { getDuplicateCheck } from '../../engine/duplicates/matrix.ts'
import { startDuplicateCheck } from '../../engine/duplicates/start.ts'
import { awsAdapter } from '../../integrations/aws/adapter.ts'
import { seconds, type Bench } from './harness.ts'
import { ingestWorld, type IngestWorld } from './ingest-world.ts'
import { startBuckets } from './s3-server.ts'

const names = ['bucket-0', 'bucket-1', 'bucket-2', 'bucket-3']
const credentials = { accessKeyId: 'AKIABENCH00000000001', secretAccessKey: 'bench-secret-key-0000001' }

type Found = { groups: number; bytes: number }

export const bench: Bench = {
  name: 's3-listing',
  async open({ quick }) {
    const objects = quick ? 200_000 : 10_000_000
    const server = await startBuckets(objects / names.length)
    const w = await ingestWorld()
    const adapter = awsAdapter({ endpoint: server.url })
    w.ctx.outside.clouds.aws = adapter
    const bucketIds = await bucketsOf(w)
    const found: Record<string, Found> = {}
    const most: Record<string, number> = {}
    const once = (name: string, work: () => Promise<Found | null>) => {
      let known = 0
      return {
        name,
        run: async () => {
          if (known && !quick) return known
          const memory = watchMemory()
          const took = await seconds(async () => {
            const figures = await work()
            if (figures) found[name] = figures
          })
          most[name] = memory.end()
          console.log(`  ${name}: ${Math.round(objects / took)} objects/s, process memory up to ${most[name]} MB`)
          return (known = objects / took)
        },
      }
    }
    return {
      unit: '/s',
      contenders: [
        once('ours', () => check(w, bucketIds)),
        once('peer DuckDB', () => spoolAndGroup(join(w.folder, 'listing.tsv'), listOf(adapter.objects!))),
        once('floor pages', async () => {
          await Promise.all(names.map((name) => fetchPages(server.url, name)))
          return null
        }),
      ],
      gates: [
        { goal: 'process memory, MB', atMost: 600, value: () => most['ours']! },
        { goal: 'speed ÷ DuckDB over a file', atLeast: 0.5, value: (best) => best('ours') / best('peer DuckDB') },
      ],
      compare: async () => {
        const [ours, theirs] = [found['ours']!, found['peer DuckDB']!]
        if (ours.groups !== theirs.groups || ours.bytes !== theirs.bytes)
          throw new Error(`Ours ${JSON.stringify(ours)}, DuckDB ${JSON.stringify(theirs)}`)
        return `${ours.groups} groups with ${ours.bytes} bytes to spare among ${objects} objects`
      },
      async close() {
        server.close()
        await w.close()
      },
    }
  },
}

async function bucketsOf(w: IngestWorld): Promise<string[]> {
  const { db } = w.database
  const account = await w.account()
  const sealed = sealCredentials(w.ctx, account, credentials)
  await updateAccount(db, { orgId: w.ctx.orgId, id: account.id, set: { credentials: sealed } })
  const now = new Date()
  const row = {
    orgId: w.ctx.orgId,
    accountId: account.id,
    type: 'Bucket',
    region: 'us-east-1',
    poolId: account.poolId!,
  }
  const made = await db
    .insert(resources)
    .values(names.map((name) => ({ ...row, cloudResourceId: name, name, firstSeenAt: now, lastSeenAt: now })))
    .returning()
  return made.map(({ id }) => id)
}

async function check({ ctx }: IngestWorld, bucketIds: string[]): Promise<Found> {
  const { id } = await startDuplicateCheck(ctx, { bucketIds })
  await runDuplicateCheck(ctx, { checkId: id })
  const { groups, duplicateBytes, state, reason } = (await getDuplicateCheck(ctx, id)).check
  if (state !== 'success') throw new Error(`The check ended as ${state}: ${reason}`)
  return { groups, bytes: duplicateBytes }
}

type List = (bucket: string) => AsyncIterable<{ key: string; etag: string; size: number }>
const listOf =
  (role: NonNullable<ReturnType<typeof awsAdapter>['objects']>): List =>
  (bucket) =>
    role(credentials, { bucket, region: 'us-east-1' })

async function spoolAndGroup(file: string, list: List): Promise<Found> {
  const lines = async function* (n: number) {
    let text = ''
    for await (const { key, etag, size } of list(names[n]!)) {
      text += copyLine([n, etag, size, key])
      if (text.length < 2_000_000) continue
      yield text
      text = ''
    }
    yield text
  }
  const files = names.map((name) => `${file}.${name}`)
  await Promise.all(files.map((path, n) => pipeline(Readable.from(lines(n)), createWriteStream(path))))
  // With the 350 MB that ours takes it fails at ten million objects.
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: '1GB',
    threads: '2',
    temp_directory: file,
  })
  const connection = await instance.connect()
  const answer = await connection.runAndReadAll(`
    with listed as (select * from read_csv('${file}.*', delim = '\t', header = false, quote = '', escape = '',
      columns = {bucket: 'INTEGER', tag: 'VARCHAR', size: 'BIGINT', key: 'VARCHAR'}))
    select count(*)::double as groups, sum(size * (n - 1))::double as bytes
    from (select tag, size, count(*) as n from listed group by tag, size having count(*) > 1)`)
  const [row] = answer.getRowObjects() as Found[]
  connection.closeSync()
  instance.closeSync()
  return { groups: row!.groups, bytes: row!.bytes }
}

async function fetchPages(url: string, bucket: string): Promise<void> {
  for (let token: string | undefined = '0'; token;) {
    const answer: Response = await fetch(`${url}/${bucket}?list-type=2&continuation-token=${token}`)
    token = /<NextContinuationToken>(\d+)</.exec(await answer.text())?.[1]
  }
}

/** The most memory this process holds meanwhile, in MB. */
function watchMemory(): { end: () => number } {
  let most = 0
  const look = () => (most = Math.max(most, process.memoryUsage.rss() / 2 ** 20))
  const timer = setInterval(look, 50)
  return {
    end: () => {
      clearInterval(timer)
      look()
      return Math.round(most)
    },
  }
}
