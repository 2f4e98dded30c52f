import { updateDuplicateBucket, updateOpenCheck } from '../../db/queries/duplicates.ts'
import type { Context } from '../context.ts'
import { redrawCopies } from '../events.ts'

/** What was listed of one bucket so far; `bytes` and `filtered` are those of objects that count. */
export type Listed = { objects: number; filtered: number; bytes: number }

/** Thrown where work goes on for a check that was ended meanwhile. */
export class CheckEndedError extends Error {}

export type CheckProgress = {
  /** Writes how far a bucket is, twice a second at most. Throws `CheckEndedError` when the check was ended by somebody. */
  note: (bucketN: number, listed: Listed) => Promise<void>
  /** Writes how a bucket ended, at once. */
  done: (
    bucketN: number,
    ended: Listed & { state: 'listed' | 'missing' | 'refused'; note: string | null },
  ) => Promise<void>
}

const writeEveryMs = 500
/** Slack lets a message be edited about once a second. */
const redrawEveryMs = 2000

/** Keeps the figures of a running check current, for its card, its page and the terminal. */
export function trackCheck(ctx: Context, checkId: string): CheckProgress {
  const buckets = new Map<number, Listed>()
  let bucketsDone = 0
  let written = -Infinity
  let redrawn = -Infinity
  const sum = (of: keyof Listed) => [...buckets.values()].reduce((total, listed) => total + listed[of], 0)
  const write = async () => {
    written = performance.now()
    const figures = { objects: sum('objects'), filteredObjects: sum('filtered'), totalBytes: sum('bytes') }
    const going = await updateOpenCheck(ctx.db, { id: checkId, set: { bucketsDone, ...figures, updatedAt: ctx.now() } })
    if (!going) throw new CheckEndedError('The check was ended.')
    if (written - redrawn < redrawEveryMs) return
    redrawn = written
    await redrawCopies(ctx, { kind: 'duplicates', id: checkId })
  }
  const columns = ({ objects, filtered, bytes }: Listed) => ({ objects, filteredObjects: filtered, bytes })
  return {
    async note(n, listed) {
      buckets.set(n, { ...listed })
      if (performance.now() - written < writeEveryMs) return
      await updateDuplicateBucket(ctx.db, { checkId, n, set: { state: 'listing', ...columns(listed) } })
      await write()
    },
    async done(n, { state, note, ...listed }) {
      buckets.set(n, listed)
      bucketsDone += 1
      await updateDuplicateBucket(ctx.db, { checkId, n, set: { state, note, ...columns(listed) } })
      await write()
    },
  }
}
