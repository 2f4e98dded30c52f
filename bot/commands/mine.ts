import { listBookings } from '../../db/queries/environments.ts'
import { countResources, listResources } from '../../db/queries/resources.ts'
import { readResources } from '../../engine/resources/resource.ts'
import mine from '../messages/mine.ts'
import { say } from '../reply.ts'
import { readOpenRequests } from '../open-requests.ts'
import { command } from './command.ts'

export default command({
  verb: 'mine',
  aliases: ['my'],
  summary: 'Show my resources, their TTLs, my bookings and what waits for me',
  usage: '',
  examples: ['mine'],
  effect: 'none',
  takes: {},
  async run(ctx) {
    const { orgId, person } = ctx
    const filter = { orgId, ownerId: person.id, living: ctx.now() }
    const [resources, count, bookings, requests] = await Promise.all([
      listResources(ctx.db, { ...filter, limit: 8 }),
      countResources(ctx.db, filter),
      listBookings(ctx.db, { orgId, personId: person.id, from: ctx.now(), limit: 5 }),
      readOpenRequests(ctx),
    ])
    const facts = await readResources(
      ctx,
      resources.map(({ id }) => id),
    )
    return say(mine, {
      count,
      personId: person.id,
      requests,
      through: facts[0]?.through ?? null,
      resources: facts.map(({ resource, title, perDay, month, ttl }) => ({
        id: resource.id,
        rev: resource.rev,
        title,
        type: resource.type || resource.service,
        perDay,
        month,
        endsAt: ttl.endsAt,
      })),
      bookings: bookings.map(({ environment, startsAt, endsAt }) => ({ environment, startsAt, endsAt })),
    })
  },
})
