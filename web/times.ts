/** What an address or a form says about time, looked at before anything counts with it. */
import { z } from 'zod'
import { invalid } from '../engine/errors.ts'
import { instantAt } from '../engine/time.ts'

/** A day of this century, as in bills: days of other millennia are written otherwise, and counting to them never ends. */
export const someDay = z.iso.date().refine((day) => day >= '2000-01-01' && day <= '2100-12-31')

/** A day in an address; what is none is not said. */
export const askedDay = someDay.optional().catch(undefined)

/** An instant in an address, where a list goes on; what is none is not said. */
export const askedInstant = (text: string | undefined): Date | undefined =>
  z.iso.datetime().safeParse(text).success && someDay.safeParse(text!.slice(0, 10)).success
    ? new Date(text!)
    : undefined

/** What an input for a day and a time holds, on the clock of a zone; null when it is empty. Invalid when it is neither. */
export function typedMoment(text: string, { zone, field }: { zone: string; field: string }): Date | null {
  if (text === '') return null
  const [day = '', time = ''] = text.split('T')
  if (!someDay.safeParse(day).success || !z.iso.time().safeParse(time).success)
    throw invalid('This is no date with a time. Nothing was changed.', { field })
  return instantAt(day, time, zone)
}
