import { updateImport } from '../../db/queries/imports.ts'
import type { BillProgress } from '../../integrations/bill.ts'
import type { Context } from '../context.ts'
import { redrawCopies } from '../events.ts'

/** `report` never throws and never waits; `settled` ends when what was reported lies in the database. */
export type ProgressTracker = {
  report: (progress: { step: BillProgress['step'] | 'downloading' | 'storing' } & Omit<BillProgress, 'step'>) => void
  settled: () => Promise<void>
}

const writeEveryMs = 500
/** Slack lets a message be edited about once a second. */
const redrawEveryMs = 2000

/**
 * Writes how far an import is, twice a second at most and on a connection of its own, so that others see it while the
 * import's transaction runs; posted cards are redrawn every two seconds.
 */
export function trackProgress(ctx: Context, importId: string): ProgressTracker {
  let step = ''
  let written = -Infinity
  let redrawn = -Infinity
  let writing = Promise.resolve()
  return {
    report({ step: next, bytesRead, bytesTotal, lines }) {
      const now = performance.now()
      if (next === step && now - written < writeEveryMs) return
      const redraw = next !== step || now - redrawn >= redrawEveryMs
      step = next
      written = now
      if (redraw) redrawn = now
      const set = { step: next, bytesRead, bytesTotal, updatedAt: ctx.now(), ...(lines ? { lines } : {}) }
      writing = writing
        .then(async () => {
          await updateImport(ctx.db, { orgId: ctx.orgId, id: importId, set })
          if (redraw) await redrawCopies(ctx, { kind: 'import', id: importId })
        })
        .catch((error: unknown) => ctx.log.warn({ err: error, importId }, 'progress of an import was not written'))
    },
    settled: () => writing,
  }
}
