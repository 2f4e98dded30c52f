/** What a machine is doing and what comes next, in words. */
import { z } from 'zod'
import type { Resource } from '../db/schema/resources.ts'
import { powerActions } from '../db/vocabulary.ts'
import type { Transition } from '../engine/power/decide.ts'
import type { PowerOf } from '../engine/power/power-of.ts'
import { join, md, moment, type Rich } from './rich.ts'

const transition = z.object({ action: z.enum(powerActions), at: z.coerce.date() })

/** What a card says about power. */
export const cardPower = z.object({
  state: z.string(),
  schedule: z.string().nullable(),
  enabled: z.boolean(),
  skipUntil: z.coerce.date().nullable(),
  keepOnUntil: z.coerce.date().nullable(),
  next: z.array(transition),
})
type CardPower = z.output<typeof cardPower>

/** Facts of a card: the state discovery saw last, or the one it is on its way to. */
export function powerState({ facts }: Pick<Resource, 'facts'>, power: PowerOf | null): CardPower {
  const state = typeof facts['state'] === 'string' ? facts['state'] : ''
  const none = { schedule: null, enabled: true, skipUntil: null, keepOnUntil: null, next: [] }
  return { ...none, ...power, state }
}

/** "running · office hours, off Nov 23 at 8:00 PM", "running · always on". */
export function powerInWords({ state, schedule, enabled, skipUntil, keepOnUntil, next }: CardPower): Rich {
  const [first] = next
  const after = first ? md`, ${first.action} ${moment(first.at)}` : ''
  const plan = schedule === null ? 'no schedule' : md`${schedule}${enabled ? after : ' (switched off)'}`
  return join([
    state,
    plan,
    skipUntil && md`skipped until ${moment(skipUntil)}`,
    keepOnUntil && md`kept on until ${moment(keepOnUntil)}`,
  ])
}

/** "off Nov 23 at 8:00 PM, on Nov 24 at 8:00 AM". */
export const sayNext = (next: Transition[]): Rich =>
  join(
    next.map(({ action, at }) => md`${action} ${moment(at)}`),
    ', ',
  )
