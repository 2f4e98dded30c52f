/** Reads a multipart form as it arrives, part after part, so that a bill of gigabytes never lies in memory. */
import { invalid } from '../engine/errors.ts'

/** A part and its bytes; the bytes must be read before the next part is asked for. */
export type Part = { name: string; fileName: string | null; bytes: AsyncIterable<Uint8Array> }

const headLimit = 8 * 1024
const broken = () => invalid('The upload broke off or is not a form. Nothing was stored.', { next: 'Send it again.' })

/** The parts of a body in order. Invalid when the body is no multipart form or ends too early. */
export async function* readParts(body: ReadableStream<Uint8Array> | null, contentType: string): AsyncGenerator<Part> {
  const boundary = contentType.match(/boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/)
  if (!boundary || !body) throw broken()
  // The first delimiter may stand at the very start; a line break in front makes it like all others.
  const source = buffered(body, Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`))
  await drain(source.until())
  while (!(await source.atEnd())) {
    const head = await source.head()
    const bytes = source.until()
    const disposition = head.match(/^content-disposition:\s*form-data;(.*)$/im)?.[1]
    const name = disposition?.match(/[;\s]name="([^"]*)"/)?.[1]
    if (name === undefined) throw broken()
    yield { name, fileName: disposition!.match(/filename="([^"]*)"/)?.[1] ?? null, bytes }
    await drain(bytes)
  }
}

/** All of a short part as text. */
export async function textOf(part: Part, limit = 4096): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of part.bytes) {
    size += piece.length
    if (size > limit) throw broken()
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

async function drain(bytes: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of bytes);
}

/** A window on the stream that never gives away bytes which could be the beginning of the delimiter. */
function buffered(body: ReadableStream<Uint8Array>, delimiter: Buffer) {
  const reader = body.getReader()
  let kept: Buffer = Buffer.from('\r\n')
  const more = async (): Promise<void> => {
    const { done, value } = await reader.read()
    if (done) throw broken()
    kept = kept.length ? Buffer.concat([kept, value]) : Buffer.from(value)
  }
  const atLeast = async (size: number): Promise<void> => {
    while (kept.length < size) await more()
  }
  return {
    /** The bytes before the next delimiter; afterwards the window stands behind it. Reading it twice gives nothing. */
    async *until(): AsyncGenerator<Uint8Array> {
      for (;;) {
        const at = kept.indexOf(delimiter)
        const safe = at >= 0 ? at : Math.max(0, kept.length - delimiter.length + 1)
        if (safe > 0) yield kept.subarray(0, safe)
        kept = kept.subarray(at >= 0 ? at + delimiter.length : safe)
        if (at >= 0) return
        await more()
      }
    },
    /** Two dashes behind a delimiter end the form; a line break begins a part. */
    async atEnd(): Promise<boolean> {
      await atLeast(2)
      const sign = kept.subarray(0, 2).toString('latin1')
      if (sign !== '--' && sign !== '\r\n') throw broken()
      kept = kept.subarray(2)
      return sign === '--'
    },
    /** The header lines of a part. */
    async head(): Promise<string> {
      while (kept.indexOf('\r\n\r\n') < 0) {
        if (kept.length > headLimit) throw broken()
        await more()
      }
      const end = kept.indexOf('\r\n\r\n')
      const text = kept.subarray(0, end).toString('utf8')
      kept = kept.subarray(end + 4)
      return text
    },
  }
}
