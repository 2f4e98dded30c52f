import { Hono } from 'hono'
import { listBookings, listEnvironments, type EnvironmentRow } from '../../db/queries/environments.ts'
import { can } from '../../engine/access.ts'
import { CreateEnvironment, createEnvironment } from '../../engine/environments/environment.ts'
import { addDays, localOf } from '../../engine/time.ts'
import { act } from '../act.ts'
import { bookingForm } from '../booking-parts.ts'
import { mondayOf, week, weekOf } from '../calendar-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { form, readForm } from '../form-parts.ts'
import { show } from '../layout.ts'
import {
  ago,
  badge,
  emptyState,
  fold,
  link,
  linkButton,
  money,
  moment,
  plural,
  section,
  stats,
  table,
  twoLines,
  type Content,
} from '../parts.ts'
import { askedDay } from '../times.ts'

const Create = CreateEnvironment.pick({ name: true, type: true, hourlyCost: true, maxHours: true })

/** A week of a hundred environments, each booked anew every hour. */
const mostBookings = 100 * 7 * 24

/** Who has which shared environment, now and this week. */
export const environments = new Hono<WebEnv>()
  .get('/environments', async (c) => {
    const { ctx, view } = c.var
    const { zone } = view.person
    const monday = mondayOf(askedDay.parse(c.req.query('week')) ?? localOf(view.now, zone).day)
    const { from, to } = weekOf(monday, zone)
    const [all, bookings, manages] = await Promise.all([
      listEnvironments(ctx.db, ctx.orgId, view.now),
      listBookings(ctx.db, {
        orgId: ctx.orgId,
        from,
        to,
        states: ['offered', 'booked', 'active', 'expired', 'released'],
        limit: mostBookings,
      }),
      can(ctx, 'manage_environments'),
    ])
    const weeks = [
      linkButton(`/environments?week=${addDays(monday, -7)}`, '← Earlier'),
      linkButton('/environments', 'This week'),
      linkButton(`/environments?week=${addDays(monday, 7)}`, 'Later →'),
    ]
    const create = fold(
      'New environment',
      form(view, { name: 'create', action: '/environments', submit: 'Create', schema: Create }),
      view.flash?.form === 'create',
    )
    return show(
      c,
      'Environments',
      [
        figures(all),
        section('Now', board(all, view)),
        section(
          'Week',
          all.length ? week(all, bookings, { monday, view }) : emptyState('There is nothing to book yet.'),
          weeks,
        ),
        all.length ? section('Book', book(all, view)) : null,
        manages ? section('Manage', create) : null,
      ],
      { lead: `Times are in ${zone}.` },
    )
  })
  .post('/environments', (c) =>
    act(c, {
      back: '/environments',
      form: 'create',
      run: async (ctx, values) => {
        const made = await createEnvironment(ctx, Create.parse(readForm(Create, values)))
        return { say: `${made.name} can be booked now.`, goTo: `/environments/${made.id}` }
      },
    }),
  )

function book(all: EnvironmentRow[], view: View): Content {
  const environments = all.filter(({ available }) => available)
  return environments.length
    ? bookingForm(view, { environments })
    : emptyState('None of them can be booked now: they are switched off or gone.')
}

function figures(all: EnvironmentRow[]): Content {
  const held = all.filter(({ current }) => current).length
  const free = all.filter(({ current, available }) => !current && available).length
  return stats([
    { name: 'Free now', value: free, note: `of ${plural(all.length, 'environment')}`, tone: free ? 'good' : 'warn' },
    { name: 'In use', value: held, note: 'right now' },
    { name: 'Not available', value: all.filter(({ available }) => !available).length, note: 'switched off or gone' },
  ])
}

function board(all: EnvironmentRow[], view: View): Content {
  const { currency } = view.organization
  return table<EnvironmentRow>(
    [
      {
        title: 'Environment',
        head: true,
        cell: (one) => twoLines(link(`/environments/${one.id}`, one.name), one.type),
      },
      { title: 'State', cell: stateBadge },
      { title: 'Holder', cell: (one) => (one.current ? twoLines(one.current.holder, one.current.reason) : '–') },
      {
        title: 'Until',
        cell: (one) =>
          one.current ? twoLines(moment(one.current.endsAt, view), ago(one.current.endsAt, view.now)) : '–',
      },
      { title: 'Next', cell: (one) => (one.next ? twoLines(one.next.holder, moment(one.next.startsAt, view)) : '–') },
      { title: 'Cost an hour', number: true, cell: (one) => money(one.hourlyCost, currency) },
    ],
    all,
    {
      caption: 'Environments now',
      empty: 'There is nothing to book yet. Create an environment, or mark an instance as shared on its page.',
    },
  )
}

/** Free, in use or not available, as a word. */
export function stateBadge(one: EnvironmentRow): Content {
  if (one.current) return badge('in use', 'warn')
  return one.available ? badge('free', 'good') : badge('not available', 'bad')
}
