/** How much one person may ask: a window that slides, kept in this process. One busy person never slows the others. */
import { minuteMs } from '../engine/time.ts'

/** Requests a person may make in a minute; a person clicking as fast as they can makes about 40. */
export const perMinute = 60

export type Rates = { allow: (key: string, at: number) => { ok: true } | { ok: false; seconds: number; told: boolean } }

/** A fresh limiter. `told` is true when this person was told within the minute, so that the refusals are no storm either. */
export function rateLimiter(most = perMinute): Rates {
  const seen = new Map<string, number[]>()
  const told = new Map<string, number>()
  return {
    allow(key, at) {
      const recent = (seen.get(key) ?? []).filter((moment) => at - moment < minuteMs)
      if (seen.size > 10_000) seen.clear()
      if (recent.length < most) {
        seen.set(key, [...recent, at])
        return { ok: true }
      }
      const before = at - (told.get(key) ?? -minuteMs) < 5000
      if (!before) told.set(key, at)
      return { ok: false, seconds: Math.ceil((minuteMs - (at - recent[0]!)) / 1000), told: before }
    },
  }
}

/** Somebody asks faster than we answer anybody. */
export class TooFastError extends Error {
  constructor(seconds: number) {
    super(
      `You are faster than I may be: ${perMinute} requests a minute. Nothing was changed. Try again in ${seconds} seconds.`,
    )
    this.name = 'TooFastError'
  }
}
