/** What an undo asks first. */
import { isDeepStrictEqual } from 'node:util'
import { conflict } from './errors.ts'

/** Only what still is as the change left it is taken back: what somebody decided after it stands. */
export function assertStill(now: unknown, left: unknown): void {
  if (isDeepStrictEqual(now, left)) return
  throw conflict('This was changed again since, so it stays as it is. Nothing was changed.', {
    next: 'Look at how it is now.',
  })
}
