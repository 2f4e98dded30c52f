/** What lies in the demo's buckets: artefacts that several of them keep, copies made by hand, and uploads in parts. */
import { createHash } from 'node:crypto'
import type { SandboxObject } from './aws-state.ts'

/** The same for the same words. */
const numberOf = (words: string) => createHash('md5').update(words).digest().readUInt32BE(0)

type File = { key: string; of: string; mb: number }

/** Files many teams keep; each lies in about every third bucket. */
const shared: File[] = Array.from({ length: 24 }, (_, n) => ({
  ...{ key: `releases/app-${n % 6}/2026-${String((n % 11) + 1).padStart(2, '0')}.tar.gz`, of: `release ${n}` },
  mb: 40 + (numberOf(`release ${n}`) % 900),
}))

/** Buckets somebody tried something with and left; they hold little and nobody asks for it. */
const forgotten = new Set(['lhjhjh', 'ds-test-mount', 'sftestbucketnew1', 'hmurphy-bucket'])
export const isForgotten = (bucket: string): boolean => forgotten.has(bucket)

const sizes = new Map<string, number>()
/** What a bucket holds, in GB. */
export function storedGb(bucket: string): number {
  const known = sizes.get(bucket) ?? filesOf(bucket).reduce((sum, { mb }) => sum + mb, 0) / 1000
  sizes.set(bucket, known)
  return known
}

/** The objects of a demo bucket. */
export const demoObjects = (bucket: string, now: Date): Map<string, SandboxObject> =>
  new Map(filesOf(bucket).map((file) => [file.key, toObject(file, now)]))

/** Its own files, shared ones, and what somebody copied into a backup folder. */
function filesOf(bucket: string): File[] {
  if (isForgotten(bucket)) return [{ key: 'data/try.csv', of: `${bucket} try`, mb: 40 + (numberOf(bucket) % 300) }]
  const chance = (file: File) => numberOf(`${bucket} ${file.of}`) % 100
  const own = Array.from({ length: 8 + (numberOf(bucket) % 20) }, (_, n): File => {
    const of = `${bucket} ${n}`
    return { key: `data/part-${String(n).padStart(4, '0')}.parquet`, of, mb: 5 + (numberOf(of) % 300) }
  })
  const kept = shared.filter((file) => chance(file) < 35)
  const copies = [...own, ...kept].filter((file) => chance(file) % 5 === 0)
  const backup = copies.map((file) => ({ ...file, key: `backup/${file.key}` }))
  return [...own, ...kept, ...backup]
}

/** Large uploads come in parts of 64 MB; their checksum is one of the parts' checksums. */
function toObject({ key, of, mb }: File, now: Date): SandboxObject {
  const parts = mb > 512 ? `-${Math.ceil(mb / 64)}` : ''
  return {
    body: Buffer.from(key),
    lastModified: new Date(now.getTime() - (numberOf(of) % 300) * 86_400_000),
    etag: `"${createHash('md5').update(of).digest('hex')}${parts}"`,
    size: mb * 1_000_000,
  }
}
