import { z } from 'zod'
import type { EnvironmentRow } from '../../db/queries/environments.ts'
import { actions, context, header, section, type Control } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button } from '../controls.ts'
import { bookNowOffer } from '../environments.ts'
import { join, md, moment, type Rich } from '../rich.ts'
import { count } from '../words.ts'
import { report, type Frame } from './message.ts'

const person = z.object({ id: z.string(), name: z.string() })
const row = z.object({
  id: z.string(),
  rev: z.number(),
  name: z.string(),
  available: z.boolean(),
  /** Who holds it now; `mine` when that is the asker. */
  current: z
    .object({
      id: z.string(),
      rev: z.number(),
      holder: person,
      until: z.coerce.date(),
      reason: z.string(),
      mine: z.boolean(),
    })
    .nullable(),
  next: z.object({ holder: person, startsAt: z.coerce.date() }).nullable(),
  /** The offer of the button when it is free: so many minutes from now, or until the next booking begins. */
  offer: z.object({ label: z.string(), arg: z.string() }).nullable(),
})
/** An environment as a line of a board. */
export type BoardRow = z.infer<typeof row>

/** Rows above this are left to the web page; Slack's block ceiling is ours minus heading, buttons and footer. */
const shownRows = 20

/** Every shared environment: who holds it until when, what is free, one button each. */
export default report({
  name: 'environments-board',
  facts: z.object({ onlyFree: z.boolean(), rows: z.array(row) }),
  text: (f) => sentence(f.rows, f.onlyFree),
  slack: (f, frame) => [
    header(f.onlyFree ? 'Free environments' : 'Environments'),
    ...(f.rows.length === 0 ? [section(emptyWords(f.onlyFree))] : []),
    ...f.rows.slice(0, shownRows).map((each) => section(boardLine(each, frame), boardControl(each))),
    ...(f.rows.length > shownRows ? [context(`${f.rows.length - shownRows} more on the web page`)] : []),
    actions(
      button({ label: 'Book Environment', verb: 'open-booking', primary: true }),
      f.onlyFree ? null : button({ label: 'Free Now', verb: 'run-command', arg: 'env free' }),
    ),
  ],
  footer: (f) => ({ link: '/environments', command: f.onlyFree ? 'env free' : 'env' }),
  samples: {
    usual: {
      onlyFree: false,
      rows: [
        sample({ name: 'stage-1', offer: { label: 'Book 2 Hours', arg: '120' } }),
        sample({
          name: 'stage-2',
          current: {
            id: 'b1',
            rev: 1,
            holder: { id: 'p1', name: 'Priya' },
            until: new Date('2026-11-24T17:00Z'),
            reason: 'UAT',
            mine: false,
          },
        }),
        sample({ name: 'gpu-1', available: false }),
      ],
    },
    none: { onlyFree: true, rows: [] },
    many: {
      onlyFree: false,
      rows: Array.from({ length: 30 }, (_, n) =>
        sample({ name: `環境 ${n} ${'long '.repeat(20)}`, offer: { label: 'Book Until Next', arg: 'next' } }),
      ),
    },
  },
})

function sample(more: Partial<BoardRow>): BoardRow {
  return { id: 'e1', rev: 1, name: 'stage', available: true, current: null, next: null, offer: null, ...more }
}

function sentence(rows: BoardRow[], onlyFree: boolean): string {
  const free = rows.filter((each) => each.available && !each.current)
  if (rows.length === 0) return emptyWords(onlyFree)
  const names = free.slice(0, 5).map((each) => each.name)
  return free.length
    ? `${free.length} of ${count(rows.length, 'environment')} free now: ${names.join(', ')}.`
    : `None of ${count(rows.length, 'environment')} is free now.`
}

const emptyWords = (onlyFree: boolean) =>
  onlyFree
    ? 'No environment is free now.'
    : 'There are no shared environments yet. A manager can add one: env add stage-1'

/** An environment as a board shows it to this person. */
export function boardRow(ctx: BotContext, row: EnvironmentRow): BoardRow {
  const { id, rev, name, available, current, next } = row
  const person = (booking: { personId: string; holder: string }) => ({ id: booking.personId, name: booking.holder })
  return {
    ...{ id, rev, name, available, offer: bookNowOffer(row, ctx.now()) },
    current: current && {
      ...{ id: current.id, rev: current.rev, holder: person(current), until: current.endsAt, reason: current.reason },
      mine: current.personId === ctx.person.id,
    },
    next: next && { holder: person(next), startsAt: next.startsAt },
  }
}

/** Its state in one line: who holds it until when, or how long it is free. */
export function boardLine({ name, available, current, next }: BoardRow, frame: Frame): Rich {
  if (!available) return md`*${name}* · not available`
  if (current)
    return join([
      md`*${name}* · ${frame.mention(current.holder)} until ${moment(current.until)}`,
      current.reason,
      next && md`next ${frame.mention(next.holder)} ${moment(next.startsAt)}`,
    ])
  return md`*${name}* · free${next ? md` until ${moment(next.startsAt)}, then ${frame.mention(next.holder)}` : ''}`
}

/** Its one button: release my own, book a free one, or book another time. */
export function boardControl({ id, rev, name, available, current, offer }: BoardRow): Control | undefined {
  if (!available) return undefined
  if (current?.mine)
    return button({ label: 'Release', verb: 'release', id: current.id, rev: current.rev, aria: `Release ${name} now` })
  if (offer) return button({ ...offer, verb: 'book', id, rev, aria: `Book ${name} from now` })
  return button({ label: 'Other Time', verb: 'open-booking', id, aria: `Book ${name} at another time` })
}
