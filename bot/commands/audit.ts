import { listEvents } from '../../db/queries/events.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { assertCan } from '../../engine/access.ts'
import { invalid } from '../../engine/errors.ts'
import auditTrail from '../messages/audit-trail.ts'
import { defaulted } from '../grammar.ts'
import { say } from '../reply.ts'
import { oneOf } from '../slots.ts'
import { command } from './command.ts'

/** The audit trail: my own changes, those of this channel, or everybody's (managers). */
export default command({
  verb: 'audit',
  summary: 'Who changed what',
  usage: '[me|channel|all]',
  examples: ['audit', 'audit channel', 'audit all'],
  effect: 'none',
  takes: { whose: defaulted(oneOf('me', 'channel', 'all'), (): 'me' | 'channel' | 'all' => 'me') },
  async run(ctx, { whose }) {
    const { orgId, person, place } = ctx
    if (whose === 'all') await assertCan(ctx, 'manage_organization')
    if (whose === 'channel' && (!place.channel || place.direct))
      throw invalid('This is no channel, so nothing is listed.', {
        next: 'Type “audit channel” in the channel, or “audit”.',
      })
    const narrow =
      whose === 'me'
        ? { personId: person.id }
        : whose === 'channel' && place.channel
          ? { subject: { kind: 'channel' as const, id: place.channel } }
          : {}
    const [events, people] = await Promise.all([
      listEvents(ctx.db, { orgId, ...narrow, limit: 10 }),
      listPeople(ctx.db, orgId),
    ])
    const names = new Map(people.map(({ id, name }) => [id, name]))
    return say(auditTrail, {
      whose: { me: 'by you', channel: 'to this channel', all: 'by anybody' }[whose],
      events: events.map(({ at, name, personId, door, job }) => ({
        at,
        who: (personId && names.get(personId)) || (job ? `job ${job}` : 'nobody'),
        what: name.replaceAll(/[.-]/g, ' '),
        door,
      })),
    })
  },
})
