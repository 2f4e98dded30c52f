import { Hono } from 'hono'
import { listEvents } from '../../db/queries/events.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import type { Event } from '../../db/schema/events.ts'
import { subjectKinds, type SubjectKind } from '../../db/vocabulary.ts'
import type { WebEnv } from '../env.ts'
import { askForm, select } from '../form-parts.ts'
import { show } from '../layout.ts'
import { block, fold, link, moment, pager, quiet, section, table, twoLines, type Content } from '../parts.ts'

const pageSize = 50
/** Things that have a page of their own. */
const homes: Partial<Record<SubjectKind, string>> = {
  account: '/accounts',
  person: '/people',
  import: '/imports',
  pool: '/pools',
  rule: '/rules',
  resource: '/resources',
  environment: '/environments',
  schedule: '/power',
  duplicates: '/duplicates',
}

/** The audit trail: who did what to which thing, newest first. */
export const events = new Hono<WebEnv>().get('/events', async (c) => {
  const { ctx, view } = c.var
  const { before, kind, id, person } = c.req.query()
  const subject = isKind(kind) && id ? { kind, id } : undefined
  const people = await listPeople(ctx.db, ctx.orgId)
  const someone = people.find((one) => one.id === person)
  const rows = await listEvents(ctx.db, {
    orgId: ctx.orgId,
    limit: pageSize + 1,
    ...(subject ? { subject } : {}),
    ...(someone ? { personId: someone.id } : {}),
    ...(before && /^\d{1,15}$/.test(before) ? { before: Number(before) } : {}),
  })
  const names = new Map(people.map((one) => [one.id, one.name]))
  const page = rows.slice(0, pageSize)
  const query = (more: Record<string, string>) =>
    `/events?${new URLSearchParams({ ...subject, ...(someone ? { person: someone.id } : {}), ...more }).toString()}`
  const asked = askForm(
    '/events',
    select('person', 'Who', {
      any: 'everybody',
      value: someone?.id,
      choices: people.map((one) => ({ value: one.id, label: one.name })),
    }),
  )
  const who = (event: Event) =>
    event.personId ? (names.get(event.personId) ?? 'somebody who left') : `job ${event.job ?? ''}`
  const trail = table<Event>(
    [
      { title: 'When', head: true, cell: (event) => moment(event.at, view) },
      { title: 'Who', cell: (event) => twoLines(who(event), event.door) },
      { title: 'What', cell: (event) => wordsOf(event.name) },
      { title: 'To', cell: (event) => subjectOf(event) },
      { title: 'Change', cell: changeOf },
    ],
    page,
    { caption: 'Events, newest first', empty: 'Nothing has happened yet.' },
  )
  const next = rows.length > pageSize ? query({ before: String(page.at(-1)!.id) }) : null
  return show(
    c,
    'Audit',
    [
      asked,
      section(subject ? `Events of one ${subject.kind}` : 'Events', trail),
      pager({ first: before ? query({}) : null, next }),
    ],
    {
      lead: 'Every change, by whom and through which door. The trail cannot be edited.',
    },
  )
})

const isKind = (kind: string | undefined): kind is SubjectKind =>
  (subjectKinds as readonly string[]).includes(kind ?? '')

/** "booking.extended" → "booking extended". */
const wordsOf = (name: string): string => name.replaceAll(/[.-]/g, ' ')

function subjectOf(event: Event): Content {
  const { subjectKind, subjectId } = event
  const home = isKind(subjectKind) ? homes[subjectKind] : undefined
  const page = home ? `${home}/${subjectId}` : pageAround(event)
  return page ? link(page, subjectKind) : subjectKind
}

/** What has no page of its own is shown on another thing's page, which its event names. */
function pageAround({ subjectKind, before, after }: Event): string | null {
  const named = (name: string) => {
    const value = after?.[name] ?? before?.[name]
    return typeof value === 'string' ? value : null
  }
  const [environment, pool, recommendation] = ['environmentId', 'poolId', 'recommendation'].map(named)
  if (subjectKind === 'booking') return environment ? `/environments/${environment}` : '/environments'
  if (subjectKind === 'rule') return pool ? `/pools/${pool}` : '/pools'
  if (subjectKind === 'finding') return recommendation ? `/savings/${recommendation}` : '/savings'
  return null
}

function changeOf({ before, after }: Event): Content {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  if (names.length === 0) return quiet('–')
  const say = (value: unknown) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value))
  const lines = names.map((name) => `${name}: ${before ? `${say(before[name])} → ` : ''}${say(after?.[name])}`)
  const [first] = lines
  return lines.length === 1 && first!.length < 60
    ? quiet(first)
    : fold(quiet(names.slice(0, 4).join(', ')), block(lines.join('\n')))
}
