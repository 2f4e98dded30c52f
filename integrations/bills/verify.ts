/**
 * Nothing is read before it is known to be whole and harmless: DuckDB accepts a gzip with a wrong checksum or without
 * its trailer, and needs more than a gigabyte for a bomb. zlib checks, counts and unpacks in one go.
 */
import { isUtf8 } from 'node:buffer'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { PassThrough, Transform, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createGunzip, createInflateRaw } from 'node:zlib'
import { BillError } from '../bill.ts'
import { readZip } from './zip.ts'

/** A file that may be read: `path` is the plain CSV or the Parquet file, `name` is what the person called it. */
export type VerifiedFile = { name: string; path: string; kind: 'csv' | 'parquet'; bytes: number }

/** Limits of one bill. A cost report compresses 15 to 85 times; 200 is out of this world. */
export type VerifyLimits = { maxRatio: number; maxLineBytes: number; maxBytes: number }
export const verifyLimits: VerifyLimits = { maxRatio: 200, maxLineBytes: 1_000_000, maxBytes: 40_000_000_000 }

/** Large steps: with zlib's usual 16 KB half of the time goes into stepping. */
const chunkBytes = 1 << 18
/** So much may wait between two steps: unpacking goes on while a chunk is written. */
const waitingBytes = 1 << 20

export type Verifying = {
  folder: string
  limits: VerifyLimits
  /** Gets the bytes of the stored file that were checked since the last call. */
  read: (bytes: number) => Promise<void> | void
  signal?: AbortSignal | undefined
}

/** Checks every file and unpacks the packed ones into `folder`. Throws `BillError` for the first that cannot be trusted. */
export async function verifyFiles(paths: string[], options: Verifying): Promise<VerifiedFile[]> {
  const files: VerifiedFile[] = []
  let left = options.limits.maxBytes
  for (const [number, path] of paths.entries()) {
    const file = await verifyFile(path, { ...options, number, left })
    left -= file.bytes
    files.push(file)
  }
  return files
}

async function verifyFile(path: string, options: Verifying & { number: number; left: number }): Promise<VerifiedFile> {
  const name = basename(path)
  const { size } = await stat(path)
  if (size === 0) throw new BillError(`${name} is empty.`, name)
  const start = await bytesAt(path, 0, Math.min(4, size))
  if (start.toString('latin1') === 'PAR1') return verifyParquet(path, { name, size, ...options })
  if (start.toString('latin1', 0, 2) === 'PK') return verifyZip(path, { name, size, ...options })
  const packed = start[0] === 0x1f && start[1] === 0x8b
  if (!packed && /\.gz$/i.test(name))
    throw new BillError(
      `${name} is not a gzip file, although it is called one. Send it packed, or without .gz in its name.`,
      name,
    )
  const source = createReadStream(path, { highWaterMark: chunkBytes })
  source.on('data', (chunk) => void options.read(chunk.length))
  const check = lineCheck(name, { consumed: packed ? () => source.bytesRead : null, ...options })
  const abort = options.signal ? { signal: options.signal } : {}
  if (!packed) {
    await pipeline(source, check.stream, drain(), abort)
    return { name, path, kind: 'csv', bytes: size }
  }
  const unpacked = join(options.folder, `${options.number}-${name.replace(/\.gz$/i, '').slice(-80)}.unpacked.csv`)
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  try {
    await pipeline(source, gunzip, check.stream, createWriteStream(unpacked, { highWaterMark: waitingBytes }), abort)
  } catch (error) {
    throw packedTrouble(error, { name, kind: 'gzip' })
  }
  // zlib ignores what follows the last member; a file that goes on is not what its writer made.
  if (gunzip.bytesWritten !== size) throw new BillError(`${name} goes on after the end of its gzip data.`, name)
  return { name, path: unpacked, kind: 'csv', bytes: check.bytes() }
}

async function verifyZip(
  path: string,
  { name, size, ...options }: Verifying & { name: string; size: number; number: number; left: number },
): Promise<VerifiedFile> {
  const file = await open(path)
  const entry = await readZip(file, { name, size }).finally(() => void file.close())
  const source = createReadStream(path, {
    ...{ highWaterMark: chunkBytes, start: entry.from, end: Math.max(entry.from, entry.from + entry.packed - 1) },
  })
  source.on('data', (chunk) => void options.read(chunk.length))
  const check = lineCheck(name, { consumed: () => source.bytesRead, ...options })
  const unpacked = join(options.folder, `${options.number}-${name.replace(/\.zip$/i, '').slice(-80)}.unpacked.csv`)
  let crc = 0
  const checksum = new Transform({
    transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
      crc = crc32(chunk, crc)
      done(null, chunk)
    },
  })
  const unpacking = entry.deflated ? createInflateRaw({ chunkSize: chunkBytes }) : new PassThrough()
  const abort = options.signal ? { signal: options.signal } : {}
  try {
    await pipeline(
      source,
      unpacking,
      check.stream,
      checksum,
      createWriteStream(unpacked, { highWaterMark: waitingBytes }),
      abort,
    )
  } catch (error) {
    throw packedTrouble(error, { name, kind: 'zip' })
  }
  if (crc !== entry.crc || check.bytes() !== entry.size)
    throw new BillError(`${name} is damaged: the zip check failed. Send it again.`, name)
  await options.read(size - entry.packed)
  return { name, path: unpacked, kind: 'csv', bytes: check.bytes() }
}

async function verifyParquet(
  path: string,
  { name, size, left, read }: { name: string; size: number; left: number; read: Verifying['read'] },
): Promise<VerifiedFile> {
  const tail = size >= 12 ? await bytesAt(path, size - 8, 8) : Buffer.alloc(8)
  const footer = tail.readUInt32LE(0)
  if (tail.toString('latin1', 4) !== 'PAR1' || footer === 0 || footer > size - 12)
    throw new BillError(`${name} is cut: its Parquet footer is missing. Send it again.`, name)
  if (size > left) throw new BillError(tooBig(name), name)
  await read(size)
  return { name, path, kind: 'parquet', bytes: size }
}

async function bytesAt(path: string, from: number, length: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(length), position: from })
    return buffer
  } finally {
    await file.close()
  }
}

const tooBig = (name: string) => `${name} is larger than a bill may be. Send it in parts, one billing period at a time.`

type Checking = { consumed: (() => number) | null; left: number; limits: VerifyLimits }

/**
 * Lets bytes through while they are UTF-8 text in lines of sane length and the file does not unpack to a monster.
 * `consumed`: bytes of the packed file that were read so far, so that a bomb is known long before its end.
 */
function lineCheck(name: string, { consumed, left, limits }: Checking) {
  let bytes = 0
  let open = 0
  let rest = Buffer.alloc(0)
  const judge = (chunk: Buffer): string | null => {
    bytes += chunk.length
    if (bytes > left) return tooBig(name)
    if (consumed && bytes > limits.maxRatio * Math.max(consumed(), 50_000))
      return `${name} unpacks to more than ${limits.maxRatio} times its size; no bill does. It was not read.`
    const firstEnd = chunk.indexOf(10)
    open = firstEnd === -1 ? open + chunk.length : Math.max(open + firstEnd, chunk.length - chunk.lastIndexOf(10))
    if (open > limits.maxLineBytes) return `${name} has a line longer than ${limits.maxLineBytes} bytes.`
    open = firstEnd === -1 ? open : chunk.length - chunk.lastIndexOf(10)
    if (chunk.includes(0)) return `${name} holds NUL bytes: it is not a text file.`
    const text = rest.length ? Buffer.concat([rest, chunk]) : chunk
    const cut = wholeCharacters(text)
    rest = Buffer.from(text.subarray(cut))
    return isUtf8(text.subarray(0, cut)) ? null : `${name} is not UTF-8 text. Export it as UTF-8.`
  }
  const stream = new Transform({
    highWaterMark: waitingBytes,
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const trouble = judge(chunk)
      if (trouble) done(new BillError(trouble, name))
      else done(null, chunk)
    },
    flush: (done) => done(rest.length ? new BillError(`${name} is not UTF-8 text. Export it as UTF-8.`, name) : null),
  })
  return { stream, bytes: () => bytes }
}

/** Where the last whole character ends: a chunk may cut one of up to four bytes. */
function wholeCharacters(text: Buffer): number {
  for (let back = 1; back <= Math.min(3, text.length); back++) {
    const byte = text[text.length - back]!
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? text.length - back : text.length
    if (byte < 0x80) return text.length
  }
  return text.length
}

const drain = () =>
  new Transform({
    transform: (_chunk, _encoding, done) => done(),
  }).resume()

function packedTrouble(error: unknown, { name, kind }: { name: string; kind: 'gzip' | 'zip' }): unknown {
  const { code } = error as { code?: string }
  if (code === 'Z_BUF_ERROR')
    return new BillError(`${name} is cut: the end of the ${kind} data is missing. Send it again.`, name)
  if (code === 'Z_DATA_ERROR')
    return new BillError(`${name} is damaged: the ${kind} check failed. Send it again.`, name)
  return error
}
