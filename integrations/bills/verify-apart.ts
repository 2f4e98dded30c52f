import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { BillError } from '../bill.ts'
import { verifyFiles, type VerifiedFile, type Verifying } from './verify.ts'
import type { VerifyTask, VerifyWord } from './verify-thread.ts'

/** A thread takes a sixth of a second to begin; bills of fewer `bytes` are verified sooner. */
const smallBytes = 1_000_000

/**
 * `verifyFiles`, of all but small bills on a thread of its own: unpacking makes gigabytes of garbage, and collecting it
 * would stop everybody else in this process again and again. Throws as `verifyFiles` does, and the signal's reason when it
 * is told to stop.
 */
export async function verifyApart(
  paths: string[],
  { bytes, ...verifying }: Verifying & { bytes: number },
): Promise<VerifiedFile[]> {
  if (bytes < smallBytes) return verifyFiles(paths, verifying)
  const { folder, limits, read, signal } = verifying
  signal?.throwIfAborted()
  const workerData: VerifyTask = { paths, folder, limits }
  const thread = new Worker(new URL('verify-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  })
  const stop = () => void thread.terminate()
  signal?.addEventListener('abort', stop)
  let last: VerifyWord | undefined
  thread.on('message', (word: VerifyWord) => {
    if ('read' in word) void read(word.read)
    else last = word
  })
  try {
    await once(thread, 'exit')
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  signal?.throwIfAborted()
  if (last && 'files' in last) return last.files
  if (last && 'refused' in last) throw new BillError(last.refused.message, last.refused.file, last.refused.line)
  throw new Error('The thread that verifies bills ended without a word')
}
