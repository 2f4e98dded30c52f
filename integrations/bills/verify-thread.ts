/** The thread that `verifyApart` starts: verifies files, tells what it read, and ends with its last word. */
import { parentPort, workerData } from 'node:worker_threads'
import { BillError } from '../bill.ts'
import { verifyFiles, type VerifiedFile, type VerifyLimits } from './verify.ts'

export type VerifyTask = { paths: string[]; folder: string; limits: VerifyLimits }
export type VerifyWord =
  | { read: number }
  | { files: VerifiedFile[] }
  | { refused: { message: string; file: string; line: number | null } }

const { paths, folder, limits } = workerData as VerifyTask
const say = (word: VerifyWord) => parentPort!.postMessage(word)
try {
  say({ files: await verifyFiles(paths, { folder, limits, read: (bytes) => say({ read: bytes }) }) })
} catch (error) {
  if (!(error instanceof BillError)) throw error
  const { message, file, line } = error
  say({ refused: { message, file, line } })
}
