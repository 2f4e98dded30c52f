import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Reads a JSON file over the defaults; a missing or torn file only loses the earlier conversation of a stand-in. */
export function readState<T extends object>(file: string | undefined, defaults: T): T {
  if (!file) return defaults
  try {
    return { ...defaults, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<T>) }
  } catch {
    return defaults
  }
}

/** Writes a snapshot, whole and by rename, at most twice a second after `schedule`, and at once on `flush`. */
export function createWriter(file: string | undefined, snapshot: () => unknown) {
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  async function write(path: string) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(`${path}.new`, JSON.stringify(snapshot()), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }
  function flush() {
    clearTimeout(timer)
    timer = undefined
    if (file) writing = writing.then(() => write(file))
    return writing
  }
  function schedule() {
    if (!file || timer) return
    timer = setTimeout(() => void flush(), 500)
    timer.unref()
  }
  return { flush, schedule }
}
