import { listSchedules } from '../../db/queries/power.ts'
import { invalid } from '../../engine/errors.ts'
import { canonical, optional, quote } from '../grammar.ts'
import { machine, machineNamed, schedule } from '../machines.ts'
import powerSchedules, { scheduleFacts } from '../messages/power-schedules.ts'
import resourceCard from '../messages/resource-card.ts'
import powerSchedule from '../modals/power-schedule.ts'
import { follow, skip, switchOff, switchOn } from '../power-orders.ts'
import { card, open, say } from '../reply.ts'
import { duration, oneOf, until } from '../slots.ts'
import { command } from './command.ts'

const takes = {
  name: optional(machine),
  act: optional(oneOf('on', 'off', 'skip')),
  tonight: optional(oneOf('tonight')),
  length: optional(duration),
  until: optional(until),
  schedule: optional(schedule),
}

/** Switches machines on and off, now or by schedule. Alone it lists the schedules. */
export default command({
  verb: 'power',
  summary: 'Switch machines on and off, now or by schedule',
  usage: '<resource or environment> [on 4h | off | skip tonight | schedule <name>]',
  examples: [
    'power',
    'power stage-2 on 4h',
    'power stage-2 off',
    'power stage-2 skip tonight',
    'power stage-2 schedule "office hours"',
  ],
  effect: 'reversible',
  takes,
  async run(ctx, asked) {
    const { name, act, tonight, length, until: end, schedule: plan } = asked
    if (!name) return say(powerSchedules, scheduleFacts(ctx, await listSchedules(ctx.db, ctx.orgId)))
    if ((act === 'off' && (tonight || length || end)) || (act === 'on' && tonight))
      throw invalid(`I switch ${act} now, not later${act === 'off' ? ' or for a while' : ''}. Nothing was changed.`, {
        next: `power ${quote(name)} ${act}, or a schedule: power ${quote(name)} schedule`,
      })
    const resource = await machineNamed(ctx, name, {
      command: (other) => canonical({ verb: 'power', takes }, { ...asked, name: other }, ctx.person.zone),
      changes: act !== undefined || plan !== undefined,
    })
    const later = length === undefined ? end : new Date(ctx.now().getTime() + length)
    if (plan === '') return open(powerSchedule, { resourceId: resource.id })
    if (plan !== undefined) return follow(ctx, resource, plan)
    if (act === 'skip') return skip(ctx, resource, later)
    if (act === 'off') return switchOff(ctx, resource)
    if (act === 'on') return switchOn(ctx, resource, later)
    return card(resourceCard, resource.id)
  },
})
