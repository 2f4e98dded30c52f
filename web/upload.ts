/** Takes files from a form into a scratch folder: the token first, then the right, then bytes, never more than allowed. */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Context as Request } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { invalid } from '../engine/errors.ts'
import { arriving } from '../engine/ingest/spool.ts'
import type { WebEnv } from './env.ts'
import { readParts, textOf } from './multipart.ts'
import { assertToken } from './session.ts'

/** A file that lies on this machine; `name` is what the person calls it. */
export type Uploaded = { name: string; path: string }

const gib = 1024 ** 3
const maxFiles = 200

/**
 * Stores the files of a multipart form and hands them to `use`; what `use` leaves is removed, whatever happens.
 * A form without its token in front stores nothing; one that is too large is refused with 413.
 */
export async function withUploads<T>(c: Request<WebEnv>, use: (files: Uploaded[]) => Promise<T>): Promise<T> {
  const { spool, uploadLimitBytes = 5 * gib } = c.get('deps')
  const tooLarge = () =>
    new HTTPException(413, {
      message: `An upload may have ${Math.round(uploadLimitBytes / gib) || '<1'} GiB at most. Nothing was stored.`,
    })
  if (Number(c.req.header('content-length') ?? 0) > uploadLimitBytes) throw tooLarge()
  const folder = join(spool, `${arriving}${randomUUID()}`)
  let left = uploadLimitBytes
  const counted = () =>
    new Transform({
      transform(chunk: Buffer, _, done) {
        left -= chunk.length
        done(left < 0 ? tooLarge() : null, chunk)
      },
    })
  try {
    const files: Uploaded[] = []
    let trusted = false
    for await (const part of readParts(c.req.raw.body, c.req.header('content-type') ?? '')) {
      if (part.name === 'csrf') {
        assertToken(c, await textOf(part))
        trusted = true
      }
      if (part.fileName === null) continue
      if (!trusted) assertToken(c, null)
      if (part.fileName === '') continue
      if (files.length >= maxFiles) throw invalid(`A bill has ${maxFiles} files at most. Nothing was stored.`)
      await mkdir(folder, { recursive: true })
      const path = join(folder, `${files.length}-${safeName(part.fileName)}`)
      await pipeline(part.bytes, counted(), createWriteStream(path, { flags: 'wx' }))
      files.push({ name: part.fileName.slice(0, 255), path })
    }
    if (!trusted) assertToken(c, null)
    return await use(files)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The end of a name with the letters any file system takes; the ending tells the format. */
const safeName = (name: string): string => name.replaceAll(/[^\w.-]/g, '_').slice(-80)
