/** Which machine and which power schedule a name means. */
import { findEnvironmentsByName } from '../db/queries/environments.ts'
import { listSchedules, type ScheduleRow } from '../db/queries/power.ts'
import { findResource } from '../db/queries/resources.ts'
import type { Resource } from '../db/schema/resources.ts'
import { invalid } from '../engine/errors.ts'
import type { BotContext } from './context.ts'
import { quote, type Slot } from './grammar.ts'
import { UnclearError } from './reply.ts'
import { resourceNamed, resourceToChange } from './resources.ts'
import { nameFrom } from './slots.ts'
import { closest } from './words.ts'

/** The machine a name means: a shared environment's, else a resource's. To change it, only its whole name will do. */
export async function machineNamed(
  ctx: BotContext,
  text: string,
  { command, changes }: { command: (name: string) => string; changes: boolean },
): Promise<Resource> {
  const { db, orgId } = ctx
  const found = await findEnvironmentsByName(db, { orgId, text, now: ctx.now() })
  const environment = found.find(({ name }) => name.toLowerCase() === text.trim().toLowerCase())
  if (!environment) return changes ? resourceToChange(ctx, text, command) : resourceNamed(ctx, text, command)
  const machine = environment.resourceId && (await findResource(db, { orgId, id: environment.resourceId }))
  if (machine) return machine
  throw invalid(`${environment.name} was made by hand and is no machine of a cloud. Nothing was changed.`, {
    next: 'Share an instance as an environment to switch it with its bookings.',
  })
}

/** The schedule a name means, or a question with the ones there are. */
export async function scheduleNamed(
  ctx: BotContext,
  text: string,
  command: (name: string) => string,
): Promise<ScheduleRow> {
  const all = await listSchedules(ctx.db, ctx.orgId)
  const wanted = text.trim().toLowerCase()
  const exact = all.filter(({ name }) => name.toLowerCase() === wanted)
  const fitting = exact.length ? exact : all.filter(({ name }) => name.toLowerCase().includes(wanted))
  if (fitting.length === 1) return fitting[0]!
  const names = (fitting.length ? fitting : all).map(({ name }) => name)
  throw new UnclearError(
    fitting.length ? `Several schedules are called like “${text}”.` : `There is no power schedule called “${text}”.`,
    (fitting.length ? names : closest(text, names)).map((name) => ({ label: name, command: command(quote(name)) })),
  )
}

/** A name of one or more words, up to what is to be done with it. */
export const machine: Slot<string> = {
  free: true,
  read(words) {
    const found = nameFrom(words)
    const end = words
      .slice(0, found?.used ?? 0)
      .findIndex(({ text, quoted }, n) => n > 0 && !quoted && /^(off|skip|schedule|tonight)$/i.test(text))
    if (!found || words[0]!.quoted || end < 0) return found
    const taken = words.slice(0, end)
    return { value: taken.map(({ text }) => text).join(' '), used: end }
  },
  write: quote,
}

/** `schedule office-hours`, `schedule none`, or `schedule` alone, which opens the dialog. */
export const schedule: Slot<string> = {
  hints: ['schedule'],
  read(words) {
    if (words[0]!.quoted || words[0]!.text.toLowerCase() !== 'schedule') return null
    const found = words[1] ? nameFrom(words.slice(1)) : null
    return { value: found?.value ?? '', used: 1 + (found?.used ?? 0) }
  },
  write: (value) => ['schedule', value && quote(value)].filter(Boolean).join(' '),
}
