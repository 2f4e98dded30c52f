import { listBookings } from '../../db/queries/environments.ts'
import { listResources } from '../../db/queries/resources.ts'
import type { Context } from '../../engine/context.ts'
import type { View } from '../env.ts'
import { emptyState, link, money, moment, table, twoLines, type Content } from '../parts.ts'

/** What belongs to the reader. */
export type Mine = {
  bookings: Awaited<ReturnType<typeof listBookings>>
  resources: Awaited<ReturnType<typeof listResources>>
}

/** Bookings from now on and the dearest resources of the reader. */
export async function readMine(ctx: Context): Promise<Mine> {
  const personId = ctx.actor.personId!
  const [bookings, resources] = await Promise.all([
    listBookings(ctx.db, { orgId: ctx.orgId, personId, from: ctx.now(), limit: 5 }),
    listResources(ctx.db, { orgId: ctx.orgId, ownerId: personId, active: true, limit: 5 }),
  ])
  return { bookings, resources }
}

/** The reader's bookings. */
export const bookings = (rows: Mine['bookings'], view: View): Content =>
  rows.length
    ? table<Mine['bookings'][number]>(
        [
          {
            title: 'Environment',
            head: true,
            cell: (one) => twoLines(link(`/environments/${one.environmentId}`, one.environment), one.reason),
          },
          { title: 'When', cell: (one) => twoLines(moment(one.startsAt, view), ['until ', moment(one.endsAt, view)]) },
        ],
        rows,
        { caption: 'Your bookings', empty: '' },
      )
    : emptyState('You have not booked anything.')

/** The reader's resources. */
export const myResources = (rows: Mine['resources'], { organization }: View): Content =>
  table<Mine['resources'][number]>(
    [
      {
        title: 'Resource',
        head: true,
        cell: (one) => twoLines(link(`/resources/${one.id}`, one.name || one.cloudResourceId), one.type),
      },
      { title: 'Last day', number: true, cell: (one) => money(one.lastExpenseCost, organization.currency) },
    ],
    rows,
    { caption: 'Your resources', empty: 'You own no active resource.' },
  )
