import { countUnmirroredBookings, findCalendar } from '../../db/queries/calendars.ts'
import { assertCan } from '../../engine/access.ts'
import { connectCalendar } from '../../engine/environments/calendar.ts'
import { disconnectCalendar } from '../../engine/environments/disconnect-calendar.ts'
import { invalid, notFound } from '../../engine/errors.ts'
import type { BotContext } from '../context.ts'
import { optional } from '../grammar.ts'
import calendarState from '../messages/calendar-state.ts'
import { ask, done, say } from '../reply.ts'
import { oneOf, word } from '../slots.ts'
import { count } from '../words.ts'
import { command } from './command.ts'

/** Connects the Google Calendar that shows every booking, or says how it goes. Organization managers connect. */
export default command({
  verb: 'calendar',
  summary: 'Bookings in Google Calendar',
  usage: '[connect <calendar id> | disconnect]',
  examples: ['calendar', 'calendar connect team@group.calendar.google.com', 'calendar disconnect'],
  effect: 'irreversible',
  takes: {
    act: optional(oneOf('connect', 'disconnect')),
    sure: optional(oneOf('yes')),
    calendarId: optional(word),
  },
  async run(ctx, { act, sure, calendarId }) {
    if (act === 'connect') return connect(ctx, calendarId)
    if (act === 'disconnect') return sure ? disconnect(ctx) : askToDisconnect(ctx)
    const [calendar, behind] = await Promise.all([
      findCalendar(ctx.db, ctx.orgId),
      countUnmirroredBookings(ctx.db, ctx.orgId),
    ])
    return say(calendarState, {
      serviceAddress: ctx.outside.calendar?.serviceAddress ?? null,
      calendarId: calendar?.calendarId ?? null,
      lastSyncAt: calendar?.lastSyncAt ?? null,
      lastError: calendar?.lastError ?? null,
      behind,
    })
  },
})

async function connect(ctx: BotContext, calendarId: string | undefined) {
  if (!calendarId)
    throw invalid('The calendar id is missing. Nothing was connected.', {
      next: 'Type “calendar” to see where to find it.',
    })
  await connectCalendar(ctx, { calendarId })
  return done(
    'The calendar is connected. Every booking shows up there from now on, and those made already within a minute.',
    {
      subject: { kind: 'calendar', id: calendarId },
    },
  )
}

/** It cannot be undone (IC-8), so it is asked first; whoever may not do it is told at once. */
async function askToDisconnect(ctx: BotContext) {
  await assertCan(ctx, 'manage_organization')
  if (!(await findCalendar(ctx.db, ctx.orgId))) throw notFound('No calendar is connected. Nothing was changed.')
  return ask('Disconnect the calendar? The events of bookings that are not over are taken out of it.', [
    { label: 'Disconnect', command: 'calendar disconnect yes' },
  ])
}

async function disconnect(ctx: BotContext) {
  const calendarId = (await findCalendar(ctx.db, ctx.orgId))?.calendarId ?? '-'
  const { events } = await disconnectCalendar(ctx)
  const rest = events
    ? ` ${count(events, 'event')} ${events === 1 ? 'is' : 'are'} being taken out of it, about one a second; I tell you when that is done.`
    : ' No event of a booking is left in it.'
  return done(`The calendar is disconnected.${rest}`, { subject: { kind: 'calendar', id: calendarId } })
}
