/**
 * One file out of a zip archive, as AWS packs legacy reports (`….csv.zip`). Only the plain case is read: one entry,
 * stored or deflated, in no folder above. Everything else is refused before a byte is unpacked. Format: PKWARE APPNOTE 6.3.
 */
import type { FileHandle } from 'node:fs/promises'
import { BillError } from '../bill.ts'

/** Where the packed bytes of the entry lie, and what must come out of them. */
export type ZipEntry = { name: string; deflated: boolean; from: number; packed: number; size: number; crc: number }

const ends = { record: 0x06054b50, entry: 0x02014b50, local: 0x04034b50 }
/** The end record has 22 bytes and a comment of up to 65,535. */
const mostTail = 22 + 65_535
/** In place of a size that needs 64 bits. */
const elsewhere = 0xffffffff

/** Reads the directory of an archive. Throws `BillError` unless it holds exactly one CSV file and nothing odd. */
export async function readZip(file: FileHandle, { name, size }: { name: string; size: number }): Promise<ZipEntry> {
  const no = (why: string) => new BillError(`${name} ${why}`, name)
  const at = async (from: number, length: number) => {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position: from })
    if (bytesRead < length) throw no('is cut: its zip directory points beyond its end. Send it again.')
    return buffer
  }
  const tailFrom = Math.max(0, size - mostTail)
  const tail = await at(tailFrom, size - tailFrom)
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0 || end + 22 > tail.length) throw no('is cut: its zip directory is missing. Send it again.')
  const entries = tail.readUInt16LE(end + 10)
  if (entries !== 1)
    throw no(`is a zip archive of ${entries} files; a bill is one. Unpack it and send the .csv files themselves.`)
  const entry = await directoryEntry(at, { from: tail.readUInt32LE(end + 16), length: tail.readUInt32LE(end + 12), no })
  if (!/\.csv$/i.test(entry.name) || /^[\\/]|(^|[\\/])\.\.([\\/]|$)/.test(entry.name))
    throw no(`is a zip archive with "${entry.name.slice(0, 80)}" inside, not a .csv file. It was not unpacked.`)
  const local = await at(entry.from, 30)
  if (local.readUInt32LE(0) !== ends.local) throw no('is damaged: its zip directory points to nothing. Send it again.')
  const from = entry.from + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (from + entry.packed > size) throw no('is cut: its zip data is missing. Send it again.')
  return { ...entry, from }
}

type Reading = (from: number, length: number) => Promise<Buffer>
type Directory = { from: number; length: number; no: (why: string) => BillError }

async function directoryEntry(at: Reading, { from, length, no }: Directory): Promise<ZipEntry> {
  if (from === elsewhere) throw no('is a zip archive larger than 4 GB. Unpack it and send the .csv inside as .csv.gz.')
  const entry = await at(from, Math.max(46, Math.min(length, mostTail)))
  if (entry.readUInt32LE(0) !== ends.entry) throw no('is damaged: its zip directory cannot be read. Send it again.')
  const [flags, method] = [entry.readUInt16LE(8), entry.readUInt16LE(10)]
  if (flags & 1) throw no('is a zip archive with a password. Send it without one.')
  if (method !== 0 && method !== 8) throw no('is packed in a way this product does not unpack. Send it as .csv.gz.')
  // A link is an entry whose Unix mode says so; its content would be a path.
  if (entry.readUInt32LE(38) >>> 28 === 0xa) throw no('is a zip archive with a link inside. It was not unpacked.')
  const nameEnds = 46 + entry.readUInt16LE(28)
  const sizes = { packed: entry.readUInt32LE(20), size: entry.readUInt32LE(24) }
  if (sizes.size === elsewhere || sizes.packed === elsewhere)
    Object.assign(sizes, longSizes(entry, { nameEnds, ...sizes }))
  return {
    ...{ name: entry.toString('utf8', 46, nameEnds), deflated: method === 8, crc: entry.readUInt32LE(16) },
    ...{ ...sizes, from: entry.readUInt32LE(42) },
  }
}

/** Sizes of 64 bits lie in the extra field 1: the unpacked one, then the packed one, each only if its short field is full. */
function longSizes(entry: Buffer, short: { nameEnds: number; packed: number; size: number }) {
  const extraEnds = short.nameEnds + entry.readUInt16LE(30)
  for (let at = short.nameEnds; at + 4 <= extraEnds; at += 4 + entry.readUInt16LE(at + 2)) {
    if (entry.readUInt16LE(at) !== 1) continue
    let next = at + 4
    const long = () => Number(entry.readBigUInt64LE((next += 8) - 8))
    const size = short.size === elsewhere ? long() : short.size
    return { size, packed: short.packed === elsewhere ? long() : short.packed }
  }
  return {}
}
