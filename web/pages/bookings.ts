import { Hono, type Context as Request } from 'hono'
import { findBooking, type BookingRow } from '../../db/queries/environments.ts'
import type { Context } from '../../engine/context.ts'
import { bookEnvironment, extendBooking, releaseBooking, reviveBooking } from '../../engine/environments/bookings.ts'
import { notFound } from '../../engine/errors.ts'
import { act, chosen, sent } from '../act.ts'
import { slotOf, typedIn } from '../booking-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { postButton } from '../form-parts.ts'
import { badge, moment, row, sayMoment, table, twoLines, type Content } from '../parts.ts'
import { bookingAddress } from './environment-booking.ts'
import { readEnvironment } from './environment-forms.ts'

/** The acts behind the forms of bookings. */
export const bookingActs = new Hono<WebEnv>()
  .post('/bookings', async (c) => {
    const { zone } = c.var.view.person
    const { found, page, typed } = await asked(c)
    return act(c, {
      back: typed ? bookingAddress(found.id, typed) : page,
      form: 'book',
      run: async (ctx, values) => {
        const slot = slotOf(values, zone)
        const made = await bookEnvironment(ctx, { environmentId: found.id, ...slot, reason: values['reason'] ?? '' })
        return { say: `${found.name} is yours until ${sayMoment(made.endsAt, zone)}.`, goTo: page }
      },
    })
  })
  .post('/bookings/check', async (c) => {
    const { found, page, typed } = await asked(c)
    return c.redirect(typed ? bookingAddress(found.id, typed) : page, 303)
  })
  .post('/bookings/:id/:verb', async (c) => {
    const { ctx, view } = c.var
    const booking = await findBooking(ctx.db, { orgId: ctx.orgId, id: c.req.param('id') })
    const verb = chosen(bookingVerbs, c.req.param('verb'))
    if (!booking || !verb) throw notFound('There is no such booking. Nothing was changed.')
    return act(c, { back: `/environments/${booking.environmentId}`, run: (ctx) => verb(ctx, booking, view) })
  })

/** The environment somebody wants to book, its page, and what they typed when it is complete. */
async function asked(c: Request<WebEnv>) {
  const { environment = '', ...values } = await sent(c)
  const found = await readEnvironment(c.var.ctx, environment)
  return { found, page: `/environments/${found.id}`, typed: typedIn(values) }
}

const bookingVerbs: Record<string, (ctx: Context, booking: BookingRow, view: View) => Promise<string>> = {
  async release(ctx, { id, environment }) {
    await releaseBooking(ctx, { bookingId: id })
    return `${environment} is free again.`
  },
  async extend(ctx, { id, environment }, view) {
    const { endsAt } = await extendBooking(ctx, { bookingId: id, minutes: 60 })
    return `${environment} is held until ${sayMoment(endsAt, view.person.zone)}.`
  },
  async revive(ctx, { id, environment }) {
    await reviveBooking(ctx, { bookingId: id })
    return `The booking of ${environment} holds again.`
  },
}

const states = {
  offered: 'plain',
  waiting: 'plain',
  booked: 'info',
  active: 'warn',
  released: 'plain',
  expired: 'plain',
  cancelled: 'plain',
} as const

/** Bookings with what may be done about each. */
export function bookingTable(bookings: BookingRow[], view: View): Content {
  const forms = (one: BookingRow): Content => {
    const at = (verb: string) => `/bookings/${one.id}/${verb}`
    if (one.state === 'booked' || one.state === 'active')
      return row([
        postButton(view, { action: at('extend'), submit: '+1 hour' }),
        postButton(view, { action: at('release'), submit: one.state === 'active' ? 'Release' : 'Cancel' }),
      ])
    return (one.state === 'released' || one.state === 'cancelled') && one.plannedEndsAt > view.now
      ? postButton(view, { action: at('revive'), submit: 'Undo' })
      : null
  }
  return table<BookingRow>(
    [
      {
        title: 'When',
        head: true,
        cell: (one) => twoLines(moment(one.startsAt, view), ['until ', moment(one.endsAt, view)]),
      },
      { title: 'Who', cell: (one) => twoLines(one.holder, one.reason) },
      { title: 'State', cell: (one) => badge(one.state, states[one.state]) },
      { title: 'Change', cell: forms },
    ],
    bookings,
    { caption: 'Bookings of the last week and from now on', empty: 'Nobody has booked it in the last week.' },
  )
}
